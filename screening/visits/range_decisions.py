"""What becomes of a reference range: another person confirms it; it ends, or is marked wrong. Each is a record."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument, Fault
from criteria.vocabulary.values import required_text_fault
from screening.models import RangeConfirmation, RangeEnd, RangeRetraction, ReferenceRange
from screening.visits.reference_ranges import ranges_of


@transaction.atomic
def confirm_range(row: ReferenceRange, user: User) -> RangeConfirmation:
    """Confirm a range, which counts from then on; Refused: `wrong`, `confirmed`, `own`."""
    row = lock_range(row)
    refuse_wrong(row)
    if row.is_confirmed:
        raise Refused("confirmed", _("The range is confirmed already."))
    if row.created_by_id == user.pk:
        raise Refused("own", _("You entered this range: another user confirms it."))
    return RangeConfirmation.objects.create(range=row, created_by=user)


@transaction.atomic
def end_range(row: ReferenceRange, user: User, last_day: date | None, reason: str) -> RangeEnd:
    """Set the last day of a range, earlier than what was known.

    Refused: `wrong`. BadDocument for a faulty day or reason.
    """
    row = lock_range(row)
    refuse_wrong(row)
    faults = {"last_day": last_day_fault(row, last_day), "reason": required_text_fault(reason, _("say why"))}
    if last_day is None or any(faults.values()):
        raise bad_document(faults)
    return RangeEnd.objects.create(range=row, last_day=last_day, reason=reason.strip(), created_by=user)


@transaction.atomic
def retract_range(row: ReferenceRange, user: User, reason: str) -> RangeRetraction:
    """Mark a range wrong: it counts on no day any more; Refused: `wrong`. BadDocument for a faulty reason."""
    row = lock_range(row)
    refuse_wrong(row)
    if fault := required_text_fault(reason, _("say why")):
        raise bad_document({"reason": fault})
    return RangeRetraction.objects.create(range=row, reason=reason.strip(), created_by=user)


def lock_range(row: ReferenceRange) -> ReferenceRange:
    """Return the range as it is now; whoever else decides on it waits for the end of the transaction."""
    ReferenceRange.objects.select_for_update(no_key=True).get(pk=row.pk)
    return next(each for each in ranges_of(row.trial).rows if each.pk == row.pk)


def refuse_wrong(row: ReferenceRange) -> None:
    if row.is_wrong:
        raise Refused("wrong", _("The range is marked wrong already."))


def bad_document(messages: dict[str, str]) -> BadDocument:
    return BadDocument([Fault(name, message) for name, message in messages.items() if message])


def last_day_fault(row: ReferenceRange, last_day: date | None) -> str:
    if last_day is None:
        return _("the last day is required")
    if last_day < row.valid_from:
        return _("lies before the day from which it is valid: a range that never held is marked wrong")
    if row.last_day and last_day >= row.last_day:
        return _("it ends on %(day)s already; for a later end enter a range") % {"day": row.last_day.isoformat()}
    return ""
