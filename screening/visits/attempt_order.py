"""The order of a subject's screening attempts: the days of their visits follow their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from criteria.vocabulary import BadDocument, Fault
from screening.models import Revision, Subject
from screening.visits.applicable_version import visit_date
from screening.visits.entered_in_error import standing_visits


class AttemptDay(NamedTuple):
    day: date
    number: int


def refuse_out_of_order(subject: Subject, number: int, document: Mapping[str, Any]) -> None:
    """Refuse a visit day, of the subject's attempt `number`, before an earlier attempt or after a later one.

    BadDocument. The same day is allowed, and attempts entered in error do not count. One query.
    """
    day = visit_date(document)
    if day and (message := order_fault(AttemptDay(day, number), attempt_days(subject))):
        raise BadDocument([Fault("visit.date", message)])


def attempt_days(subject: Subject) -> list[AttemptDay]:
    """Return the days of the attempts that stand."""
    latest = Revision.objects.filter(visit=OuterRef("visit")).order_by("-number").values("pk")[:1]
    found = Revision.objects.filter(visit__in=standing_visits(subject), pk=Subquery(latest))
    days = ((visit_date(document), number) for document, number in found.values_list("document", "visit__number"))
    return [AttemptDay(day, number) for day, number in days if day]


def order_fault(attempt: AttemptDay, others: list[AttemptDay]) -> str:
    """Return why an attempt is out of order among the others of its subject; empty where it is not."""
    earlier = max((other for other in others if other.number < attempt.number), default=attempt)
    later = min((other for other in others if other.number > attempt.number), default=attempt)
    if attempt.day < earlier.day:
        text = _("“%(day)s” lies before visit %(number)s, an earlier attempt: it must be %(limit)s or later")
        return text % {"day": attempt.day.isoformat(), "number": earlier.number, "limit": earlier.day.isoformat()}
    if attempt.day > later.day:
        text = _("“%(day)s” lies after visit %(number)s, a later attempt: it must be %(limit)s or earlier")
        return text % {"day": attempt.day.isoformat(), "number": later.number, "limit": later.day.isoformat()}
    return ""
