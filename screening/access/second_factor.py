"""The second factor: a time-based code (RFC 6238) or a recovery code; django-allauth makes and checks them."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest


def is_missing(request: HttpRequest) -> bool:
    """Whether one is required and the person has none."""
    return settings.SECOND_FACTOR_REQUIRED and not has_one(request.user.pk)


def has_one(account: int | None) -> bool:
    return Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists()


def remove(account: int) -> None:
    """All of it, recovery codes too; the next login asks to set it up anew. `recording` takes a deletion with signals
    for one by the account's own person."""
    rows = Authenticator.objects.filter(user=account)
    rows._raw_delete(rows.db)
