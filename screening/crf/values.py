"""What a person types and what a visit document holds: text to JSON values, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from criteria.vocabulary import Field
from criteria.vocabulary.parts import UNKNOWN

NUMBER = re.compile(r"-?([0-9]{1,40}(\.[0-9]{1,40})?|\.[0-9]{1,40})")
NONE_OF_THESE = "none_of_these"
NUMERIC = ("number", "integer")


def typed(field: Field, value: Any) -> Any:
    """What the input shows for a stored value: text, or a list of codes; empty where the value is not known."""
    if field.type == "codes":
        return shown_codes(field, value)
    if value is None or (value == UNKNOWN and UNKNOWN not in field.choices):
        return ""
    if field.type in NUMERIC:
        return str(int(value)) if field.type == "integer" else format(Decimal(value), "f")
    return str(value)


def shown_codes(field: Field, value: Any) -> list[str]:
    if value == [] and field.empty_means_none:
        return [NONE_OF_THESE]
    return list(value) if isinstance(value, list) else []


def answers(asked: Mapping[str, Field], given: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the questions that were answered. An input left as it was gives back the stored value itself."""
    found: dict[str, Any] = {}
    for name, field in asked.items():
        if name in stored and untouched(typed(field, stored[name]), given.get(name)):
            found[name] = stored[name]
        elif (value := meant(field, given.get(name))) is not None:
            found[name] = value
    return found


def untouched(shown: Any, given: Any) -> bool:
    if isinstance(shown, list):
        return sorted(shown) == sorted(given or [])
    return bool(shown == (given or ""))


def coded(given: list[str] | None) -> list[str] | None:
    """The codes that were ticked; “none of these” beside another contradicts it, which the validator then names."""
    if not given or NONE_OF_THESE not in given:
        return given or None
    others = [code for code in given if code != NONE_OF_THESE]
    return [*others, _("none of these, together with others")] if others else []


def meant(field: Field, given: Any) -> Any:
    """The JSON value of what was typed, None where nothing was; what cannot be read stays text."""
    if field.type == "codes":
        return coded(given)
    if not given or not given.strip() or (given == UNKNOWN and UNKNOWN not in field.choices):
        return None
    if field.type == "text":
        return given
    return number(given.strip()) if field.type in NUMERIC else given.strip()


def number(text: str) -> int | Decimal | str:
    if not NUMBER.fullmatch(text):
        return text
    return Decimal(text) if "." in text else int(text)
