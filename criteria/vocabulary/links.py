"""Checks of how the parts of a vocabulary refer to each other.

Keys must be unique, and the fields and codes that are referred to must exist.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from criteria.rules.facts import VALUE
from criteria.rules.kinds import spelling_hint
from criteria.vocabulary.actions import actionable_names, declared_action
from criteria.vocabulary.faults import Fault
from criteria.vocabulary.parts import (
    LIMITS,
    UNKNOWN,
    Actionable,
    Analyte,
    AnyPart,
    Bounds,
    Checklist,
    Course,
    Dated,
    Field,
    Group,
    Results,
    Section,
    Single,
    Vocabulary,
    When,
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
            yield from dated_faults(part, place)
            yield from when_faults(vocabulary, part.when, f"{place}.when", {}, broken)
            if part.when and isinstance(part, Results):
                yield Fault(f"{place}.when", "laboratory results are always asked")
            for field_place, field, around in fields_of(part, place):
                yield from field_faults(vocabulary, field, field_place, around, broken)
            for owner_place, owner in actionables(part, place):
                yield from action_faults(vocabulary, part, owner, f"{owner_place}.action", broken)
    date = fields_by_path(vocabulary).get(VISIT_DATE)
    if "visit" not in broken and (date is None or date.type != "day" or not date.required):
        yield Fault("sections", f"every trial needs the field {VISIT_DATE}, of type day and required")


def dated_faults(part: AnyPart, place: str) -> Iterator[Fault]:
    if isinstance(part, Dated) and part.dated_by:
        field = part.fields.get(part.dated_by)
        if field is None or field.type not in ("date", "day"):
            hint = spelling_hint(part.dated_by, part.fields)
            yield Fault(f"{place}.dated_by", f"“{part.dated_by}” is not a date among the fields of this part{hint}")


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
        for name in ("plausible", *(f"plausible_{limit}" for limit in LIMITS)):
            yield from analyte_range_faults(analyte, getattr(analyte, name), f"{place}.analytes.{code}.{name}")
        for limit in LIMITS:
            if analyte.plausible_limits(limit) and not getattr(analyte, limit):
                yield Fault(f"{place}.analytes.{code}.plausible_{limit}", f"the test asks no “{limit}”")
        for unit, count in Counter(analyte.unit_names).items():
            if count > 1:
                yield Fault(f"{place}.analytes.{code}.units", f"duplicate unit “{unit}”")


def analyte_range_faults(analyte: Analyte, ranges: Mapping[str, Bounds], place: str) -> Iterator[Fault]:
    seen: dict[int, str] = {}
    for unit, bounds in ranges.items():
        yield from range_faults(bounds, f"{place}.{unit}")
        family = next((index for index, units in enumerate(analyte.units) if unit in units), None)
        if family is None:
            hint = spelling_hint(unit, analyte.unit_names)
            yield Fault(f"{place}.{unit}", f"wrong unit: the test has {', '.join(analyte.unit_names)}{hint}")
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
    if field.pattern and field.type != "text":
        yield Fault(f"{place}.pattern", f"wrong type: a field of type {field.type} follows no pattern")
    yield from proof_faults(field, f"{place}.proof")
    yield from term_faults(field, f"{place}.offered", around)
    yield from reference_faults(vocabulary, field, place, around, broken)
    yield from when_faults(vocabulary, field.when, f"{place}.when", around, broken)
    if field.when and field.required:
        yield Fault(f"{place}.when", "what is required is always asked")
    for name, codes in field.empty_means_none.items():
        choices = around[name].choices if name in around else {}
        for code in codes:
            if code not in choices:
                yield Fault(
                    f"{place}.empty_means_none.{name}",
                    f"“{code}” is not a code of “{name}”{spelling_hint(code, choices)}",
                )


def proof_faults(field: Field, place: str) -> Iterator[Fault]:
    """Yield the faults of the words by which proofs tell an answer."""
    if isinstance(field.proof, dict):
        if field.type not in ("yn", "code"):
            yield Fault(place, f"wrong type: a field of type {field.type} has no words for each answer")
        yield from (
            Fault(f"{place}.{code}", f"“{code}” is no answer to this question{spelling_hint(code, field.choices)}")
            for code in field.proof
            if code not in (*field.choices, UNKNOWN)
        )
    elif field.proof and field.type in ("yn", "text"):
        yield Fault(place, f"wrong type: of a field of type {field.type} no value is told within other words")
    elif field.proof and field.proof.count(VALUE) != 1:
        yield Fault(place, f"must hold {VALUE} once, where the value stands")


def term_faults(field: Field, place: str, around: Mapping[str, Field]) -> Iterator[Fault]:
    """Yield the faults of the terms that are offered for a text: what they set, and the code that each gives it."""
    if field.offered is None:
        return
    if field.type != "text" or field.pattern:
        yield Fault(place, f"wrong type: no terms are offered for a field of type {field.type}")
    other = around.get(field.offered.sets)
    if other is None or other.type != "code":
        yield Fault(f"{place}.sets", f"“{field.offered.sets}” is no code of the same record")
        return
    for code in field.offered.listed:
        if code not in other.choices:
            yield Fault(f"{place}.listed.{code}", f"“{code}” is not a code of “{other.name}”")


def reference_faults(
    vocabulary: Vocabulary, field: Field, place: str, around: Mapping[str, Field], broken: Collection[str]
) -> Iterator[Fault]:
    for key, path in (("not_before", field.not_before), ("not_after", field.not_after)):
        if not path or path.split(".")[0] in broken:
            continue
        known = {f".{name}": each for name, each in around.items()} | fields_by_path(vocabulary)
        other = known.get(path)
        if other is None:
            yield Fault(f"{place}.{key}", f"unknown fact “{path}”{spelling_hint(path, known)}")
        elif other.type not in ("date", "day") or field.type not in ("date", "day"):
            yield Fault(f"{place}.{key}", "wrong type: only a date lies before or after a date")


def when_faults(
    vocabulary: Vocabulary, when: When, place: str, around: Mapping[str, Field], broken: Collection[str]
) -> Iterator[Fault]:
    """Yield the faults of the condition under which something is asked: a fact with codes, and codes that it has."""
    for path, codes in when.items():
        if path.split(".")[0] in broken:
            continue
        asked = {f".{name}": each for name, each in around.items()} | asked_once(vocabulary)
        other = asked.get(path)
        if other is None:
            yield Fault(f"{place}.{path}", f"unknown fact “{path}”{spelling_hint(path, asked)}")
        elif not (known := answers_of(other)):
            yield Fault(f"{place}.{path}", "wrong type: only an answer with codes or grades decides what is asked")
        else:
            wrong = [code for code in codes if code not in known and code != UNKNOWN]
            hints = [(code, spelling_hint(code, [*known, UNKNOWN])) for code in wrong]
            yield from (Fault(f"{place}.{path}", f"“{code}” is not a code of “{path}”{hint}") for code, hint in hints)


def answers_of(field: Field) -> Collection[str]:
    """Return the answers that a question may have, as texts; none where they cannot be counted."""
    if field.type == "integer" and field.maximum is not None:
        return [str(step) for step in range(field.minimum, field.maximum + 1)]
    return field.choices if field.type in ("yn", "code", "codes") else ()


def asked_once(vocabulary: Vocabulary) -> dict[str, Field]:
    """Return the fields that a visit has once, by the paths of their facts."""
    singles = {part.key: part.field for part in vocabulary.parts.values() if isinstance(part, Single)}
    return fields_by_path(vocabulary) | singles


def actionables(part: AnyPart, place: str) -> Iterator[tuple[str, Actionable]]:
    """Yield everything for which a part declares an action, with its place."""
    yield place, part
    yield from ((field_place, field) for field_place, field, _around in fields_of(part, place))
    if isinstance(part, Results):
        yield from ((f"{place}.analytes.{code}", analyte) for code, analyte in part.analytes.items())
    elif isinstance(part, Checklist):
        yield from ((f"{place}.conditions.{code}", condition) for code, condition in part.conditions.items())


def action_faults(
    vocabulary: Vocabulary, part: AnyPart, owner: Actionable, place: str, broken: Collection[str]
) -> Iterator[Fault]:
    """Yield the faults of a declared action: it says something, about facts that are there and that may change."""
    action = owner.action
    if isinstance(action, Course):
        path = action.repeat
        if not (action.do or action.wait or path):
            yield Fault(place, "is empty: give do, wait or repeat")
        if path and path.split(".")[0] not in broken:
            if path not in (names := [*actionable_names(vocabulary)]):
                yield Fault(f"{place}.repeat", f"unknown fact “{path}”{spelling_hint(path, names)}")
            elif declared_action(vocabulary, path).action == "none":
                yield Fault(f"{place}.repeat", f"“{path}” has the action none: it is not repeated")
    lasts = isinstance(owner, Field) and not any(each.perishable or each.may_change for each in (owner, part))
    if action not in (None, "none") and lasts and vocabulary.declares_perishable:
        yield Fault(place, "an action changes nothing here: the field is neither perishable nor may it change")
