"""Answers carried forward from earlier attempts at a re-screening, to be confirmed before they count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from criteria.versions.versions import protocol_of
from criteria.vocabulary import Section, Vocabulary, validate
from criteria.vocabulary.carry_forward import stable_part
from screening.models import Visit
from screening.visits.applicable_version import applicable_version
from screening.visits.labels import STEP
from screening.visits.sections import VisitDocument, complete_lists

NOTHING: tuple[Any, ...] = (None, "unknown", {}, [])


def carry_forward(visit: Visit, section: Section, document: Mapping[str, Any]) -> VisitDocument:
    """Return the prior answers to the keys of the section that `document`, of this visit, leaves open.

    Only data that do not expire, and that this visit's protocol version still accepts, are carried forward.
    Empty at a first attempt.
    """
    return carry_forward_parts(visit, [section], document)[section.code]


def carry_forward_parts(
    visit: Visit, sections: Iterable[Section], document: Mapping[str, Any]
) -> dict[str, VisitDocument]:
    """Return the result of `carry_forward` for several sections, by section code."""
    earlier = prior_answers(visit)
    if not earlier:
        return {section.code: {} for section in sections}
    vocabulary = protocol_of(applicable_version(visit, document)).vocabulary
    found = {}
    for section in sections:
        part = {key: earlier[key] for key in section.keys if key in earlier and is_open(document, key)}
        found[section.code] = stable_part(section, without_faults(vocabulary, document, part)) if part else {}
    return found


def prior_answers(visit: Visit) -> VisitDocument:
    """Return the value of each key from the latest earlier attempt that answers it.

    An attempt that was given up early therefore hides nothing.
    """
    known: VisitDocument = {}
    attempt = visit.previous
    while attempt is not None:
        known = answered_keys(attempt.latest_revision().document) | known
        attempt = attempt.previous
    return known


def answered_keys(document: Mapping[str, Any]) -> VisitDocument:
    return {key: document.get(key) for key in (*document, *complete_lists(document)) if not is_open(document, key)}


def is_open(document: Mapping[str, Any], key: str) -> bool:
    """Return whether the document leaves the key unanswered.

    A list confirmed complete is an answer, also when it is empty.
    """
    return document.get(key) in NOTHING and key not in complete_lists(document)


def without_faults(vocabulary: Vocabulary, document: Mapping[str, Any], part: VisitDocument) -> VisitDocument:
    """Return the part without the keys that are faulty in the document.

    A faulty value is dropped as a whole: a list that lacks one record is no longer the list that was known.
    """
    faults = validate(vocabulary, {**document, **part})
    faulty = {STEP.findall(fault.path)[0] for fault in faults if fault.path}
    return {key: value for key, value in part.items() if key not in faulty}
