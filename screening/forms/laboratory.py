"""What the site knows of its laboratory, as far as it concerns one person at one visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from screening.models import ReferenceRange
from screening.reference_ranges import Ranges

NO_RANGES = Ranges(())


@dataclass(frozen=True)
class Laboratory:
    """The site's reference ranges, for a person of that sex at a visit on that day."""

    ranges: Ranges = NO_RANGES
    sex: str | None = None
    day: date | None = None

    def unit(self, analyte: str) -> str:
        """The unit in which the laboratory reports the test; empty where it is not known."""
        return self.ranges.unit(analyte, self.day) if self.day else ""

    def limit(self, result: Mapping[str, Any]) -> ReferenceRange | None:
        """The range that was valid when the sample was collected, in the unit of the result."""
        day = whole_day(result.get("collected"))
        if day is None or result.get("value") is None or not result.get("unit"):
            return None
        return self.ranges.find(result["analyte"], self.sex, day, result["unit"])


def whole_day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) and len(text) == len("2026-03-08") else None
    except ValueError:
        return None
