"""Re-screening: what is taken over from earlier attempts, to be confirmed before it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from criteria.versions.versions import protocol_of
from criteria.vocabulary import Section, Vocabulary, validate
from criteria.vocabulary.carry_forward import stable_part
from screening.models import Visit
from screening.visits.applicable_version import version_of
from screening.visits.labels import STEP
from screening.visits.sections import Document, reviewed

NOTHING: tuple[Any, ...] = (None, "unknown", {}, [])


def carried_part(visit: Visit, section: Section, document: Mapping[str, Any]) -> Document:
    """What earlier attempts knew under those keys of the section of which `document`, this visit's, says nothing.

    Only what does not perish, and what this visit's version of the protocol still takes. Empty at a first attempt.
    """
    return carried_parts(visit, [section], document)[section.code]


def carried_parts(visit: Visit, sections: Iterable[Section], document: Mapping[str, Any]) -> dict[str, Document]:
    """As `carried_part`, by the code of the section."""
    earlier = known_before(visit)
    if not earlier:
        return {section.code: {} for section in sections}
    vocabulary = protocol_of(version_of(visit, document)).vocabulary
    found = {}
    for section in sections:
        part = {key: earlier[key] for key in section.keys if key in earlier and is_open(document, key)}
        found[section.code] = stable_part(section, without_faults(vocabulary, document, part)) if part else {}
    return found


def known_before(visit: Visit) -> Document:
    """What is known of each key from the latest attempt that says anything of it: one given up early hides nothing."""
    known: Document = {}
    attempt = visit.previous
    while attempt is not None:
        known = said(attempt.latest_revision().document) | known
        attempt = attempt.previous
    return known


def said(document: Mapping[str, Any]) -> Document:
    return {key: document.get(key) for key in (*document, *reviewed(document)) if not is_open(document, key)}


def is_open(document: Mapping[str, Any], key: str) -> bool:
    """A list confirmed complete is an answer, also an empty one."""
    return document.get(key) in NOTHING and key not in reviewed(document)


def without_faults(vocabulary: Vocabulary, document: Mapping[str, Any], part: Document) -> Document:
    """A part with a fault goes as a whole: a list that lacks one record is no longer the list that was known."""
    faults = validate(vocabulary, {**document, **part})
    faulty = {STEP.findall(fault.path)[0] for fault in faults if fault.path}
    return {key: value for key, value in part.items() if key not in faulty}
