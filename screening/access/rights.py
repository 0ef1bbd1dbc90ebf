"""Rights: granted and revoked with a reason, and the rights that applied on any day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from criteria.models import Trial
from criteria.records.refusal import Refused
from criteria.vocabulary import Fault
from screening.access.accounts import lock_account, reason_faults, refuse_faults
from screening.access.permissions import are_compatible
from screening.models import AccountChange, AccountStep, Grant, Revocation, Role


class RightOnDay(NamedTuple):
    """A right on a day; `active` is whether the account was active at the end of the day."""

    grant: Grant
    revocation: Revocation | None
    active: bool


@transaction.atomic
def grant_role(
    account: User,
    role: str,
    reason: str,
    author: User,
    holds_from: date | None = None,
    holds_until: date | None = None,
    trial: str = "",
) -> Grant:
    """Grant a role to an account in the trial with that code.

    The only trial that there is need not be named; that of a superuser is of none. PermissionDenied; BadDocument for a
    faulty role, trial, day or reason; Refused: `inactive`, `held`, `together`, `principal`, or `unconfirmed` for an
    author whose identity is not confirmed.
    """
    account = lock_account(account, author)
    first = holds_from or timezone.localdate()
    trials = list(Trial.objects.order_by("pk"))
    faults = [*role_faults(role), *trial_faults(role, trial, trials), *day_faults(first, holds_until)]
    refuse_faults([*faults, *reason_faults(reason)])
    if not account.is_active:
        raise Refused("inactive", _("This account is deactivated: no right can be given to it."))
    within = None if role == Role.SUPERUSER else next((each for each in trials if trial in ("", each.code)), None)
    refuse_incompatible(account, role, within, first, holds_until)
    refuse_second_principal(account, role, within, first, holds_until)
    return Grant.objects.create(
        account=account,
        trial=within,
        role=role,
        holds_from=first,
        holds_until=holds_until,
        reason=reason.strip(),
        created_by=author,
    )


@transaction.atomic
def revoke_grant(granted: Grant, reason: str, author: User) -> Revocation:
    """Revoke a grant from now on.

    PermissionDenied; BadDocument for a faulty reason; Refused: `done`, or `unconfirmed` for an author whose
    identity is not confirmed.
    """
    lock_account(granted.account, author)
    refuse_faults(reason_faults(reason))
    if Revocation.objects.filter(grant=granted).exists():
        raise Refused("done", _("This right was revoked already."))
    return Revocation.objects.create(grant=granted, reason=reason.strip(), created_by=author)


def grant_by_command(account: User, role: str, reason: str) -> Grant:
    """Grant a role from the server's command line, where nobody is logged in.

    The grant records the account itself as the author.
    """
    today = timezone.localdate()
    return Grant.objects.create(account=account, role=role, holds_from=today, reason=reason.strip(), created_by=account)


def role_faults(role: str) -> list[Fault]:
    return [] if role in Role.values else [Fault("role", _("choose one of the roles"))]


def trial_faults(role: str, code: str, trials: list[Trial]) -> list[Fault]:
    if role == Role.SUPERUSER:
        return [Fault("trial", _("a superuser keeps accounts and works in no trial: leave it empty"))] if code else []
    if (code or len(trials) > 1) and code not in {trial.code for trial in trials}:
        return [Fault("trial", _("choose one of the trials: a right holds in one"))]
    return []


def day_faults(first: date, last: date | None) -> list[Fault]:
    faults = []
    if first < timezone.localdate():
        message = _("%s is past: a right can be given from today on") % first.isoformat()
        faults.append(Fault("holds_from", message))
    if last is not None and last < first:
        message = _("%(last)s is before the first day, %(first)s")
        faults.append(Fault("holds_until", message % {"last": last.isoformat(), "first": first.isoformat()}))
    return faults


def refuse_incompatible(account: User, role: str, trial: Trial | None, first: date, last: date | None) -> None:
    """Refuse a role that would overlap in its trial with one it does not go together with; a superuser's in any.

    Refused: `held` where the account has that role on some of the days already, `together` where it has an
    incompatible one.
    """
    beside = overlapping_roles(account, trial, first, last)
    if role in beside:
        raise Refused("held", _("This account holds that right already on some of these days."))
    if wrong := sorted(other for other in beside if not are_compatible({role, other})):
        words = {"role": Role(role).label, "other": ", ".join(str(Role(other).label) for other in wrong)}
        message = _("%(role)s does not go together with %(other)s, which this account holds on some of these days.")
        raise Refused("together", message % words)


def refuse_second_principal(account: User, role: str, trial: Trial | None, first: date, last: date | None) -> None:
    """Refuse a principal investigator of a trial that has another one on some of the days (Refused: `principal`)."""
    if role != Role.INVESTIGATOR or trial is None:
        return
    found = overlapping_grants(trial, first, last).filter(role=role, account__is_active=True).exclude(account=account)
    if other := found.select_related("account").first():
        words = {"who": other.account.get_username(), "trial": trial.code}
        message = _("%(who)s is the principal investigator of %(trial)s on some of these days; it has one at a time.")
        raise Refused("principal", message % words + " " + _("Others are sub-investigators."))


def overlapping_roles(account: User, trial: Trial | None, first: date, last: date | None) -> set[str]:
    return set(overlapping_grants(trial, first, last).filter(account=account).values_list("role", flat=True))


def overlapping_grants(trial: Trial | None, first: date, last: date | None) -> QuerySet[Grant]:
    """Return the rights that hold in a trial on some of these days, those of a superuser too; without a trial, all."""
    found = Grant.objects.filter(Q(holds_until=None) | Q(holds_until__gte=first), revocation=None)
    if trial is not None:
        found = found.filter(Q(trial=trial) | Q(trial=None))
    return found if last is None else found.filter(holds_from__lte=last)


def rights_on(day: date, trials: Collection[int] | None = None) -> list[RightOnDay]:
    """Return every right that applied at some moment of a day, by role and user name.

    The day is one of the site's time zone. Of the trials with these keys, beside those that hold in each; None: of all.
    """
    begin, end = day_bounds(day)
    lasts = Q(holds_until=None) | Q(holds_until__gte=day)
    stands = Q(revocation=None) | Q(revocation__created_at__gte=begin)
    here = Q() if trials is None else Q(trial__in=trials) | Q(trial=None)
    found = Grant.objects.filter(here, lasts, stands, holds_from__lte=day, created_at__lt=end)
    found = found.select_related("account", "created_by", "trial", "revocation__created_by")
    away = deactivated_at(end)
    order = list(Role.values)
    rows = sorted(found, key=lambda each: (order.index(each.role), each.account.username, each.pk))
    return [RightOnDay(each, revocation_before(each, end), each.account_id not in away) for each in rows]


def day_bounds(day: date) -> tuple[datetime, datetime]:
    begin = timezone.make_aware(datetime.combine(day, time.min))
    return begin, timezone.make_aware(datetime.combine(day + timedelta(1), time.min))


def revocation_before(granted: Grant, end: datetime) -> Revocation | None:
    """Return the revocation where it came before the end of the day: a later one was not known yet."""
    found: Revocation | None = getattr(granted, "revocation", None)
    return found if found and found.created_at < end else None


def deactivated_at(moment: datetime) -> set[int]:
    """Return the accounts whose last step at that moment was a deactivation."""
    steps = (AccountStep.DEACTIVATED, AccountStep.REACTIVATED)
    changes = AccountChange.objects.filter(step__in=steps, created_at__lt=moment).order_by("pk")
    last = dict(changes.values_list("account_id", "step"))
    return {account for account, step in last.items() if step == AccountStep.DEACTIVATED}


class RoleHistory:
    """The roles of some users at any moment, from one query of the records."""

    def __init__(self, accounts: Iterable[int | None]) -> None:
        found = Grant.objects.filter(account__in={account for account in accounts if account})
        self.grants: dict[int, list[Grant]] = {}
        for each in found.select_related("revocation").order_by("pk"):
            self.grants.setdefault(each.account_id, []).append(each)

    def at(self, account: int | None, moment: datetime, trial: int | None = None) -> list[str]:
        """Return the codes of the roles in a trial, without one in any, in the order of `Role`."""
        day = timezone.localdate(moment)
        found = [each for each in self.grants.get(account or 0, []) if grant_holds(each, moment, day)]
        held = {each.role for each in found if trial is None or each.trial_id in (None, trial)}
        return [role for role in Role.values if role in held]


def grant_holds(granted: Grant, moment: datetime, day: date) -> bool:
    revoked: Revocation | None = getattr(granted, "revocation", None)
    within = granted.holds_from <= day and (granted.holds_until is None or day <= granted.holds_until)
    return within and granted.created_at <= moment and (revoked is None or moment < revoked.created_at)
