"""A visit document under construction: the value of each fact, until it is written as a document.

It is the inverse of `criteria.vocabulary.facts.FactReader`: facts by the names that rules use, of the visit
or of one of the records, become a document in which `validate` finds no fault.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from criteria.evaluation.protocol import Protocol
from criteria.rules import nodes as n
from criteria.rules.facts import RESULT, FactType, test_of
from criteria.vocabulary.actions import field_of
from criteria.vocabulary.parts import LIMITS, UNKNOWN, Checklist, Field, Group, Records, Results, Single
from criteria.vocabulary.validate import REVIEWED


@dataclass(frozen=True, eq=False)
class Slot:
    """One record of a list."""

    list: str


ROUND_NUMBERS = (Decimal(100), Decimal(10))
MIDDLING_RESULTS = (Decimal(40), Decimal(10), Decimal(5), Decimal(1))
SlotScope = tuple[Slot, ...]  # the records around a condition, the nearest first
FactPlace = tuple[Slot | None, str]  # a fact of a record or, with None, of the visit


@dataclass(frozen=True)
class DocumentDraft:
    """An immutable draft of a visit document; each `with_...` method returns another draft.

    `day` is the date of everything that has no date of its own; `open` are facts that are left out; `needed`
    are facts that must have a value; `codes` are the codes that are still possible; `sets` holds the codes that
    a set of codes must contain, and those that it must not.
    """

    protocol: Protocol
    day: str
    is_reviewed: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    values: dict[FactPlace, Any] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    codes: dict[FactPlace, tuple[str, ...]] = field(default_factory=dict)
    sets: dict[FactPlace, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)
    needed: frozenset[FactPlace] = frozenset()
    open: frozenset[FactPlace] = frozenset()

    # What it says

    def place(self, fact: n.Fact, scope: SlotScope) -> FactPlace:
        name = fact.path.lstrip(".")
        return (None, name) if name == fact.path else (scope[len(fact.path) - len(name) - 1], name)

    def type_at(self, place: FactPlace) -> FactType:
        slot, name = place
        schema = self.protocol.schema
        return schema.facts[name] if slot is None else schema.records[slot.list].fields[name]

    def field_at(self, place: FactPlace) -> Field | None:
        """Return the declared field.

        None for laboratory results and for the facts that every condition of a history has.
        """
        slot, name = place
        path = name if slot is None else f"{slot.list}.{name}"
        return field_of(self.protocol.vocabulary, path)

    def is_whole(self, place: FactPlace) -> bool:
        found = self.field_at(place)
        return found is not None and found.type == "integer"

    def with_slot(self, slot: Slot) -> DocumentDraft:
        return replace(self, slots=(*self.slots, slot))

    def with_value(self, place: FactPlace, value: Any) -> DocumentDraft:
        return replace(self, values=self.values | {place: value}, open=self.open - {place})

    def without_value(self, place: FactPlace) -> DocumentDraft:
        values = {known: value for known, value in self.values.items() if known != place}
        return replace(self, values=values, needed=self.needed - {place}, open=self.open | {place})

    def with_required(self, *places: FactPlace) -> DocumentDraft:
        return replace(self, needed=self.needed | frozenset(places))

    def in_unit(self, place: FactPlace, unit: str) -> DocumentDraft:
        return replace(self, units=self.units | {test_at(place): unit})

    def unit_at(self, place: FactPlace) -> str:
        fact = self.type_at(place)
        return self.units.get(test_at(place), fact.quantity.units[0]) if fact.reported else fact.unit

    def with_codes(self, place: FactPlace, options: Collection[str], *, held: bool) -> DocumentDraft | None:
        """Restrict a fact to these codes, or exclude them where `held` is false.

        None where that contradicts an earlier restriction.
        """
        possible = tuple(code for code in self.possible(place) if (code in options) is held)
        return replace(self, codes=self.codes | {place: possible}) if possible else None

    def possible(self, place: FactPlace) -> tuple[str, ...]:
        return self.codes.get(place) or tuple(code for code in self.type_at(place).options if code != UNKNOWN)

    def with_set(self, place: FactPlace, must: Collection[str], must_not: Collection[str]) -> DocumentDraft | None:
        """Restrict a set of codes: those it must contain and those it must not.

        None where that contradicts an earlier restriction.
        """
        held, barred = self.sets.get(place, (frozenset(), frozenset()))
        held, barred = held | frozenset(must), barred | frozenset(must_not)
        if held & barred or not (held or set(self.type_at(place).options) - barred):
            return None
        return replace(self, sets=self.sets | {place: (held, barred)})

    # The document

    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for part in self.protocol.vocabulary.parts.values():
            match part:
                case Group():
                    content: Any = self.fields_of(None, f"{part.key}.", part.fields)
                case Single():
                    content = self.value((None, part.key), part.field)
                case Results():
                    content = list(self.results(part))
                case Records():
                    content = [self.fields_of(slot, "", part.fields) for slot in self.slots if slot.list == part.key]
                case Checklist():
                    content = [self.entry(slot, part) for slot in self.slots if slot.list.split(".")[0] == part.key]
            if content not in (None, {}, []):
                found[part.key] = content
        return found | ({REVIEWED: list(self.is_reviewed)} if self.is_reviewed else {})

    def fields_of(self, slot: Slot | None, prefix: str, fields: dict[str, Field]) -> dict[str, Any]:
        values = {name: self.value((slot, f"{prefix}{name}"), field) for name, field in fields.items()}
        return {name: value for name, value in values.items() if value is not None}

    def entry(self, slot: Slot, part: Checklist) -> dict[str, Any]:
        code = slot.list.split(".", 1)[1]
        fields = {name: found for name, found in part.fields.items() if name != "condition"}
        return {"condition": code} | self.fields_of(slot, "", fields | part.conditions[code].details)

    def results(self, part: Results) -> Iterator[dict[str, Any]]:
        """Yield one result of each test that has a value in the draft.

        A test is left out where its value or its date is left open.
        """
        said = {result_of(name) for slot, name in self.answered_places() if slot is None}
        for code in part.analytes:
            path = f"{part.key}.{code}"
            if path in said and not self.open & {(None, path), (None, f"{path}.collected")}:
                yield {"analyte": code, **self.result(path)}
            for slot in self.slots:
                if test_of(slot.list) == path and not self.open & {(slot, RESULT), (slot, "collected")}:
                    yield {"analyte": code, **self.result_at(lambda name, slot=slot: (slot, name))}  # type: ignore[misc]

    def result(self, path: str) -> dict[str, Any]:
        return self.result_at(lambda name: (None, path if name == RESULT else f"{path}.{name}"))

    def result_at(self, place_of: Callable[[str], FactPlace]) -> dict[str, Any]:
        """Return a result but for its test; `place_of` gives the place of what belongs to it."""
        value = place_of(RESULT)
        row = {
            "value": self.value_or_usual(value),
            "unit": self.unit_at(value),
            "collected": self.values.get(place_of("collected"), self.day),
        }
        places = {name: place_of(name) for name in LIMITS}
        return row | {
            name: self.value_or_usual(place) for name, place in places.items() if place in self.answered_places()
        }

    def answered_places(self) -> frozenset[FactPlace]:
        return frozenset(self.values) | self.needed

    def value(self, place: FactPlace, field: Field) -> Any:
        if place in self.open:
            return None
        if place in self.answered_places():
            return self.value_or_usual(place)
        if place in self.codes:
            return self.codes[place][0]
        if place in self.sets:
            held, barred = self.sets[place]
            return [code for code in field.choices if code in held] or [c for c in field.choices if c not in barred][:1]
        return self.value_or_usual(place) if field.required else None

    def value_or_usual(self, place: FactPlace) -> Any:
        """Return the value of the fact; without one, a usual value."""
        value = self.values.get(place)
        if value is None:
            value = self.usual(place)
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else Decimal(f"{value:f}")
        return value

    def usual(self, place: FactPlace) -> Any:
        fact = self.type_at(place)
        match fact.kind:
            case "number":
                return self.usual_number(place)
            case "date":
                return self.day
            case "code":
                return self.possible(place)[0]
            case "codes":
                return list(fact.options)[:1]
        return ""

    def usual_number(self, place: FactPlace) -> Decimal:
        """Return a round number that is plausible as far as a plausible range is declared."""
        if self.type_at(place).reported:
            return self.usual_result(test_at(place), self.unit_at(place))
        declared = self.field_at(place)
        low, high = (declared and declared.plausible) or (0, (declared and declared.maximum) or 10)
        return next((each for each in ROUND_NUMBERS if low <= each <= high), Decimal(int(high)))

    def usual_result(self, name: str, unit: str) -> Decimal:
        """Return a middling number for a laboratory result.

        In a unit that is larger than the first unit of the test, it is a small one.
        """
        key, code = name.split(".")
        part, factor = self.protocol.vocabulary.parts[key], self.type_at((None, name)).quantity.factor
        ranges = part.analytes[code].plausible if isinstance(part, Results) else {}
        family = next(units for units in self.type_at((None, name)).quantity.families if unit in units)
        bounds = [(low * factor(each), high * factor(each)) for each, (low, high) in ranges.items() if each in family]
        usual = MIDDLING_RESULTS if factor(unit) <= 1 else tuple(reversed(MIDDLING_RESULTS))
        return next(
            (each for each in usual if all(low <= each * factor(unit) <= high for low, high in bounds)), usual[0]
        )


def test_at(place: FactPlace) -> str:
    """Return the path of the test to whose result a fact belongs; for any other fact its own path."""
    slot, name = place
    return (slot and test_of(slot.list)) or result_of(name)


def result_of(name: str) -> str:
    """Return the path of the laboratory result to which a fact belongs.

    For any other fact it is the fact's own path.
    """
    head, _, last = name.rpartition(".")
    return head if "." in head and last in ("collected", *LIMITS) else name
