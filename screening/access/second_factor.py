"""The second factor: a time-based code (RFC 6238) or a recovery code; django-allauth makes and checks them."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

PRESENT = "second_factor"  # in the session, once it is known that there is one


def is_missing(request: HttpRequest) -> bool:
    """Whether one is required and the person has none; looked up once in a session."""
    if not settings.SECOND_FACTOR_REQUIRED or request.session.get(PRESENT) == str(request.user.pk):
        return False
    if not has_one(request.user.pk):
        return True
    request.session[PRESENT] = str(request.user.pk)
    return False


def has_one(account: int | None) -> bool:
    return Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists()


def remove(account: int) -> None:
    """All of it, recovery codes too; the next login asks to set it up anew."""
    Authenticator.objects.filter(user=account).delete()
