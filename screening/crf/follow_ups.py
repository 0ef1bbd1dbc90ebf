"""Follow-up questions: under which answers on the page something is asked, as static/js/follow_ups.js reads it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from criteria.vocabulary.parts import UNKNOWN, When
from criteria.vocabulary.values import is_unknown
from screening.crf.parts import PartForm


def set_conditions(forms: Collection[PartForm], document: Mapping[str, Any]) -> None:
    """Set on each part and each question under which answers it is asked; `document` has the other sections."""
    keys = {form.part.key for form in forms}
    for part_form in forms:
        part_form.when = condition_text(part_form.part.when, keys, document)
        for form in part_form.forms:
            for name, field in form.questions.items():
                form.fields[name].when = condition_text(field.when, keys, document)  # type: ignore[attr-defined]


def condition_text(when: When, keys: Collection[str], document: Mapping[str, Any]) -> str:
    """Return the codes by the name of the input that has one of them, as JSON; empty where it is always asked.

    Of a field beside it, the name is that of the field after a dot. A fact of another section is decided here: where
    it has none of its codes, the text is `false`.
    """
    here: dict[str, tuple[str, ...]] = {}
    for path, codes in when.items():
        key, _dot, name = path.partition(".")
        if not key:
            here[path] = codes
        elif key in keys:
            here[f"{key}-{name or 'value'}"] = codes
        elif known_codes(document, key, name).isdisjoint(codes):
            return "false"
    return json.dumps(here) if here else ""


def is_asked(when: When, beside: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    """Return whether something is asked under the answers of a document; `beside` are those of its own object."""
    for path, codes in when.items():
        key, _dot, name = path.partition(".")
        found = known_codes(document, key, name) if key else known_codes(beside, name, "")
        if found.isdisjoint(codes):
            return False
    return True


def known_codes(document: Mapping[str, Any], key: str, name: str) -> frozenset[str]:
    """Return the codes that were answered: one, or those of a list; where nothing was, the answer is not known."""
    value = document.get(key)
    if name:
        value = value.get(name) if isinstance(value, Mapping) else None
    given = [] if is_unknown(value) else value if isinstance(value, list) else [str(value)]
    return frozenset(given or [UNKNOWN])
