"""Changes between two documents, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from criteria.vocabulary import Vocabulary
from screening.changes import Change
from screening.names import in_words, place_of


class Difference(NamedTuple):
    label: str
    old: str
    new: str


def differences(vocabulary: Vocabulary, found: Iterable[Change], *documents: Mapping[str, Any]) -> list[Difference]:
    """`documents` tell which record an indexed path means: the first that has one."""
    told = []
    for change in found:
        label, field = named(vocabulary, change.path, documents)
        told.append(Difference(label, in_words(field, change.old), in_words(field, change.new)))
    return told


def named(vocabulary: Vocabulary, path: str, documents: Iterable[Mapping[str, Any]]) -> tuple[str, Any]:
    places = [place_of(vocabulary, path, document) for document in documents]
    place = next((place for place in places if place.field), places[0])
    return place.label, place.field
