"""Conditions that are answered “absent” although something else says that they were there: asked back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from criteria.vocabulary.edit_checks import ABSENT, EditCheck
from criteria.vocabulary.parts import Checklist, Vocabulary
from criteria.vocabulary.validate import BARE_ENTRY, record_fields
from criteria.vocabulary.values import is_unknown

DENIALS = ("no", "none")  # of a detail: they agree with “absent”


def absent_entries(vocabulary: Vocabulary, document: Mapping[str, Any]) -> Iterator[EditCheck]:
    """Yield an edit check for every absent condition of a valid document of which details are known.

    A second entry of the condition that is past or current is such a detail too.
    """
    for part in vocabulary.parts.values():
        if isinstance(part, Checklist) and not is_unknown(document.get(part.key)):
            yield from absent_entries_of(part, document[part.key])


def absent_entries_of(part: Checklist, entries: list[Mapping[str, Any]]) -> Iterator[EditCheck]:
    present = {entry["condition"] for entry in entries if entry.get("status") in ("past", "current")}
    for index, entry in enumerate(entries):
        if entry.get("status") != "absent":
            continue
        condition = entry["condition"]
        if len(entry) <= len(BARE_ENTRY) and condition not in present:
            continue
        fields = record_fields(part, entry)
        details = [name for name in fields if name in entry and (name not in part.fields or name == "date")]
        known = [name for name in details if not is_unknown(entry[name]) and entry[name] not in DENIALS]
        if not known and condition not in present:
            continue
        label = part.conditions[condition].label
        words = [f"{fields[name].label} {fields[name].choices.get(entry[name], entry[name])}" for name in known]
        found = ", ".join([_("%(condition)s absent") % {"condition": label}, *words])
        message = _(
            "The condition is answered “absent”, and something else is recorded of it. Which of the two is right?"
        )
        paths = tuple(f"{part.key}[{index}].{name}" for name in ("status", *known))
        yield EditCheck(paths[0], f"{ABSENT} {part.key}.{condition} {found}", found, message, ABSENT, paths)
