"""Settings common to every installation; the modules beside this file add the differences."""

import os
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = environ.Env()

DEBUG = False
PRODUCTION = False  # whether what is unsafe is refused
ALLOW_SQLITE = False
DEMONSTRATION = False
DEMONSTRATION_ACCOUNTS: tuple[tuple[str, str, str], ...] = ()

INSTALLED_APPS = [
    "criteria",
    "screening",
    "crispy_forms",
    "crispy_bootstrap5",
    "bootstrap",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "whitenoise.runserver_nostatic",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "trialsite.middleware.closed_doors",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads with random bytes, and tokens are masked: lengths tell nothing
    "csp.middleware.CSPMiddleware",
    "trialsite.middleware.no_store",
    "screening.submissions.middleware.TakenOnce",  # before the sessions: an answer is kept once its session is
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "trialsite.middleware.Uploads",  # before the first that reads what was sent
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "screening.access.sessions.SessionLimits",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "trialsite.middleware.LoginRequired",
    "screening.access.guard.Guard",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "screening.audit.subject_views.SubjectViews",
    "screening.submissions.middleware.AnsweredAsBefore",  # last: its answer goes through all others
]

ROOT_URLCONF = "trialsite.urls"
WSGI_APPLICATION = "trialsite.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "trialsite.context.nonce",
                "trialsite.context.site",
                "trialsite.context.access",
            ],
            # as csrf_token: every form that writes has both; and one way to show a time on every page
            "builtins": ["screening.templatetags.form_key", "screening.templatetags.moments"],
        },
    },
]

# Database

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'demonstration.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A transaction takes the write lock when it begins: what a verb has read cannot change before it writes.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL",
    }
# A connection serves many requests. It is tried before each: one that broke meanwhile is opened anew.
DATABASES["default"].setdefault("CONN_MAX_AGE", 600)  # seconds; `?conn_max_age=` in the address says otherwise
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What runs long is queued in the same database, and done by `manage.py work`

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
SIMULATION_PROCESSES = env.int("SIMULATION_PROCESSES", default=os.cpu_count() or 1)  # of `manage.py work`

# Signatures: sealed with SEAL_KEY of the settings beside this file; what was sealed with an older key still verifies.

SEAL_KEY_FALLBACKS = env.list("SEAL_KEY_FALLBACKS", default=[])

# Accounts: django-allauth asks for user name, password and second factor; `screening.access` counts and records.

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60  # seconds in which the link to a first password can be used
ACCOUNT_ADAPTER = "screening.access.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # what is counted, and lasts, are the attempts on record
ACCOUNT_REAUTHENTICATION_METHODS = ["password"]
ACCOUNT_FORMS = {"change_password": "screening.access.adapters.PasswordForm"}
MFA_ADAPTER = "screening.access.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {"authenticate": "screening.access.adapters.CodeForm"}
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # a code of 30 seconds before or after: telephones' clocks differ
SECOND_FACTOR_REQUIRED = True

# In the database, because every process must know which codes were used already.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

SESSION_IDLE_SECONDS = 30 * 60
SESSION_LONGEST_SECONDS = 12 * 60 * 60
SESSION_COOKIE_AGE = SESSION_LONGEST_SECONDS
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # a cookie would outlast the session
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# Language, time and form

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
FORMAT_MODULE_PATH = ["trialsite.formats"]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# What is sent: never larger than this, and never written to a disk. A page that takes a file says so in
# `trialsite.middleware.Uploads`; what is sent as a file to any other is dropped while it is read.

DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440  # bytes
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a long list of records has more inputs than Django's thousand
FILE_UPLOAD_HANDLERS: list[str] = []

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]

# Security

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],  # only what this answer itself names; where it names nothing, nothing
        "style-src": [NONCE],
        "img-src": [SELF, "data:"],  # data: for the icons that Bootstrap's stylesheet carries
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}

# With DEBUG off, Django by itself would only mail an error to nobody.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
