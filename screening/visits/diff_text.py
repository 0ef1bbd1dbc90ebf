"""Changes between two visit documents as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from criteria.vocabulary import Vocabulary
from screening.shared.diff import Change
from screening.visits.labels import STEP, answer_text, form_place, record_at


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
        label, field = label_and_field(
            vocabulary, change.path, [*documents_with_old_value(change, documents), *documents]
        )
        told.append(ChangeText(label, answer_text(field, change.old), answer_text(field, change.new)))
    return told


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
