"""Settings for trying the application on one's own machine.

Key and passwords are public: never use them for data of real people.
"""

from trialsite.demonstration_accounts import ACCOUNTS
from trialsite.settings.base import *  # noqa: F403

DEMONSTRATION = True
DEMONSTRATION_ACCOUNTS = ACCOUNTS
SECOND_FACTOR_REQUIRED = False  # a shared account would share a telephone; anybody may still set one up

SECRET_KEY = "insecure-demonstration-key-that-everybody-can-read"
SEAL_KEY = "insecure-demonstration-key-of-the-seals"
PASSWORD_HASHERS = ["trialsite.passwords.PublicHasher"]
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
