"""Secrets of the second factor, encrypted at rest: a copy of the database lets nobody in."""

from __future__ import annotations

import base64
import hmac

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

PURPOSE = b"secrets of the second factor"


def encrypt(text: str) -> str:
    return cipher().encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """cryptography.fernet.InvalidToken where the text was encrypted with none of the keys."""
    return cipher().decrypt(text.encode()).decode()


def cipher() -> MultiFernet:
    """Encrypts with SECRET_KEY; what one of its SECRET_KEY_FALLBACKS encrypted can still be read."""
    return MultiFernet([Fernet(key_of(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def key_of(secret: str) -> bytes:
    """Of its own use: it is no key of the sessions, and theirs is none of the secrets."""
    return base64.urlsafe_b64encode(hmac.digest(secret.encode(), PURPOSE, "sha256"))
