"""The site's laboratory reference ranges, as far as they concern one subject at one visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from criteria.rules.ranges import Range
from screening.models import ReferenceRange, Sex
from screening.visits.applicable_version import visit_date
from screening.visits.labels import unit_name
from screening.visits.reference_ranges import Ranges, age_on, sex_in

NO_RANGES = Ranges(())


@dataclass(frozen=True)
class Laboratory:
    """The site's reference ranges, for the subject of a visit document at a visit on that day.

    `last_units` are the units in which the site's last results were reported, by test.
    """

    ranges: Ranges = NO_RANGES
    sex: str | None = None
    day: date | None = None
    document: Mapping[str, Any] = field(default_factory=dict)
    last_units: Mapping[str, str] = field(default_factory=dict)

    def age(self, day: date) -> Range | None:
        return age_on(self.document, day)

    def unit(self, analyte: str) -> str:
        """Return the unit in which the laboratory reports the test; empty where it is not known.

        That of its ranges goes before that of the last result.
        """
        of_ranges = self.ranges.unit(analyte, self.day) if self.day else ""
        return of_ranges or self.last_units.get(analyte, "")

    def limit(self, result: Mapping[str, Any], name: str = "uln") -> ReferenceRange | None:
        """Return the range that fills the limit of a result; None where the result has no value."""
        return self.valid_range(result, name) if result.get("value") is not None else None

    def valid_range(self, result: Mapping[str, Any], name: str = "uln") -> ReferenceRange | None:
        """Return the range that was valid when the sample was collected, in the unit of the result.

        None where the result has no whole day of collection, no unit, or no range applies.
        """
        day, unit = whole_day(result.get("collected")), result.get("unit")
        return self.ranges.find(result["analyte"], self.sex, day, unit, self.age(day), name) if day and unit else None

    def valid_ranges(self, result: Mapping[str, Any], name: str = "uln") -> list[ReferenceRange]:
        """Return the range of each laboratory for a result, as `valid_range` does, that has such a limit."""
        day, unit = whole_day(result.get("collected")), result.get("unit")
        if not day or not unit:
            return []
        found = self.ranges.find_each(result["analyte"], self.sex, day, unit, self.age(day))
        return [row for row in found if getattr(row, name) is not None]

    def choice(self, result: Mapping[str, Any]) -> str:
        """Return a remark where several laboratories' limits differ, so that none is filled in; else empty."""
        found = self.valid_ranges(result)
        if result.get("value") is None or self.valid_range(result) or len(found) < 2:
            return ""
        words = [
            _("%(laboratory)s %(limit)s") % {"laboratory": row.laboratory, "limit": limit_text(row)} for row in found
        ]
        return _("type the upper limit of the laboratory that measured: %(limits)s") % {"limits": ", ".join(words)}

    def in_force(self, analyte: str, unit: str, collected: Any, name: str = "uln") -> ReferenceRange | None:
        """Return the range that would fill the blank limit of a test that is not typed yet.

        That of the visit's day, while no day of collection is known.
        """
        day = collected or (self.day and self.day.isoformat())
        found = self.valid_range({"analyte": analyte, "unit": unit, "collected": day}, name)
        return found if found and getattr(found, name) is not None else None

    def difference(self, result: Mapping[str, Any], name: str = "uln") -> str:
        """Return a remark where a limit that was typed is not that of the ranges in force; else empty."""
        given = result.get(name)
        valid = [] if given is None else self.valid_ranges(result, name)
        if not valid or any(getattr(row, name) == given for row in valid):
            return ""
        words = {
            "limit": f"{given} {unit_name(result['unit'])}",
            "valid": ", ".join(dict.fromkeys(limit_text(row, name) for row in valid)),
        }
        return (
            _("the limit %(limit)s was typed; the range in force is %(valid)s. Clear it unless the report prints it")
            % words
        )

    def is_outdated(self, saved: Mapping[str, Any], collected: Any, name: str = "uln") -> bool:
        """Return whether a saved limit must be looked up again for a sample of another collection day.

        Only a limit that may have been filled in from the ranges: one that was read from a paper report stays.
        """
        if collected == saved.get("collected") or whole_day(collected) is None:
            return False
        return bool(self.mismatch({**saved, "collected": collected}, name))

    def mismatch(self, result: Mapping[str, Any], name: str = "uln") -> str:
        """Return a remark where a limit is that of a range for another day, sex or age, or of a wrong one.

        Empty where nothing indicates that.
        """
        given, day = result.get(name), whole_day(result.get("collected"))
        own = [] if given is None or day is None else self.ranges_with_limit(result, name)
        if not own or day is None:
            return ""
        valid = self.valid_ranges(result, name)
        if any(getattr(row, name) == given for row in valid):
            return ""
        unit, person = unit_name(result["unit"]), _("a subject whose sex is not known")
        if self.sex in (Sex.MALE, Sex.FEMALE):
            person = str(Sex(self.sex).label)
        words = {"limit": f"{given} {unit}", "day": day.isoformat(), "person": person}
        what = _("the limit %(limit)s is that of another day or sex") % words
        if any(row.age_from is not None or row.age_until is not None for row in own):
            what = _("the limit %(limit)s is that of another day, sex or age") % words
        if all(row.is_wrong for row in own):
            what = _("the limit %(limit)s is that of a range that was marked wrong") % words
        if not valid:
            return _("%(what)s: there is no range of %(day)s for %(person)s") % (words | {"what": what})
        limits = ", ".join(dict.fromkeys(limit_text(row, name) for row in valid))
        text = _("%(what)s: the range of %(day)s for %(person)s is %(valid)s")
        return text % (words | {"what": what, "valid": limits})

    def ranges_with_limit(self, result: Mapping[str, Any], name: str) -> list[ReferenceRange]:
        """Return the ranges of that test and unit, of any day, sex and age, that have the result's limit.

        A range that nobody has confirmed fills no limit, and says nothing of one.
        """
        limit = (result.get("analyte"), result.get("unit"), result.get(name))
        confirmed = (row for row in self.ranges.rows if row.is_confirmed)
        return [row for row in confirmed if (row.analyte, row.unit, getattr(row, name)) == limit]


def laboratory_of(
    ranges: Ranges, document: Mapping[str, Any], last_units: Mapping[str, str] | None = None
) -> Laboratory:
    """Return the laboratory for the subject and the day of a visit document, which may be faulty."""
    return Laboratory(ranges, sex_in(document), visit_date(document), document, last_units or {})


def limit_text(row: ReferenceRange, name: str = "uln") -> str:
    return f"{getattr(row, name)} {unit_name(row.unit)}"


def whole_day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) and len(text) == len("2026-03-08") else None
    except ValueError:
        return None
