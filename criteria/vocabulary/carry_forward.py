"""What of one visit still says something at another visit of the same person: all that is not perishable."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from criteria.vocabulary.links import VISIT_DATE
from criteria.vocabulary.parts import AnyPart, Checklist, Field, Group, Results, Section, Single
from criteria.vocabulary.validate import record_fields
from criteria.vocabulary.values import is_unknown

VISIT = VISIT_DATE.split(".")[0]  # what is said of a visit is never said of another


def stable_part(section: Section, document: Mapping[str, Any]) -> dict[str, Any]:
    """What of a valid document's section carries over to another visit; empty things are left out.

    That a list was reviewed does not carry over: there may be more to put on it by now.
    """
    return dict(stable_contents(section, document))


def stable_contents(section: Section, document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for part in section.parts:
        content = document.get(part.key)
        if part.key == VISIT or part.perishable or is_unknown(content):
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
    """An entry of the history whose status is not known has lost it by now, and says nothing."""
    return "status" in record if isinstance(part, Checklist) else bool(record)
