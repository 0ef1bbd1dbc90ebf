"""Conversion between entered text and the JSON values of a visit document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from criteria.vocabulary import Field
from criteria.vocabulary.parts import UNKNOWN
from criteria.vocabulary.spellings import Number, plain_text, read_time
from screening.crf.typed import IsPlausible, read_date, read_quantity

NONE_OF_THESE_CODE = "none_of_these"
NUMERIC = ("number", "integer")
DATES = ("day", "date")


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


def answer_values(
    questions: Mapping[str, Field], given: Mapping[str, Any], stored: Mapping[str, Any], read: Callable[[str, Any], Any]
) -> dict[str, Any]:
    """Return the values of the questions that were answered, each as `read` reads it.

    An input left as it was gives back the stored value itself.
    """
    found: dict[str, Any] = {}
    for name, field in questions.items():
        if name in stored and is_unchanged(input_value(field, stored[name]), given.get(name)):
            found[name] = stored[name]
        elif (value := read(name, given.get(name))) is not None:
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


def entered_value(field: Field, given: Any, is_plausible: IsPlausible | None = None, not_before: str = "") -> Any:
    """Return the JSON value of an entry, None where it is empty; what has no one meaning stays text.

    `is_plausible` decides where a point may part thousands; by default the field's own range does. A day is
    `not_before` another ISO day, where that is known.
    """
    if field.type == "codes":
        return ticked_codes(given)
    if not given or not given.strip() or (given == UNKNOWN and UNKNOWN not in field.choices):
        return None
    if field.type in NUMERIC:
        value = read_quantity(given, field.unit, is_plausible or plausible_for(field))
        return given.strip() if value is None else value
    if field.type in DATES:
        whole, past = field.type == "day", field.future == "refused"
        return read_date(given, whole=whole, past=past, nearest=True, not_before=not_before) or given.strip()
    if field.type == "text" and not field.pattern:
        return given
    return (read_time(given) if field.pattern else "") or plain_text(given)


def plausible_for(field: Field) -> IsPlausible:
    """Return which numbers are plausible for a field; any within its limits where it names no range."""
    low, high = field.plausible or (field.minimum, field.maximum)
    return lambda number: low <= number and (high is None or number <= high)


def entered_text(field: Field, given: str, is_plausible: IsPlausible | None = None, not_before: str = "") -> str:
    """Return what the input shows for an entry: the date, time or number that it means, else what was typed."""
    is_read = field.type in (*NUMERIC, *DATES) or field.pattern
    value = entered_value(field, given, is_plausible, not_before) if is_read else given
    if value is None or isinstance(value, str):
        return value or given
    return number_text(value)


def number_text(value: Number) -> str:
    return format(Decimal(value), "f")
