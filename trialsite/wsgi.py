import os

from django.core.wsgi import get_wsgi_application

from trialsite.startup import make_ready, refuse_unsafe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trialsite.settings.production")

application = get_wsgi_application()
refuse_unsafe()  # a module that cannot be imported serves nobody
make_ready()
