"""The password at the moment of signing (21 CFR 11.200), its failures limited and recorded (11.300)."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from criteria.models import Amendment
from criteria.records.refusal import Refused
from screening.access.accounts import unconfirmed_access
from screening.access.permissions import may
from screening.models import FailureCause, SigningFailure, Visit

MOST_FAILURES = 5
WINDOW = timedelta(minutes=15)
ONE_MINUTE = timedelta(minutes=1)


@sensitive_variables("password")
def reauthenticate(user: User, about: Visit | Amendment, password: str) -> None:
    """PermissionDenied for whoever may not sign at all; Refused, `locked` or `password`, and the attempt recorded, or
    `unconfirmed`: nobody has confirmed yet that whoever was given access to the account is its person.

    A visit is signed by whoever may `sign`, an amendment by whoever may `approve`.

    Never within another transaction: one that is rolled back would take the record of the attempt with it.
    """
    asked = User.objects.get(pk=user.pk)
    fits = asked.check_password(password)  # takes a quarter of a second: nobody who writes waits for it
    with transaction.atomic(durable=True):
        # Attempts of one account wait for each other: many at once are no more than one after another.
        account = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not may(account, "sign" if isinstance(about, Visit) else "approve"):
            raise PermissionDenied
        # Another password by now: the one that was typed was held against the old one.
        cause = cause_of_failure(account, fits=fits and account.password == asked.password)
        if cause and not is_told(account, cause):
            where = {"visit" if isinstance(about, Visit) else "amendment": about}
            SigningFailure.objects.create(cause=cause, created_by=account, **where)
    if cause == FailureCause.LOCKED:
        words = {"most": MOST_FAILURES, "minutes": WINDOW // ONE_MINUTE}
        message = _("%(most)d attempts with a wrong password: signing is locked for up to %(minutes)d minutes")
        raise Refused("locked", message % words)
    if cause:
        raise Refused("password", _("The user name or the password is wrong. The attempt was recorded."))
    if unconfirmed_access(account):
        message = _("You were given access to this account: another person must confirm on its page that it is you.")
        raise Refused("unconfirmed", message)


def cause_of_failure(account: User, *, fits: bool) -> FailureCause | None:
    """While signing is locked even the right password is refused."""
    recent = failures(account, FailureCause.PASSWORD, WINDOW)
    if recent.count() >= MOST_FAILURES:
        return FailureCause.LOCKED
    return None if fits else FailureCause.PASSWORD


def is_told(account: User, cause: FailureCause) -> bool:
    """Attempts while signing is locked are recorded once a minute: the record of them must not grow without limit."""
    return cause == FailureCause.LOCKED and failures(account, cause, ONE_MINUTE).exists()


def failures(account: User, cause: FailureCause, span: timedelta) -> QuerySet[SigningFailure]:
    return SigningFailure.objects.filter(created_by=account, cause=cause, created_at__gt=timezone.now() - span)
