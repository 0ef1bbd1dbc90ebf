"""Conversion between entered text and the JSON values of a visit document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from criteria.vocabulary import Field
from criteria.vocabulary.parts import UNKNOWN

NUMBER_PATTERN = re.compile(r"-?([0-9]{1,40}(\.[0-9]{1,40})?|\.[0-9]{1,40})")
NONE_OF_THESE_CODE = "none_of_these"
NUMERIC = ("number", "integer")


def input_value(field: Field, value: Any) -> Any:
    """Return what the input shows for a stored value: a text, or a list of codes.

    Empty where the value is not known.
    """
    if field.type == "codes":
        return input_codes(field, value)
    if value is None or (value == UNKNOWN and UNKNOWN not in field.choices):
        return ""
    if field.type in NUMERIC:
        return str(int(value)) if field.type == "integer" else format(Decimal(value), "f")
    return str(value)


def input_codes(field: Field, value: Any) -> list[str]:
    if value == [] and field.empty_means_none:
        return [NONE_OF_THESE_CODE]
    return list(value) if isinstance(value, list) else []


def answer_values(asked: Mapping[str, Field], given: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the questions that were answered.

    An input left as it was gives back the stored value itself.
    """
    found: dict[str, Any] = {}
    for name, field in asked.items():
        if name in stored and is_unchanged(input_value(field, stored[name]), given.get(name)):
            found[name] = stored[name]
        elif (value := entered_value(field, given.get(name))) is not None:
            found[name] = value
    return found


def is_unchanged(shown: Any, given: Any) -> bool:
    if isinstance(shown, list):
        return sorted(shown) == sorted(given or [])
    return bool(shown == (given or ""))


def ticked_codes(given: list[str] | None) -> list[str] | None:
    """Return the codes that were ticked, None where none was; an empty list means “none of these”.

    “None of these” beside another code contradicts it, which the validator then reports.
    """
    if not given or NONE_OF_THESE_CODE not in given:
        return given or None
    others = [code for code in given if code != NONE_OF_THESE_CODE]
    return [*others, _("none of these, together with others")] if others else []


def entered_value(field: Field, given: Any) -> Any:
    """Return the JSON value of an entry, None where it is empty; what cannot be read stays text."""
    if field.type == "codes":
        return ticked_codes(given)
    if not given or not given.strip() or (given == UNKNOWN and UNKNOWN not in field.choices):
        return None
    if field.type == "text":
        return given
    return number_value(given.strip()) if field.type in NUMERIC else given.strip()


def number_value(text: str) -> int | Decimal | str:
    if not NUMBER_PATTERN.fullmatch(text):
        return text
    return Decimal(text) if "." in text else int(text)
