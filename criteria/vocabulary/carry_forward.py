"""Carry-forward of one visit's answers to another visit of the same subject: all that is not perishable."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from criteria.vocabulary.links import VISIT_DATE
from criteria.vocabulary.not_done import has_result
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
        return [result for result in content if has_result(result)]
    stable = (record for record in content if not is_asked_anew(part, record))
    kept = (stable_fields(record_fields(part, record), record) for record in stable)
    return [record for record in kept if says_something(part, record)]


def entries_asked_anew(section: Section, document: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the known entries of the perishable conditions of a valid document's section, by the key of their part.

    They do not carry forward: each condition is asked anew, and answered with these in view.
    """
    found = {}
    for part in section.parts:
        content: Any = document.get(part.key)
        if isinstance(part, Checklist) and not is_unknown(content):
            found[part.key] = [entry for entry in content if is_asked_anew(part, entry) and is_known_entry(entry)]
    return {key: entries for key, entries in found.items() if entries}


def is_asked_anew(part: AnyPart, record: Mapping[str, Any]) -> bool:
    return isinstance(part, Checklist) and part.conditions[record["condition"]].perishable


def is_known_entry(entry: Mapping[str, Any]) -> bool:
    """Return whether an entry of the history says that the condition is absent, past or current."""
    return not is_unknown(entry.get("status"))


def stable_fields(fields: Mapping[str, Field], content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if not (is_unknown(value) or fields[name].perishable)}


def says_something(part: AnyPart, record: Collection[str]) -> bool:
    """Return whether a record still says something once its perishable answers are left out.

    An entry of the history whose status is unknown has lost it by then, and says nothing.
    """
    return "status" in record if isinstance(part, Checklist) else bool(record)
