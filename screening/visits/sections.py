"""What of a visit document belongs to one section, and a document with one section's part put in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from criteria.vocabulary import Section

REVIEWED = "reviewed"

Document = dict[str, Any]


def section_part(document: Mapping[str, Any], section: Section) -> Document:
    """What a document holds under a section's keys, with the lists of that section that are ticked complete."""
    part = {key: document[key] for key in section.keys if key in document}
    ticked = [name for name in reviewed(document) if name in section.reviewable]
    return part | ({REVIEWED: ticked} if ticked else {})


def replaced(document: Mapping[str, Any], section: Section, part: Mapping[str, Any]) -> Document:
    if foreign := set(part) - {*section.keys, REVIEWED}:
        raise ValueError(f"not of the section {section.code}: {', '.join(sorted(foreign))}")
    kept = {key: value for key, value in document.items() if key in part or key not in section.keys}
    new = kept | {key: value for key, value in part.items() if key != REVIEWED}
    if REVIEWED in part or REVIEWED in document:
        new[REVIEWED] = ticked_by(section, before=reviewed(document), now=reviewed(part))
    return new


def reviewed(document: Mapping[str, Any]) -> list[str]:
    names = document.get(REVIEWED)
    return names if isinstance(names, list) else []  # null and "unknown" say no more than an absent key


def ticked_by(section: Section, before: list[str], now: list[str]) -> list[str]:
    """The names ticked from now on; those of other sections stay as they are, whatever this one says of them."""
    own = [name for name in section.reviewable if name in now]
    kept = [name for name in before if name in own or name not in section.reviewable]
    return kept + [name for name in own if name not in kept]
