"""Changes between two documents, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from criteria.vocabulary import Vocabulary
from screening.visits.diff import Change
from screening.visits.labels import STEP, in_words, place_of, record_at


class Difference(NamedTuple):
    label: str
    old: str
    new: str


def differences(vocabulary: Vocabulary, found: Iterable[Change], *documents: Mapping[str, Any]) -> list[Difference]:
    """`documents` tell which record an indexed path means: the first that has one."""
    told = []
    for change in found:
        label, field = named(vocabulary, change.path, [*where_it_was(change, documents), *documents])
        told.append(Difference(label, in_words(field, change.old), in_words(field, change.new)))
    return told


def named(vocabulary: Vocabulary, path: str, documents: Iterable[Mapping[str, Any]]) -> tuple[str, Any]:
    places = [place_of(vocabulary, path, document) for document in documents]
    place = next((place for place in places if place.field), places[0])
    return place.label, place.field


def where_it_was(change: Change, documents: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The documents, the last first, that held what was taken away: by now another record may stand in its place."""
    return [each for each in reversed(documents) if held(each, change)] if change.new is None else []


def held(document: Mapping[str, Any], change: Change) -> bool:
    key, *steps = STEP.findall(change.path)
    return len(steps) == 2 and record_at(document.get(key), steps[0]).get(steps[1]) == change.old
