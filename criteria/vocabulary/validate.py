"""Checks a visit document against its vocabulary and names every fault by its path, all in one answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from criteria.rules import dates
from criteria.vocabulary.faults import Fault
from criteria.vocabulary.parts import UNKNOWN, AnyPart, Checklist, Field, Group, Records, Results, Single, Vocabulary
from criteria.vocabulary.values import fault_of, is_unknown, shown

REVIEWED = "reviewed"

Faults = Iterator[Fault]


def validate(vocabulary: Vocabulary, document: object) -> tuple[Fault, ...]:
    """Every fault of the document, in its own order; empty where it can be saved and evaluated."""
    if not isinstance(document, dict):
        return (Fault("", f"{shown(document)} is not a visit document: an object with one key for each part"),)
    return tuple(document_faults(vocabulary, document))


def document_faults(vocabulary: Vocabulary, document: Mapping[str, Any]) -> Faults:
    for key, value in document.items():
        if key == REVIEWED:
            yield from reviewed_faults(vocabulary, value)
        elif key in vocabulary.parts:
            if not is_unknown(value):
                yield from part_faults(vocabulary.parts[key], value)
        else:
            yield unknown_key(key, [*vocabulary.parts, REVIEWED])
    for part in vocabulary.parts.values():
        if isinstance(part, Group) and is_unknown(document.get(part.key)):
            yield from missing_faults(part.fields, {}, part.key)
    yield from order_faults(vocabulary, document)


def unknown_key(path: str, names: list[str]) -> Fault:
    return Fault(path, f"unknown key; expected one of: {', '.join(names)}")


def reviewed_faults(vocabulary: Vocabulary, value: Any) -> Faults:
    if is_unknown(value):
        return
    if not isinstance(value, list):
        yield Fault(REVIEWED, f"{shown(value)} is not a list of names of lists")
        return
    for index, name in enumerate(value):
        if name not in vocabulary.reviewable:
            message = f"{shown(name)} is not a list that can be complete: {', '.join(vocabulary.reviewable)}"
            yield Fault(f"{REVIEWED}[{index}]", message)


def part_faults(part: AnyPart, value: Any) -> Faults:
    if isinstance(part, Single):
        yield from value_faults(part.field, value, part.key)
    elif isinstance(part, Group):
        yield from object_faults(part.fields, value, part.key)
    elif not isinstance(value, list):
        yield Fault(part.key, f"{shown(value)} is not a list of records")
    else:
        for index, record in enumerate(value):
            yield from record_faults(part, record, f"{part.key}[{index}]")


def record_faults(part: Records | Results | Checklist, record: Any, path: str) -> Faults:
    fields = part.fields
    if isinstance(record, dict) and isinstance(part, Checklist):
        fields = entry_fields(part, record)
    yield from object_faults(fields, record, path)
    if isinstance(record, dict) and isinstance(part, Results):
        yield from unit_faults(part, record, path)


def entry_fields(part: Checklist, record: Mapping[str, Any]) -> dict[str, Field]:
    """The keys of this condition; of a condition that is not known, those of all: the code is the fault, not they."""
    code = str(record.get("condition"))
    known = [part.conditions[code]] if code in part.conditions else list(part.conditions.values())
    return part.fields | {name: field for condition in known for name, field in condition.details.items()}


def unit_faults(part: Results, record: Mapping[str, Any], path: str) -> Faults:
    analyte = part.analytes.get(str(record.get("analyte")))
    unit = str(record.get("unit"))
    if analyte and unit in part.fields["unit"].choices and unit not in analyte.unit_names:
        right = ", ".join(analyte.unit_names)
        yield Fault(f"{path}.unit", f"{shown(unit)} is not a unit of {analyte.label}: {right}")


def object_faults(fields: Mapping[str, Field], value: Any, path: str) -> Faults:
    if not isinstance(value, dict):
        yield Fault(path, f"{shown(value)} is not an object with the keys: {', '.join(fields)}")
        return
    for name, inner in value.items():
        if name in fields:
            yield from value_faults(fields[name], inner, f"{path}.{name}")
        else:
            yield unknown_key(f"{path}.{name}", list(fields))
    yield from missing_faults(fields, value, path)
    for field in fields.values():
        if field.not_before.startswith("."):
            yield from order_fault(value, field.name, field.not_before[1:], f"{path}.{field.name}")


def missing_faults(fields: Mapping[str, Field], value: Mapping[str, Any], path: str) -> Faults:
    for name, field in fields.items():
        if field.required and is_unknown(value.get(name)) and not (value.get(name) == UNKNOWN in field.choices):
            yield Fault(f"{path}.{name}", f"{field.label} is required")


def value_faults(field: Field, value: Any, path: str) -> Faults:
    if message := fault_of(field, value):
        yield Fault(path, message)
    elif field.type == "codes" and isinstance(value, list):
        for index, code in enumerate(value):
            if not isinstance(code, str) or code not in field.choices:
                yield Fault(f"{path}[{index}]", f"{shown(code)} is not one of: {', '.join(field.choices)}")


def order_faults(vocabulary: Vocabulary, document: Mapping[str, Any]) -> Faults:
    """Dates of the document's own parts that must not lie before, or after, another."""
    for part in vocabulary.parts.values():
        inner = document.get(part.key)
        if not isinstance(part, Group) or not isinstance(inner, dict):
            continue
        for field in part.fields.values():
            path = f"{part.key}.{field.name}"
            if field.not_before and not field.not_before.startswith("."):
                yield from order_fault(document, path, field.not_before, path)
            if field.not_after:
                yield from order_fault(document, field.not_after, path, path)


def order_fault(values: Mapping[str, Any], later: str, earlier: str, blamed: str) -> Faults:
    """A fault where `later` lies wholly before `earlier`; partial dates that may still be in order are let be."""
    late, early = days_at(values, later), days_at(values, earlier)
    if late and early and late.high < early.low:
        yield Fault(blamed, f"{later} {late.text} lies before {earlier} {early.text}")


def days_at(values: Mapping[str, Any], path: str) -> dates.Days | None:
    found: Any = values
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    try:
        return dates.parse(found) if isinstance(found, str) else None
    except ValueError:
        return None
