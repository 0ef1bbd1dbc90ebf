"""Days of a visit as today sees them: a visit dated ahead, the planned first dose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from criteria.evaluation.dose_dates import PLANNED_DOSE
from criteria.vocabulary.validate import days_at
from screening.visits.applicable_version import visit_date


def visit_ahead(document: Mapping[str, Any]) -> date | None:
    """Return the day of a visit that has not come yet, in the site's time zone; None where it has."""
    day = visit_date(document)
    return day if day is not None and day > timezone.localdate() else None


def ahead_text(document: Mapping[str, Any]) -> str:
    """Return why a visit dated ahead can be prepared only; empty where its day has come."""
    if day := visit_ahead(document):
        text = _("the visit is dated %(day)s, which has not come: assess and sign from that day on, or correct the day")
        return text % {"day": day.isoformat()}
    return ""


def planned_day(document: Any) -> date | None:
    """Return the planned first dose day, the first one of a partial date."""
    planned = days_at(document, PLANNED_DOSE) if isinstance(document, dict) else None
    return date.fromordinal(planned.low) if planned else None


def passed_day(document: Any) -> date | None:
    """Return the planned first dose day where it has passed, in the site's time zone; None where it has not."""
    planned = planned_day(document)
    return planned if planned is not None and planned < timezone.localdate() else None
