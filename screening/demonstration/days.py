"""The invented subjects' days, shifted so that they are in screening today."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

WRITTEN_FOR = date(2026, 3, 14)  # the day on which the documents would be of today: after the visit, before the dose
WHOLE_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
YEAR_AND_MONTH = re.compile(r"\d{4}-\d{2}")


def shift_dates(content: Any, days: int) -> Any:
    """Shift every whole date of a document, or of part of one, by that many days.

    A month is shifted by its middle, a year is not shifted.
    """
    match content:
        case dict():
            return {key: shift_dates(value, days) for key, value in content.items()}
        case list():
            return [shift_dates(value, days) for value in content]
        case str() if WHOLE_DATE.fullmatch(content):
            return shift_day(content, days).isoformat()
        case str() if YEAR_AND_MONTH.fullmatch(content):
            return shift_day(f"{content}-15", days).isoformat()[: len(content)]
    return content


def shift_day(day: str, days: int) -> date:
    return date.fromisoformat(day) + timedelta(days)
