import os
import tempfile
from pathlib import Path

from trialsite.settings.base import *  # noqa: F403
from trialsite.settings.base import DATABASES

SECRET_KEY = "insecure-key-of-the-tests"
SEAL_KEY = "insecure-key-of-the-tests'-seals"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a real one takes most of the tests' time

SIMULATION_PROCESSES = 1  # in the transaction of a test

SECOND_FACTOR_REQUIRED = False  # what asks for it has tests of its own
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory, so that the server of the browser tests has connections and transactions of its own.
    DATABASES["default"]["TEST"] = {"NAME": Path(tempfile.gettempdir(), f"trialsite-test-{os.getpid()}.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "; PRAGMA synchronous=OFF"
else:
    # As above: what the tests wrote need not outlive a power cut.
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"
