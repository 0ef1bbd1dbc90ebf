"""Attempts to log in: recorded, counted in the records themselves, and refused once there were too many.

A name is counted whether or not it is anybody's, so that the answer tells nobody which names there are.
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
WINDOW = timedelta(minutes=15)
ONE_MINUTE = timedelta(minutes=1)
FAILURES = (AccessKind.PASSWORD, AccessKind.CODE)


class Attempt(NamedTuple):
    """Of somebody who typed a name; `account` is whose it is, None where it is nobody's."""

    account: User | None
    name_key: str
    address: str


def attempt_as(username: str, request: HttpRequest) -> Attempt:
    return Attempt(User.objects.filter(username=username).first(), key_of(username), client_address(request))


def is_locked(attempt: Attempt) -> bool:
    since = timezone.now() - WINDOW
    failed = AccessEvent.objects.filter(kind__in=FAILURES, created_at__gt=since)
    by_name = failed.filter(name_key=attempt.name_key).count()
    return by_name >= MOST_BY_NAME or failed.filter(address=attempt.address).count() >= MOST_BY_ADDRESS


def tell(attempt: Attempt, kind: AccessKind) -> None:
    """Refusals while locked are recorded once a minute: the record of them must not grow without limit."""
    if kind == AccessKind.LOCKED:
        recent = AccessEvent.objects.filter(kind=kind, created_at__gt=timezone.now() - ONE_MINUTE)
        if recent.filter(Q(name_key=attempt.name_key) | Q(address=attempt.address)).exists():
            return
    AccessEvent.objects.create(
        created_by=attempt.account, kind=kind, name_key=attempt.name_key, address=attempt.address
    )


def settle(attempt: Attempt, fits: bool, failure: AccessKind) -> AccessKind | None:
    """What came of an attempt whose secret was checked before: None where it may pass, else why not, recorded.

    Attempts of one account wait for each other here: many at once are no more than one after another.
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
        tell(attempt, cause)
    return cause


def failures_since_login(account: User) -> int:
    """Attempts with the account's name that failed since its last login, for its person to know of."""
    own = AccessEvent.objects.filter(created_by=account)
    last = own.filter(kind=AccessKind.LOGIN).order_by("-pk").values_list("pk", flat=True).first()
    return own.filter(kind__in=FAILURES, pk__gt=last or 0).count()


def key_of(username: str) -> str:
    """Names that look alike count as one; the key says nothing of the name, which may be a mistyped password."""
    plain = unicodedata.normalize("NFKC", username).casefold().strip()
    return hmac.digest(settings.SECRET_KEY.encode(), f"name {plain}".encode(), "sha256").hex()


def client_address(request: HttpRequest) -> str:
    """Behind a proxy of ours its own last entry counts: what stands before it anybody could have sent."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    return (forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", ""))[:45]
