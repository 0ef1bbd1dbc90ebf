"""Validation of one value of a visit document: a message with the value and with what would be valid."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from criteria.rules import dates
from criteria.rules.units import unit_text
from criteria.vocabulary.identifiers import IDENTIFIER_LABELS, identifier_in
from criteria.vocabulary.parts import UNKNOWN, Field

DECIMAL_COMMA = re.compile(r"\d+,\d+")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # no database keeps them
LONGEST_TEXT = 2000
MOST_DIGITS = 60


def is_unknown(value: object) -> bool:
    """Return whether a value is unknown: an absent key, null and "unknown" are the same."""
    return value is None or value == UNKNOWN


def fault_of(field: Field, value: object) -> str:
    """Return the message for a value that this field cannot hold; empty where there is no fault.

    An unknown value is never a fault.
    """
    if is_unknown(value):
        return ""
    match field.type:
        case "yn" | "code":
            return code_fault(field, value)
        case "number" | "integer":
            return number_fault(field, value)
        case "date":
            return date_fault(value)
        case "day":
            return date_fault(value, whole=True)
        case "text":
            return text_fault(value)
        case "codes":
            return "" if isinstance(value, list) else _("%s is not a list of codes") % value_excerpt(value)


def code_fault(field: Field, value: object) -> str:
    if isinstance(value, str) and value in field.choices:
        return ""
    unknown = [] if field.required else [UNKNOWN]
    return not_one_of(value, dict.fromkeys([*field.choices, *unknown]))


def not_one_of(value: object, codes: Iterable[str]) -> str:
    return _("%(value)s is not one of: %(codes)s") % {"value": value_excerpt(value), "codes": ", ".join(codes)}


def number_hint(value: object) -> str:
    """Return a hint at what would be valid where it is clear what was meant; else empty."""
    text = value.strip() if isinstance(value, str) else ""
    if DECIMAL_COMMA.fullmatch(text):
        return _(": with a decimal point it would be %s") % text.replace(",", ".")
    if text[:1] in ("<", ">", "≤", "≥"):
        return _(": of a result, the sign before it is chosen in a list of its own")
    return ""


def number_fault(field: Field, value: object) -> str:
    whole = field.type == "integer"
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        text = (_("%s is not a whole number") if whole else _("%s is not a number")) % value_excerpt(value)
        return text + number_hint(value)
    number = Decimal(value)
    if not number.is_finite() or len(number.as_tuple().digits) > MOST_DIGITS or abs(number.adjusted()) > MOST_DIGITS:
        message = _("%(value)s is not a number that can be measured (at most %(most)d digits)")
        return message % {"value": value_excerpt(value), "most": MOST_DIGITS}
    if whole and number != number.to_integral_value():
        return _("%s is not a whole number") % value_excerpt(value)
    if number < field.minimum or (field.maximum is not None and number > field.maximum):
        limits = {
            "value": value_excerpt(value),
            "least": field.minimum,
            "most": field.maximum,
            "unit": unit_text(field.unit),
        }
        if field.maximum is None:
            return (_("%(value)s is out of range: at least %(least)s %(unit)s") % limits).rstrip()
        return (_("%(value)s is out of range: from %(least)s to %(most)s %(unit)s") % limits).rstrip()
    return ""


def date_fault(value: object, *, whole: bool = False) -> str:
    try:
        days = dates.parse_date(value) if isinstance(value, str) else None
    except ValueError:
        days = None
    if days is not None and (days.is_point or not whole):
        return ""
    words = {
        "value": value_excerpt(value),
        "expected": _("a whole date such as 2026-03-14")
        if whole
        else _("a date, whole or partial: 2026-03-14, 2026-03 or 2026"),
    }
    if days is None and isinstance(value, str) and dates.ISO_DATE.fullmatch(value):
        return _("%(value)s is no date in the calendar; expected %(expected)s") % words
    return _("%(value)s is not %(expected)s") % words


def text_fault(value: object) -> str:
    if not isinstance(value, str):
        return _("%s is not text") % value_excerpt(value)
    if len(value) > LONGEST_TEXT:
        message = _("text of %(count)d characters is too long: at most %(most)d")
        return message % {"count": len(value), "most": LONGEST_TEXT}
    if UNSTORABLE.search(value):
        return _("text must not hold a NUL character or half of a surrogate pair")
    if kind := identifier_in(value):
        message = _(
            "this text holds what looks like %s: leave it out; people are known here by the screening number alone"
        )
        return message % IDENTIFIER_LABELS[kind]
    return ""


def value_excerpt(value: object) -> str:
    """Return a value as JSON text in quotation marks, shortened; an object or a list only by its kind."""
    if isinstance(value, dict | list):
        return _("an object") if isinstance(value, dict) else _("a list")
    text = (
        {True: "true", False: "false", None: "null"}[value] if value is None or isinstance(value, bool) else str(value)
    )
    return f"“{text[:60]}{'…' if len(text) > 60 else ''}”"
