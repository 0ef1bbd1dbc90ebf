"""Rights: granted and revoked with a reason, and who held which on any day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from criteria.records.refusal import Refused
from criteria.vocabulary import Fault
from screening.access.accounts import locked, reason_faults, refuse
from screening.access.permissions import are_compatible
from screening.models import AccountChange, AccountStep, Grant, Revocation, Role


class Held(NamedTuple):
    """A right that somebody held on a day; `active` is whether the account was active at its end."""

    grant: Grant
    revocation: Revocation | None
    active: bool


@transaction.atomic
def grant(
    account: User, role: str, reason: str, author: User, holds_from: date | None = None, holds_until: date | None = None
) -> Grant:
    """PermissionDenied, BadDocument for a faulty role, day or reason, or Refused: inactive, together, held."""
    account = locked(account, author)
    first = holds_from or timezone.localdate()
    refuse([*role_faults(role), *day_faults(first, holds_until), *reason_faults(reason)])
    if not account.is_active:
        raise Refused("inactive", _("This account is deactivated: no right can be given to it."))
    refuse_beside(account, role, first, holds_until)
    return Grant.objects.create(
        account=account,
        role=role,
        holds_from=first,
        holds_until=holds_until,
        reason=reason.strip(),
        created_by=author,
    )


@transaction.atomic
def revoke(granted: Grant, reason: str, author: User) -> Revocation:
    """From now on. PermissionDenied, BadDocument for a faulty reason, or Refused, `done`."""
    locked(granted.account, author)
    refuse(reason_faults(reason))
    if Revocation.objects.filter(grant=granted).exists():
        raise Refused("done", _("This right was revoked already."))
    return Revocation.objects.create(grant=granted, reason=reason.strip(), created_by=author)


def grant_by_command(account: User, role: str, reason: str) -> Grant:
    """From the server's command line, where nobody is logged in: the grant says that the account gave it itself."""
    today = timezone.localdate()
    return Grant.objects.create(account=account, role=role, holds_from=today, reason=reason.strip(), created_by=account)


def role_faults(role: str) -> list[Fault]:
    return [] if role in Role.values else [Fault("role", _("choose one of the roles"))]


def day_faults(first: date, last: date | None) -> list[Fault]:
    faults = []
    if first < timezone.localdate():
        message = _("%s is past: a right can be given from today on") % first.isoformat()
        faults.append(Fault("holds_from", message))
    if last is not None and last < first:
        message = _("%(last)s is before the first day, %(first)s")
        faults.append(Fault("holds_until", message % {"last": last.isoformat(), "first": first.isoformat()}))
    return faults


def refuse_beside(account: User, role: str, first: date, last: date | None) -> None:
    """What would be held at the same time as something that does not go with it."""
    beside = overlapping(account, first, last)
    if role in beside:
        raise Refused("held", _("This account holds that right already on some of these days."))
    if wrong := sorted(other for other in beside if not are_compatible({role, other})):
        words = {"role": Role(role).label, "other": ", ".join(str(Role(other).label) for other in wrong)}
        message = _("%(role)s does not go together with %(other)s, which this account holds on some of these days.")
        raise Refused("together", message % words)


def overlapping(account: User, first: date, last: date | None) -> set[str]:
    found = Grant.objects.filter(Q(holds_until=None) | Q(holds_until__gte=first), account=account, revocation=None)
    if last is not None:
        found = found.filter(holds_from__lte=last)
    return set(found.values_list("role", flat=True))


def held_on(day: date) -> list[Held]:
    """Every right that somebody held at some moment of that day of the site's clock, by role and user name."""
    begin, end = moments(day)
    lasts = Q(holds_until=None) | Q(holds_until__gte=day)
    stands = Q(revocation=None) | Q(revocation__created_at__gte=begin)
    found = Grant.objects.filter(lasts, stands, holds_from__lte=day, created_at__lt=end)
    found = found.select_related("account", "created_by", "revocation__created_by")
    away = deactivated_at(end)
    order = list(Role.values)
    rows = sorted(found, key=lambda each: (order.index(each.role), each.account.username, each.pk))
    return [Held(each, ended(each, end), each.account_id not in away) for each in rows]


def moments(day: date) -> tuple[datetime, datetime]:
    begin = timezone.make_aware(datetime.combine(day, time.min))
    return begin, timezone.make_aware(datetime.combine(day + timedelta(1), time.min))


def ended(granted: Grant, end: datetime) -> Revocation | None:
    """The revocation, where it came before the end of the day: later it was not known yet."""
    found: Revocation | None = getattr(granted, "revocation", None)
    return found if found and found.created_at < end else None


def deactivated_at(moment: datetime) -> set[int]:
    """The accounts whose last step by then was to be deactivated."""
    steps = (AccountStep.DEACTIVATED, AccountStep.REACTIVATED)
    changes = AccountChange.objects.filter(step__in=steps, created_at__lt=moment).order_by("pk")
    last = dict(changes.values_list("account_id", "step"))
    return {account for account, step in last.items() if step == AccountStep.DEACTIVATED}


class Roles:
    """The roles that some people held at any moment, from one look at the records."""

    def __init__(self, accounts: Iterable[int | None]) -> None:
        found = Grant.objects.filter(account__in={account for account in accounts if account})
        self.grants: dict[int, list[Grant]] = {}
        for each in found.select_related("revocation").order_by("pk"):
            self.grants.setdefault(each.account_id, []).append(each)

    def at(self, account: int | None, moment: datetime) -> list[str]:
        """Codes of roles, in the order of `Role`."""
        day = timezone.localdate(moment)
        held = {each.role for each in self.grants.get(account or 0, []) if holds(each, moment, day)}
        return [role for role in Role.values if role in held]


def holds(granted: Grant, moment: datetime, day: date) -> bool:
    revoked: Revocation | None = getattr(granted, "revocation", None)
    within = granted.holds_from <= day and (granted.holds_until is None or day <= granted.holds_until)
    return within and granted.created_at <= moment and (revoked is None or moment < revoked.created_at)
