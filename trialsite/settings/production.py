"""Settings for a site; its keys, ALLOWED_HOSTS and DATABASE_URL come from the environment. No default is unsafe.

Importing this module refuses unsafe settings, all in one message. `trialsite.wsgi` and `manage.py work`
check once more, including what a module that imports this one may have changed and what is in the database.
"""

from types import SimpleNamespace

from trialsite.settings.base import *  # noqa: F403
from trialsite.settings.base import AUTH_PASSWORD_VALIDATORS, BASE_DIR, BEHIND_PROXY, MIDDLEWARE, env
from trialsite.startup import YEAR_SECONDS, refuse_start, settings_faults

PRODUCTION = True
DEBUG = env.bool("DEBUG", default=False)  # read only to be refused: nobody shall believe it was taken
MIDDLEWARE = [*MIDDLEWARE]

SECRET_KEY = env.str("SECRET_KEY", default="")
SEAL_KEY = env.str("SEAL_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ALLOW_SQLITE = env.str("ALLOW_SQLITE", default="") == "yes"

AUTH_PASSWORD_VALIDATORS = [*AUTH_PASSWORD_VALIDATORS, {"NAME": "trialsite.passwords.NotPublic"}]

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = YEAR_SECONDS
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"  # a browser takes them from this host alone, and by HTTPS
CSRF_COOKIE_NAME = "__Host-csrftoken"  # static/js/*.js read it under this name too
if BEHIND_PROXY:
    # Only where a proxy sets this header itself: otherwise anybody could claim that a request came by TLS.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

DATABASE_MISSING = "DATABASE_URL must name the site's database; the demonstration's is open to everybody."
refuse_start(
    settings_faults(SimpleNamespace(**globals())) + ([] if env.str("DATABASE_URL", default="") else [DATABASE_MISSING])
)
