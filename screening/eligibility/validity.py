"""Until when findings hold: the first dose may be given up to that day without an outcome changing."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from criteria.evaluation.dose_dates import later_days, next_turn
from criteria.versions.versions import protocol_of
from screening.models import Assessment


def holds_until(assessment: Assessment) -> date | None:
    """The last day of what was found, by the version that found it; None where no first dose is planned.

    Where nothing changes within the horizon, its last day: nobody looked beyond it.
    """
    protocol, document = protocol_of(assessment.version), assessment.revision.document
    if turn := next_turn(protocol, document):
        return turn.day - timedelta(1)
    days = later_days(protocol.reader.read(document))
    return date.fromordinal(days[-1]) if days else None


def expired_on(assessment: Assessment) -> date | None:
    """That day where it lies before today, by the site's calendar: the findings no longer hold."""
    last = holds_until(assessment)
    return last if last is not None and last < timezone.localdate() else None
