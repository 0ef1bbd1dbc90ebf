"""The part of a visit document that belongs to one section, and the replacement of that part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from criteria.vocabulary import Section

REVIEWED = "reviewed"

VisitDocument = dict[str, Any]


def section_part(document: Mapping[str, Any], section: Section) -> VisitDocument:
    """Return a document's content under a section's keys, with that section's lists ticked complete."""
    part = {key: document[key] for key in section.keys if key in document}
    ticked = [name for name in complete_lists(document) if name in section.reviewable]
    return part | ({REVIEWED: ticked} if ticked else {})


def replace_section(document: Mapping[str, Any], section: Section, part: Mapping[str, Any]) -> VisitDocument:
    if foreign := set(part) - {*section.keys, REVIEWED}:
        raise ValueError(f"not of the section {section.code}: {', '.join(sorted(foreign))}")
    kept = {key: value for key, value in document.items() if key in part or key not in section.keys}
    new = kept | {key: value for key, value in part.items() if key != REVIEWED}
    if REVIEWED in part or REVIEWED in document:
        new[REVIEWED] = ticked_lists(section, before=complete_lists(document), now=complete_lists(part))
    return new


def complete_lists(document: Mapping[str, Any]) -> list[str]:
    names = document.get(REVIEWED)
    return names if isinstance(names, list) else []  # null and "unknown" say no more than an absent key


def ticked_lists(section: Section, before: list[str], now: list[str]) -> list[str]:
    """Return the names of all lists ticked complete after the save of a section.

    Names that belong to other sections stay as they are, whatever this section contains about them.
    """
    own = [name for name in section.reviewable if name in now]
    kept = [name for name in before if name in own or name not in section.reviewable]
    return kept + [name for name in own if name not in kept]
