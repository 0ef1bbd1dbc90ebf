"""For a site. Its keys, ALLOWED_HOSTS and DATABASE_URL come from the environment; no default here is unsafe."""

from django.core.exceptions import ImproperlyConfigured

from trialsite.settings.base import *  # noqa: F403
from trialsite.settings.base import BASE_DIR, BEHIND_PROXY, env

SECRET_KEY = env.str("SECRET_KEY")
if len(SECRET_KEY) < 50 or "insecure" in SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY must be a secret of at least 50 random characters, kept out of the code.")

SEAL_KEY = env.str("SEAL_KEY")
if len(SEAL_KEY) < 50 or "insecure" in SEAL_KEY or SEAL_KEY == SECRET_KEY:
    raise ImproperlyConfigured("SEAL_KEY must be a secret of at least 50 random characters, other than SECRET_KEY.")

if not env.str("DATABASE_URL", default=""):
    raise ImproperlyConfigured("DATABASE_URL must name the site's database; the demonstration's is open to everybody.")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts of this site, separated by commas.")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"  # which a browser takes from this host alone, and by HTTPS alone
CSRF_COOKIE_NAME = "__Host-csrftoken"
if BEHIND_PROXY:
    # Only where a proxy sets this header itself: otherwise anybody could claim that a request came by TLS.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
