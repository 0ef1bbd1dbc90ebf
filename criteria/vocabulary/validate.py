"""Validation of a visit document against its vocabulary: every fault by its path, all in one answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from criteria.rules import dates
from criteria.vocabulary.faults import Fault, Repeated
from criteria.vocabulary.not_done import has_result, not_done_faults
from criteria.vocabulary.parts import UNKNOWN, AnyPart, Checklist, Field, Group, Records, Results, Single, Vocabulary
from criteria.vocabulary.values import fault_of, is_unknown, not_one_of, value_excerpt

REVIEWED = "reviewed"
SAMPLED = ("analyte", "collected")  # what is said of every sample
BARE_ENTRY = ("condition", "status")  # what is said of every condition of a history, and required

VisitDocument = Mapping[str, Any]
Faults = Iterator[Fault]


def validate(vocabulary: Vocabulary, document: object) -> tuple[Fault, ...]:
    """Return every fault of the document, in its own order; empty where it can be saved and evaluated."""
    if not isinstance(document, dict):
        return (
            Fault("", _("%s is not a visit document: an object with one key for each part") % value_excerpt(document)),
        )
    return tuple(document_faults(vocabulary, document))


def document_faults(vocabulary: Vocabulary, document: VisitDocument) -> Faults:
    for key, value in document.items():
        if key == REVIEWED:
            yield from reviewed_faults(vocabulary, value)
        elif key not in vocabulary.parts:
            yield unknown_key(key, [*vocabulary.parts, REVIEWED])
        elif not is_unknown(value):
            yield from part_faults(vocabulary.parts[key], value, document)
    for part in vocabulary.parts.values():
        if isinstance(part, Group) and is_unknown(document.get(part.key)):
            yield from missing_faults(part.fields, {}, part.key)


def unknown_key(path: str, names: list[str]) -> Fault:
    return Fault(path, _("unknown key; expected one of: %s") % ", ".join(names))


def reviewed_faults(vocabulary: Vocabulary, value: Any) -> Faults:
    if is_unknown(value):
        return
    if not isinstance(value, list):
        yield Fault(REVIEWED, _("%s is not a list of names of lists") % value_excerpt(value))
        return
    for index, name in enumerate(value):
        if name not in vocabulary.reviewable:
            yield Fault(f"{REVIEWED}[{index}]", not_one_of(name, vocabulary.reviewable))


def part_faults(part: AnyPart, value: Any, document: VisitDocument) -> Faults:
    if isinstance(value, Repeated):
        yield Fault(part.key, str(value))
    elif isinstance(part, Single):
        yield from value_faults(part.field, value, part.key)
    elif isinstance(part, Group):
        yield from object_faults(part.fields, value, part.key, document)
    elif not isinstance(value, list):
        yield Fault(part.key, _("%s is not a list of records") % value_excerpt(value))
    else:
        for index, record in enumerate(value):
            yield from record_faults(part, record, f"{part.key}[{index}]", document)


def record_faults(part: Records | Results | Checklist, record: Any, path: str, document: VisitDocument) -> Faults:
    fields = record_fields(part, record) if isinstance(record, dict) else part.fields
    yield from object_faults(fields, record, path, document)
    if isinstance(part, Results) and isinstance(record, dict):
        yield from not_done_faults(record, path)


def record_fields(part: Records | Results | Checklist, record: Mapping[str, Any]) -> Mapping[str, Field]:
    """Return the keys of one record, which may depend on its content.

    A test has units of its own, a condition details of its own; a sample that gave no result needs neither value nor
    unit.
    """
    if isinstance(part, Results):
        fields = part.fields_by_test.get(str(record.get("analyte")), part.fields)
        return fields if has_result(record) else {name: optional(fields[name]) for name in fields}
    return entry_fields(part, record) if isinstance(part, Checklist) else part.fields


def optional(field: Field) -> Field:
    """Return a key of a result as it is where there was none: its test and its day are required all the same."""
    return field if field.name in SAMPLED else field.model_copy(update={"required": False})


def entry_fields(part: Checklist, record: Mapping[str, Any]) -> Mapping[str, Field]:
    """Return the keys of an entry's condition, or those of all conditions where it is not a known one.

    The unknown code is the fault then, not the keys.
    """
    fields = part.fields_by_condition.get(str(record.get("condition")))
    if fields is not None:
        return fields
    return part.fields | {name: field for each in part.conditions.values() for name, field in each.details.items()}


def object_faults(fields: Mapping[str, Field], value: Any, path: str, document: VisitDocument) -> Faults:
    if not isinstance(value, dict):
        message = _("%(value)s is not an object with the keys: %(keys)s")
        yield Fault(path, message % {"value": value_excerpt(value), "keys": ", ".join(fields)})
        return
    for name, inner in value.items():
        if name in fields:
            yield from value_faults(fields[name], inner, f"{path}.{name}")
        else:
            yield unknown_key(f"{path}.{name}", list(fields))
    yield from missing_faults(fields, value, path)
    yield from order_faults(fields, value, path, document)


def missing_faults(fields: Mapping[str, Field], value: Mapping[str, Any], path: str) -> Faults:
    for name, field in fields.items():
        if field.required and is_unknown(value.get(name)) and not (value.get(name) == UNKNOWN in field.choices):
            yield Fault(f"{path}.{name}", _("%s is required") % field.label)


def value_faults(field: Field, value: Any, path: str) -> Faults:
    if isinstance(value, Repeated):
        yield Fault(path, str(value))
    elif message := fault_of(field, value):
        yield Fault(path, message)
    elif field.type == "codes" and isinstance(value, list):
        for index, code in enumerate(value):
            if not isinstance(code, str) or code not in field.choices:
                yield Fault(f"{path}[{index}]", not_one_of(code, field.choices))


def order_faults(fields: Mapping[str, Field], value: VisitDocument, path: str, document: VisitDocument) -> Faults:
    """Yield a fault for each date that lies wholly before, or wholly after, a date that limits it.

    Partial dates that may be in order have none.
    """
    for name, field in fields.items():
        days = days_at(value, name) if field.not_before or field.not_after else None
        if days is None:
            continue
        earliest, latest = (limit_at(reference, value, document) for reference in (field.not_before, field.not_after))
        if earliest and days.high < earliest.low:
            words = {"day": days.text, "other": reference_text(field.not_before), "limit": earliest.text}
            yield Fault(f"{path}.{name}", _("“%(day)s” lies before the %(other)s (%(limit)s)") % words)
        if latest and days.low > latest.high:
            words = {"day": days.text, "other": reference_text(field.not_after), "limit": latest.text}
            yield Fault(f"{path}.{name}", _("“%(day)s” lies after the %(other)s (%(limit)s)") % words)


def reference_text(reference: str) -> str:
    return reference.strip(".").replace(".", " ").replace("_", " ")


def limit_at(reference: str, value: VisitDocument, document: VisitDocument) -> dates.Days | None:
    """Return the date that a field refers to; None where it refers to none, or none is given.

    A reference with a leading dot is to a date beside the field; any other is to a date of the document.
    """
    if reference.startswith("."):
        return days_at(value, reference[1:])
    return days_at(document, reference) if reference else None


def days_at(values: VisitDocument, path: str) -> dates.Days | None:
    found: Any = values
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    try:
        return dates.parse_date(found) if isinstance(found, str) else None
    except ValueError:
        return None
