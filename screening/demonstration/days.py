"""The invented people's days, moved so that they are in screening today."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

WRITTEN_FOR = date(2026, 3, 14)  # the day on which the documents would be of today: after the visit, before the dose
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MONTH = re.compile(r"\d{4}-\d{2}")


def moved(content: Any, days: int) -> Any:
    """A document, or part of one, with every whole date that many days later; a month by its middle, a year not."""
    match content:
        case dict():
            return {key: moved(value, days) for key, value in content.items()}
        case list():
            return [moved(value, days) for value in content]
        case str() if DAY.fullmatch(content):
            return later(content, days).isoformat()
        case str() if MONTH.fullmatch(content):
            return later(f"{content}-15", days).isoformat()[: len(content)]
    return content


def later(day: str, days: int) -> date:
    return date.fromisoformat(day) + timedelta(days)
