"""Login attempts: recorded, counted in the records themselves, and refused after too many failures.

A name is counted whether or not an account has it, so that the answer does not reveal which names exist.
"""

from __future__ import annotations

import hmac
import unicodedata
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from screening.models import AccessEvent, AccessKind

MOST_BY_NAME = 5
MOST_BY_ADDRESS = 50  # a whole clinic may come through one address
ATTEMPT_WINDOW = timedelta(minutes=15)
LOCKED_RECORD_INTERVAL = timedelta(minutes=1)
FAILED_LOGIN_KINDS = (AccessKind.PASSWORD, AccessKind.CODE)


class LoginAttempt(NamedTuple):
    """A login attempt by name; `account` is the account with that name, None where there is none."""

    account: User | None
    name_key: str
    address: str


def attempt_as(username: str, request: HttpRequest) -> LoginAttempt:
    return LoginAttempt(User.objects.filter(username=username).first(), name_key_of(username), client_address(request))


def is_locked(attempt: LoginAttempt) -> bool:
    since = timezone.now() - ATTEMPT_WINDOW
    failed = AccessEvent.objects.filter(kind__in=FAILED_LOGIN_KINDS, created_at__gt=since)
    by_name = failed.filter(name_key=attempt.name_key).count()
    return by_name >= MOST_BY_NAME or failed.filter(address=attempt.address).count() >= MOST_BY_ADDRESS


def record_access(attempt: LoginAttempt, kind: AccessKind) -> None:
    """Record an access event for an attempt.

    Refusals while locked are recorded once a minute, so that the records do not grow without limit.
    """
    if kind == AccessKind.LOCKED:
        recent = AccessEvent.objects.filter(kind=kind, created_at__gt=timezone.now() - LOCKED_RECORD_INTERVAL)
        if recent.filter(Q(name_key=attempt.name_key) | Q(address=attempt.address)).exists():
            return
    AccessEvent.objects.create(
        created_by=attempt.account, kind=kind, name_key=attempt.name_key, address=attempt.address
    )


def settle_attempt(attempt: LoginAttempt, fits: bool, failure: AccessKind) -> AccessKind | None:
    """Return None where an attempt may pass, else the recorded cause of failure.

    The secret was checked before. Attempts of one account wait for each other here: many at once are no more
    than one after another.
    """
    with transaction.atomic():
        if attempt.account:
            User.objects.select_for_update(no_key=True).get(pk=attempt.account.pk)
        if is_locked(attempt):
            cause = AccessKind.LOCKED
        elif fits:
            return None
        else:
            cause = failure
        record_access(attempt, cause)
    return cause


def failures_since_login(account: User) -> int:
    """Return the number of failed attempts with the account's name since its last login, to inform its user."""
    own = AccessEvent.objects.filter(created_by=account)
    last = own.filter(kind=AccessKind.LOGIN).order_by("-pk").values_list("pk", flat=True).first()
    return own.filter(kind__in=FAILED_LOGIN_KINDS, pk__gt=last or 0).count()


def name_key_of(username: str) -> str:
    """Return a keyed hash of a user name; names that look alike have the same one.

    It reveals nothing of the name, which may be a mistyped password.
    """
    plain = unicodedata.normalize("NFKC", username).casefold().strip()
    return hmac.digest(settings.SECRET_KEY.encode(), f"name {plain}".encode(), "sha256").hex()


def client_address(request: HttpRequest) -> str:
    """Return the address of the client.

    Behind the site's own proxy the last entry of the header, which that proxy adds, counts: anybody could have
    sent the entries before it.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    return (forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", ""))[:45]
