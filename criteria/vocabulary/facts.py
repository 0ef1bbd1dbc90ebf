"""Facts of a valid visit document: what is known, as ranges, codes and records; what is absent is unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from criteria.rules import dates
from criteria.rules.facts import INDEX_KEY, Facts, LaboratoryValue
from criteria.rules.ranges import point, reported_range
from criteria.rules.units import EXACT_CONTEXT, Quantity
from criteria.vocabulary.parts import UNKNOWN, AnyPart, Checklist, Field, Group, Records, Results, Single, Vocabulary

Convert = Callable[[Any], Any]
CONVERT: Mapping[str, Convert] = {
    "number": lambda value: point(Decimal(value)),
    "integer": lambda value: point(Decimal(value)),
    "date": dates.parse_date,
    "day": dates.parse_date,
    "codes": lambda value: frozenset(value) or None,
}


class FactReader:
    """A reader of documents of one vocabulary; created once, used for any number of visits."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.parts = tuple((part.key, part, converters(part)) for part in vocabulary.parts.values())
        self.quantities = {
            part.key: {code: Quantity(analyte.units) for code, analyte in part.analytes.items()}
            for part in vocabulary.parts.values()
            if isinstance(part, Results)
        }

    def read(self, document: Mapping[str, Any]) -> Facts:
        """Return the facts of a document in which `validate` found no fault."""
        values: dict[str, Any] = {}
        records: dict[str, list[dict[str, Any]]] = {}
        for key, part, convert in self.parts:
            content = document.get(key)
            if content is None or content == UNKNOWN:
                continue
            if isinstance(part, Group):
                values.update((f"{key}.{name}", value) for name, value in known_values(content, convert))
            elif isinstance(part, Single):
                values.update(known_values({key: content}, convert))
            elif isinstance(part, Records):
                records[key] = [read_record(record, index, part, convert) for index, record in enumerate(content)]
            elif isinstance(part, Checklist):
                read_history(part, content, convert, records)
            else:
                values.update(read_results(key, self.quantities[key], content))
        reviewed = document.get("reviewed")
        return Facts(values, records, frozenset(reviewed if isinstance(reviewed, list) else ()))


def converters(part: AnyPart) -> dict[str, Convert | None]:
    """Return the converter of each key of a part; None where the value is used unchanged."""
    if isinstance(part, Single):
        return {part.key: CONVERT.get(part.field.type)}
    fields: dict[str, Field] = dict(part.fields)
    if isinstance(part, Checklist):
        fields |= {name: field for condition in part.conditions.values() for name, field in condition.details.items()}
    return {name: CONVERT.get(field.type) for name, field in fields.items()}


def known_values(content: Mapping[str, Any], convert: Mapping[str, Convert | None]) -> list[tuple[str, Any]]:
    found = []
    for name, value in content.items():
        if value is not None and value != UNKNOWN:
            function = convert[name]
            found.append((name, value if function is None else function(value)))
    return found


def read_record(
    record: Mapping[str, Any], index: int, part: Records, convert: Mapping[str, Convert | None]
) -> dict[str, Any]:
    found = dict(known_values(record, convert))
    found[INDEX_KEY] = index
    for field in part.fields.values():
        if field.empty_means_none and record.get(field.name) == [] and means_none(field, record):
            found[field.name] = frozenset()
    return found


def means_none(field: Field, record: Mapping[str, Any]) -> bool:
    """Return whether an empty list of codes says that there are none, rather than that it is unknown."""
    return any(record.get(name) in codes for name, codes in field.empty_means_none.items())


def read_history(
    part: Checklist,
    content: list[Mapping[str, Any]],
    convert: Mapping[str, Convert | None],
    records: dict[str, list[dict[str, Any]]],
) -> None:
    for index, entry in enumerate(content):
        found = dict(known_values(entry, convert))
        found[INDEX_KEY] = index
        records.setdefault(f"{part.key}.{entry['condition']}", []).append(found)


def read_results(
    key: str, quantities: Mapping[str, Quantity], content: list[Mapping[str, Any]]
) -> list[tuple[str, Any]]:
    """Return the facts of the result that counts, for each test."""
    found: list[tuple[str, Any]] = []
    for analyte, index in counting_indexes(content).items():
        found.extend(read_result(f"{key}.{analyte}", quantities[analyte], content[index]))
    return found


def counting_indexes(results: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return for each test the index of the result that counts.

    That is the one collected last; of several collected on one day, the last in the list.
    """
    last: dict[str, int] = {}
    for index, result in enumerate(results):
        previous = last.get(result["analyte"])
        if previous is None or result["collected"] >= results[previous]["collected"]:
            last[result["analyte"]] = index
    return last


def read_result(path: str, quantity: Quantity, result: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the facts of one result under the path of its test."""
    return [
        (path, measurement_of(result, "value", quantity, result.get("comparator"))),
        (f"{path}.collected", dates.parse_date(result["collected"])),
        *(
            (f"{path}.{name}", measurement_of(result, name, quantity, None))
            for name in ("uln", "lod")
            if result.get(name) not in (None, UNKNOWN)
        ),
    ]


def measurement_of(result: Mapping[str, Any], name: str, quantity: Quantity, comparator: str | None) -> LaboratoryValue:
    unit, value = result["unit"], Decimal(result[name])
    comparator = None if comparator == UNKNOWN else comparator
    bounds = reported_range(EXACT_CONTEXT.multiply(value, quantity.factor(unit)), comparator)
    return LaboratoryValue(bounds, value, unit, quantity.family(unit), comparator or "", result["collected"])
