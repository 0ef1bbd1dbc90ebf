"""The site's laboratory reference ranges, as far as they concern one subject at one visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from criteria.models import Trial
from screening.models import ReferenceRange, Sex
from screening.visits.applicable_version import visit_date
from screening.visits.labels import unit_name
from screening.visits.reference_ranges import Ranges, ranges_of

NO_RANGES = Ranges(())


@dataclass(frozen=True)
class Laboratory:
    """The site's reference ranges, for a subject of that sex at a visit on that day."""

    ranges: Ranges = NO_RANGES
    sex: str | None = None
    day: date | None = None

    def unit(self, analyte: str) -> str:
        """Return the unit in which the laboratory reports the test; empty where it is not known."""
        return self.ranges.unit(analyte, self.day) if self.day else ""

    def limit(self, result: Mapping[str, Any]) -> ReferenceRange | None:
        """Return the range that fills the limit of a result; None where the result has no value."""
        return self.valid_range(result) if result.get("value") is not None else None

    def valid_range(self, result: Mapping[str, Any]) -> ReferenceRange | None:
        """Return the range that was valid when the sample was collected, in the unit of the result.

        None where the result has no whole day of collection, no unit, or no range applies.
        """
        day, unit = whole_day(result.get("collected")), result.get("unit")
        return self.ranges.find(result["analyte"], self.sex, day, unit) if day and unit else None

    def is_outdated(self, saved: Mapping[str, Any], collected: Any) -> bool:
        """Return whether a saved limit must be looked up again for a sample of another collection day.

        Only a limit that may have been filled in from the ranges: one that was read from a paper report stays.
        """
        if collected == saved.get("collected") or whole_day(collected) is None:
            return False
        return bool(self.mismatch({**saved, "collected": collected}))

    def mismatch(self, result: Mapping[str, Any]) -> str:
        """Return a remark where a limit is that of a range for another day or sex.

        Empty where nothing indicates that.
        """
        given, day = result.get("uln"), whole_day(result.get("collected"))
        if given is None or day is None or not self.is_of_a_range(result):
            return ""
        valid = self.valid_range(result)
        if valid and valid.uln == given:
            return ""
        unit, person = unit_name(result["unit"]), _("somebody whose sex is not known")
        if self.sex in (Sex.MALE, Sex.FEMALE):
            person = str(Sex(self.sex).label)
        words = {"limit": f"{given} {unit}", "day": day.isoformat(), "person": person}
        if valid is None:
            text = _("the limit %(limit)s is that of another day or sex: there is no range of %(day)s for %(person)s")
            return text % words
        text = _("the limit %(limit)s is that of another day or sex: the range of %(day)s for %(person)s is %(valid)s")
        return text % (words | {"valid": f"{valid.uln} {unit}"})

    def is_of_a_range(self, result: Mapping[str, Any]) -> bool:
        """Return whether any range of that test and unit, of any day and sex, has the result's limit."""
        limit = (result.get("analyte"), result.get("unit"), result.get("uln"))
        return any((row.analyte, row.unit, row.uln) == limit for row in self.ranges.rows)


def laboratory_of(trial: Trial, document: Mapping[str, Any]) -> Laboratory:
    """Return the laboratory for the subject and the day of a visit document, which may be faulty."""
    subject = document.get("subject")
    sex = subject.get("sex") if isinstance(subject, Mapping) else None
    return Laboratory(ranges_of(trial), sex, visit_date(document))


def whole_day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) and len(text) == len("2026-03-08") else None
    except ValueError:
        return None
