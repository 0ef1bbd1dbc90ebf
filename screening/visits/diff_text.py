"""Changes between two visit documents as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from criteria.vocabulary import Results, Vocabulary
from criteria.vocabulary.parts import LIMITS
from screening.shared.diff import Change, changes, record_code
from screening.visits.labels import STEP, answer_text, form_place, record_at, unit_name

MEASURED = ("value", *LIMITS)  # numbers of a laboratory result, in the unit of the result


class ChangeText(NamedTuple):
    label: str
    old: str
    new: str


def change_texts(vocabulary: Vocabulary, found: Iterable[Change], *documents: Mapping[str, Any]) -> list[ChangeText]:
    """Return the label, old value and new value of each change as text.

    `documents` determine which record an indexed path means: the first document that has one counts.
    """
    told = []
    for change in found:
        known = [*documents_with_old_value(change, documents), *documents]
        label, field = label_and_field(vocabulary, change.path, known)
        old, new = (answer_with_unit(vocabulary, field, change.path, value, known) for value in change[1:])
        told.append(ChangeText(label, old, new))
    return told


def document_differences(
    vocabulary: Vocabulary, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[ChangeText]:
    """Return what differs between two documents of a visit, in words."""
    return change_texts(vocabulary, changes(before, after), after, before)


def answer_with_unit(
    vocabulary: Vocabulary, field: Any, path: str, value: Any, documents: Sequence[Mapping[str, Any]]
) -> str:
    """Return the display text of a value, with the unit that was chosen beside it where it is a measured result."""
    text = answer_text(field, value)
    unit = result_unit(vocabulary, path, value, documents)
    return f"{text} {unit_name(unit)}".strip() if unit else text


def result_unit(vocabulary: Vocabulary, path: str, value: Any, documents: Sequence[Mapping[str, Any]]) -> str:
    """Return the unit of a number of a laboratory result; empty for other values, and where it is not certain.

    In the document that has the value its record may be at another index: it is known by its test.
    """
    key, *steps = STEP.findall(path)
    if len(steps) != 2 or steps[1] not in MEASURED or not isinstance(vocabulary.parts.get(key), Results):
        return ""
    if isinstance(value, str) or value is None:
        return ""
    code = next((code for each in documents if (code := record_code(record_at(each.get(key), steps[0])))), "")
    same = [
        record
        for each in documents
        for record in each.get(key) or ()
        if record_code(record) == code and record.get(steps[1]) == value
    ]
    units = {str(record.get("unit") or "") for record in same}
    return units.pop() if len(units) == 1 else ""


def label_and_field(vocabulary: Vocabulary, path: str, documents: Iterable[Mapping[str, Any]]) -> tuple[str, Any]:
    places = [form_place(vocabulary, path, document) for document in documents]
    place = next((place for place in places if place.field), places[0])
    return place.label, place.field


def documents_with_old_value(change: Change, documents: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the documents that contained a removed value, the last first; none for other changes.

    By now another record may be at its index.
    """
    return [each for each in reversed(documents) if has_old_value(each, change)] if change.new is None else []


def has_old_value(document: Mapping[str, Any], change: Change) -> bool:
    key, *steps = STEP.findall(change.path)
    return len(steps) == 2 and record_at(document.get(key), steps[0]).get(steps[1]) == change.old
