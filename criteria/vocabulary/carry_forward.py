"""Carry-forward of one visit's answers to another visit of the same subject: all that is not perishable."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from criteria.vocabulary.links import VISIT_DATE
from criteria.vocabulary.parts import AnyPart, Checklist, Field, Group, Results, Section, Single
from criteria.vocabulary.validate import record_fields
from criteria.vocabulary.values import is_unknown

VISIT_KEY = VISIT_DATE.split(".")[0]  # what is said of a visit is never said of another


def stable_part(section: Section, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a valid document's section carries forward to another visit; empty values are left out.

    The confirmation that a list was reviewed does not carry forward: there may be more to enter in it by then.
    """
    return dict(stable_contents(section, document))


def stable_contents(section: Section, document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for part in section.parts:
        content = document.get(part.key)
        if part.key == VISIT_KEY or part.perishable or is_unknown(content):
            continue
        stable = stable_content(part, content)
        if stable not in (None, {}, []):
            yield part.key, stable


def stable_content(part: AnyPart, content: Any) -> Any:
    if isinstance(part, Single):
        return None if part.field.perishable else content
    if isinstance(part, Group):
        return stable_fields(part.fields, content)
    if isinstance(part, Results):
        return content
    kept = (stable_fields(record_fields(part, record), record) for record in content)
    return [record for record in kept if says_something(part, record)]


def stable_fields(fields: Mapping[str, Field], content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if not (is_unknown(value) or fields[name].perishable)}


def says_something(part: AnyPart, record: Collection[str]) -> bool:
    """Return whether a record still says something once its perishable answers are left out.

    An entry of the history whose status is unknown has lost it by then, and says nothing.
    """
    return "status" in record if isinstance(part, Checklist) else bool(record)
