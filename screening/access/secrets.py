"""Secrets of the second factor, encrypted at rest: a copy of the database gives nobody access."""

from __future__ import annotations

import base64
import hmac

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

PURPOSE = b"secrets of the second factor"


def encrypt_secret(text: str) -> str:
    return cipher().encrypt(text.encode()).decode()


def decrypt_secret(text: str) -> str:
    """Return the decrypted text; cryptography.fernet.InvalidToken where none of the keys encrypted it."""
    return cipher().decrypt(text.encode()).decode()


def cipher() -> MultiFernet:
    """Return the cipher, which encrypts with SECRET_KEY.

    It can still decrypt what one of the SECRET_KEY_FALLBACKS encrypted.
    """
    return MultiFernet([Fernet(fernet_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def fernet_key(secret: str) -> bytes:
    """Return a key for this purpose only: no key of the sessions, and theirs is none of the secrets."""
    return base64.urlsafe_b64encode(hmac.digest(secret.encode(), PURPOSE, "sha256"))
