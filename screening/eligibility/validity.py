"""Validity of findings: the last day on which the first dose can be given without a change of outcome."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from criteria.evaluation.dose_dates import later_days, next_outcome_change
from criteria.versions.versions import protocol_of
from screening.models import Assessment


def holds_until(assessment: Assessment) -> date | None:
    """Return the last day of validity of the findings, by the version that produced them.

    None where no first dose is planned. Where no outcome changes within the horizon, the last day of the
    horizon: later days are not evaluated.
    """
    protocol, document = protocol_of(assessment.version), assessment.revision.document
    if turn := next_outcome_change(protocol, document):
        return turn.day - timedelta(1)
    days = later_days(protocol.reader.read(document))
    return date.fromordinal(days[-1]) if days else None


def expired_on(assessment: Assessment) -> date | None:
    """Return the last day of validity where it is before today by the site's calendar, otherwise None.

    A day means that the findings have expired.
    """
    last = holds_until(assessment)
    return last if last is not None and last < timezone.localdate() else None
