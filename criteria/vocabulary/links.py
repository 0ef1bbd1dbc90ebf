"""Checks of how the parts of a vocabulary refer to each other.

Keys must be unique, and the fields and codes that are referred to must exist.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from criteria.vocabulary.faults import Fault
from criteria.vocabulary.parts import (
    UNKNOWN,
    Analyte,
    AnyPart,
    Bounds,
    Checklist,
    Field,
    Group,
    Results,
    Section,
    Single,
    Vocabulary,
)
from criteria.vocabulary.validate import REVIEWED

VISIT_DATE = "visit.date"


def link_faults(vocabulary: Vocabulary, broken: Collection[str]) -> Iterator[Fault]:
    """Yield the faults between parts.

    A reference to a part that is `broken` is skipped: it was reported with the part's own faults.
    """
    yield from duplicate_faults(vocabulary)
    for at, section in enumerate(vocabulary.sections):
        for place, part in placed_parts(section, at):
            for field_place, field, around in fields_of(part, place):
                yield from field_faults(vocabulary, field, field_place, around, broken)
    date = fields_by_path(vocabulary).get(VISIT_DATE)
    if "visit" not in broken and (date is None or date.type != "day" or not date.required):
        yield Fault("sections", f"every trial needs the field {VISIT_DATE}, of type day and required")


def placed_parts(section: Section, at: int) -> Iterator[tuple[str, AnyPart]]:
    for index, part in enumerate(section.parts):
        yield f"sections[{at}].parts[{index}]", part


def duplicate_faults(vocabulary: Vocabulary) -> Iterator[Fault]:
    codes: set[str] = set()
    keys = {REVIEWED}
    for at, section in enumerate(vocabulary.sections):
        if section.code in codes:
            yield Fault(f"sections[{at}].code", f"duplicate code “{section.code}”")
        codes.add(section.code)
        for place, part in placed_parts(section, at):
            if part.key in keys:
                reason = "is reserved for the lists that are complete" if part.key == REVIEWED else "stands twice"
                yield Fault(f"{place}.key", f"duplicate key “{part.key}”: it {reason}")
            keys.add(part.key)
            if isinstance(part, Results):
                yield from unit_faults(part, place)
            elif isinstance(part, Checklist):
                yield from detail_faults(part, place)


def unit_faults(part: Results, place: str) -> Iterator[Fault]:
    """Yield the faults of the units and plausible ranges of tests.

    A unit may be in one family of a test only; the first unit of each family has the factor 1.
    """
    for code, analyte in part.analytes.items():
        for index, family in enumerate(analyte.units):
            where = f"{place}.analytes.{code}.units[{index}]"
            if not family or next(iter(family.values())) != 1:
                yield Fault(where, "wrong unit: the first unit of a family has the factor 1")
        yield from analyte_range_faults(analyte, f"{place}.analytes.{code}.plausible")
        for unit in set(analyte.unit_names):
            if analyte.unit_names.count(unit) > 1:
                yield Fault(f"{place}.analytes.{code}.units", f"duplicate unit “{unit}”")


def analyte_range_faults(analyte: Analyte, place: str) -> Iterator[Fault]:
    seen: dict[int, str] = {}
    for unit, bounds in analyte.plausible.items():
        yield from range_faults(bounds, f"{place}.{unit}")
        family = next((index for index, units in enumerate(analyte.units) if unit in units), None)
        if family is None:
            yield Fault(f"{place}.{unit}", f"wrong unit: the test has {', '.join(analyte.unit_names)}")
        elif family in seen:
            yield Fault(f"{place}.{unit}", f"a second range for the units that convert to {seen[family]}")
        else:
            seen[family] = unit


def range_faults(bounds: Bounds, place: str) -> Iterator[Fault]:
    low, high = bounds
    if not low < high:
        yield Fault(place, f"{low} to {high} is no range: the lower end stands first")


def detail_faults(part: Checklist, place: str) -> Iterator[Fault]:
    for code, condition in part.conditions.items():
        for name in part.fields.keys() & condition.details.keys():
            yield Fault(f"{place}.conditions.{code}.details.{name}", f"duplicate key “{name}”: every condition has it")


def fields_of(part: AnyPart, place: str) -> Iterator[tuple[str, Field, Mapping[str, Field]]]:
    """Yield each declared field with its place and the fields beside it."""
    if isinstance(part, Single):
        yield f"{place}.field", part.field, {}
    elif isinstance(part, Checklist):
        for code, condition in part.conditions.items():
            around = part.fields | condition.details
            for name, field in condition.details.items():
                yield f"{place}.conditions.{code}.details.{name}", field, around
    elif not isinstance(part, Results):
        for name, field in part.fields.items():
            yield f"{place}.fields.{name}", field, part.fields


def fields_by_path(vocabulary: Vocabulary) -> dict[str, Field]:
    groups = [part for part in vocabulary.parts.values() if isinstance(part, Group)]
    return {f"{group.key}.{name}": field for group in groups for name, field in group.fields.items()}


def field_faults(
    vocabulary: Vocabulary, field: Field, place: str, around: Mapping[str, Field], broken: Collection[str]
) -> Iterator[Fault]:
    coded = field.type in ("code", "codes")
    if coded and not field.choices:
        yield Fault(f"{place}.options", "empty option list: a code needs options")
    if not coded and field.options is not None:
        yield Fault(f"{place}.options", f"wrong type: a field of type {field.type} has no options")
    if coded and UNKNOWN in field.choices:
        yield Fault(f"{place}.options.{UNKNOWN}", "every answer may be unknown: leave this option out")
    if field.maximum is not None and field.maximum < field.minimum:
        yield Fault(f"{place}.maximum", f"{field.maximum} lies below the minimum, {field.minimum}")
    if field.unit and field.type not in ("number", "integer"):
        yield Fault(f"{place}.unit", f"wrong unit: a field of type {field.type} has none")
    if field.plausible is not None:
        yield from range_faults(field.plausible, f"{place}.plausible")
        if field.type not in ("number", "integer"):
            yield Fault(f"{place}.plausible", f"wrong type: a field of type {field.type} has no range")
    yield from reference_faults(vocabulary, field, place, around, broken)
    for name, codes in field.empty_means_none.items():
        choices = around[name].choices if name in around else {}
        for code in codes:
            if code not in choices:
                yield Fault(f"{place}.empty_means_none.{name}", f"“{code}” is not a code of “{name}”")


def reference_faults(
    vocabulary: Vocabulary, field: Field, place: str, around: Mapping[str, Field], broken: Collection[str]
) -> Iterator[Fault]:
    for key, path in (("not_before", field.not_before), ("not_after", field.not_after)):
        if not path or path.split(".")[0] in broken:
            continue
        other = around.get(path[1:]) if path.startswith(".") else fields_by_path(vocabulary).get(path)
        if other is None:
            yield Fault(f"{place}.{key}", f"unknown fact “{path}”")
        elif other.type not in ("date", "day") or field.type not in ("date", "day"):
            yield Fault(f"{place}.{key}", "wrong type: only a date lies before or after a date")
