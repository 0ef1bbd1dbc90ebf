"""Password check at the moment of signing (21 CFR 11.200), its failures limited and recorded (11.300)."""

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
SIGNING_WINDOW = timedelta(minutes=15)
ONE_MINUTE = timedelta(minutes=1)


@sensitive_variables("password")
def reauthenticate(user: User, about: Visit | Amendment, password: str) -> None:
    """Check the password of a user who signs a visit or an amendment.

    PermissionDenied without the right to sign at all: a visit requires `sign`, an amendment `approve`. Refused:
    `locked` or `password`, with the attempt recorded, or `unconfirmed` where nobody has confirmed yet that the
    user of the account is its person.

    Never call it within another transaction: a rollback would remove the record of the attempt.
    """
    asked = User.objects.get(pk=user.pk)
    fits = asked.check_password(password)  # takes a quarter of a second: nobody who writes waits for it
    with transaction.atomic(durable=True):
        # Attempts of one account wait for each other: many at once are no more than one after another.
        account = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        right = ("sign", about.subject.trial_id) if isinstance(about, Visit) else ("approve", about.trial_id)
        if not may(account, *right):
            raise PermissionDenied
        # Another password by now: the one that was typed was held against the old one.
        cause = cause_of_failure(account, fits=fits and account.password == asked.password)
        if cause and not is_recorded(account, cause):
            where = {"visit" if isinstance(about, Visit) else "amendment": about}
            SigningFailure.objects.create(cause=cause, created_by=account, **where)
    if cause == FailureCause.LOCKED:
        words = {"most": MOST_FAILURES, "minutes": SIGNING_WINDOW // ONE_MINUTE}
        message = _("%(most)d attempts with a wrong password: signing is locked for up to %(minutes)d minutes")
        raise Refused("locked", message % words)
    if cause:
        raise Refused("password", _("Incorrect user name or password. The failed attempt was logged."))
    if unconfirmed_access(account):
        message = _("You were given access to this account: another user must confirm on its page that it is you.")
        raise Refused("unconfirmed", message)


def cause_of_failure(account: User, *, fits: bool) -> FailureCause | None:
    """Return the cause for which a signing attempt fails; None where it does not.

    While signing is locked even the right password is refused.
    """
    recent = recent_failures(account, FailureCause.PASSWORD, SIGNING_WINDOW)
    if recent.count() >= MOST_FAILURES:
        return FailureCause.LOCKED
    return None if fits else FailureCause.PASSWORD


def is_recorded(account: User, cause: FailureCause) -> bool:
    """Return whether a failure while signing is locked was recorded within the last minute.

    Such attempts are recorded once a minute, so that the records do not grow without limit.
    """
    return cause == FailureCause.LOCKED and recent_failures(account, cause, ONE_MINUTE).exists()


def recent_failures(account: User, cause: FailureCause, span: timedelta) -> QuerySet[SigningFailure]:
    return SigningFailure.objects.filter(created_by=account, cause=cause, created_at__gt=timezone.now() - span)
