"""Validation of one value of a visit document: a message with the value and with what would be valid."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from criteria.rules import dates
from criteria.rules.text import trim_zeros
from criteria.rules.units import unit_text
from criteria.vocabulary.identifiers import IDENTIFIER_LABELS, identifier_in
from criteria.vocabulary.parts import UNKNOWN, Field
from criteria.vocabulary.spellings import (
    Number,
    date_readings,
    is_graded,
    is_not_detected,
    is_unusable,
    number_readings,
    plain_text,
    spelled_code,
    spelled_unit,
)

TRAILING = re.compile(r"[<>≤≥=]*\s*-?[0-9][0-9.,]*\s*([^0-9\s.,].*)")
WHOLE_DATE = len("2026-03-14")
UNIT_FIELD = "unit"
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # no database keeps them
LONGEST_TEXT = 2000
PATTERNS = {"HH:MM": re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")}
MOST_DIGITS = 60
JIN = re.compile("([0-9]{1,3}(?:[.][0-9])?) ?市?斤")
SHORT_DATE = re.compile("[0-9]{1,2}(?:[-/.][0-9]{1,2}){1,2}|.*[0-9]月.*|(?:[0-9]{2})?(?:0[1-9]|1[0-2])[0-3][0-9]")


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
            return text_fault(value) or pattern_fault(field, value)
        case "codes":
            return "" if isinstance(value, list) else _("%s is not a list of codes") % value_excerpt(value)


def code_fault(field: Field, value: object) -> str:
    if isinstance(value, str) and value in field.choices:
        return ""
    unknown = [] if field.required else [UNKNOWN]
    message = not_one_of(value, dict.fromkeys([*field.choices, *unknown]))
    spelled = spelled_unit if field.name == UNIT_FIELD else spelled_code
    code = spelled(value, field.choices) if isinstance(value, str) else ""
    return _("%(message)s; write %(code)s") % {"message": message, "code": code} if code else message


def not_one_of(value: object, codes: Iterable[str]) -> str:
    return _("%(value)s is not one of: %(codes)s") % {"value": value_excerpt(value), "codes": ", ".join(codes)}


def not_a_number_text(value: object, *, whole: bool) -> str:
    text = (_("%s is not a whole number") if whole else _("%s is not a number")) % value_excerpt(value)
    return text + number_hint(value)


def number_hint(value: object) -> str:
    """Return a hint at what would be valid where it is clear what was meant; else empty."""
    text = plain_text(value) if isinstance(value, str) else ""
    readings = number_readings(text)
    if len(readings) == 2:
        words = {"whole": readings[1], "decimal": certain_text(readings[0])}
        return (
            _(": it may mean %(whole)s, in thousands, or %(decimal)s, with a decimal sign; type the one that is meant")
            % words
        )
    if readings:
        return _(": write %s") % certain_text(readings[0])
    if is_not_detected(text):
        return _(": of a test with a limit of detection (LOD), type that limit beside it as a bare number, such as 15")
    if is_unusable(text):
        return _(": the sample gave no result: say so in place of value and unit (not_done); it stays unknown")
    if is_graded(text):
        return _(": a graded result is no measured number; without a number there is no result (not_done in a file)")
    if trailing := TRAILING.fullmatch(text):
        return _(": “%s” after the number cannot be read here") % trailing[1][:20]
    if text[:1] in ("<", ">", "≤", "≥"):
        return _(": type the one number that is meant; only a laboratory result has a sign before it, its comparator")
    return ""


def certain_text(number: Number) -> str:
    """Return the number as it can be typed and has one meaning: a point before three digits might part thousands."""
    text = trim_zeros(Decimal(number))
    return text if len(number_readings(text)) == 1 else f"{text}0"


def number_fault(field: Field, value: object) -> str:
    whole = field.type == "integer"
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return jin_question(field, value) or not_a_number_text(value, whole=whole)
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


def jin_question(field: Field, value: object) -> str:
    """Return the question that a weight in jin raises, by which people in China weigh themselves; else empty."""
    match = JIN.fullmatch(plain_text(value)) if field.unit == "kg" and isinstance(value, str) else None
    if not match:
        return ""
    words = {"value": value_excerpt(value), "weight": trim_zeros(Decimal(match[1]) / 2)}
    return _("%(value)s is %(weight)s kg, at 0.5 kg to the jin: type the weight in kilograms") % words


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
    is_short = days is None and isinstance(value, str) and SHORT_DATE.fullmatch(plain_text(value)) is not None
    if days is None and not is_short and isinstance(value, str) and dates.ISO_DATE.fullmatch(value):
        return _("%(value)s is no date in the calendar; expected %(expected)s") % words
    readings = date_readings(value) if days is None and isinstance(value, str) else ()
    if len(readings) > 1:
        return _("%(value)s may mean %(readings)s: type the one that is meant") % {
            **words,
            "readings": _(" or ").join(readings),
        }
    if readings and (not whole or len(readings[0]) == WHOLE_DATE):
        return _("%(value)s is not %(expected)s: write %(plain)s") % {**words, "plain": readings[0]}
    if is_short:
        return _("%(value)s is not %(expected)s: type the date with the four digits of its year") % words
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
            "this text holds what looks like %s: leave it out; subjects are known here by the screening number alone"
        )
        return message % IDENTIFIER_LABELS[kind]
    return ""


def required_text_fault(text: str, missing: str) -> str:
    """Return the message for a text in which something must be said; `missing` is the one where nothing is."""
    return text_fault(text) if text.strip() else missing


def pattern_fault(field: Field, value: object) -> str:
    """Return the message for a text that does not follow the field's pattern; an empty one says nothing."""
    if not field.pattern or not value or (isinstance(value, str) and PATTERNS[field.pattern].fullmatch(value)):
        return ""
    return _("%s is not a time of day such as 09:30 or 14:05") % value_excerpt(value)


def value_excerpt(value: object) -> str:
    """Return a value as JSON text in quotation marks, shortened; an object or a list only by its kind."""
    if isinstance(value, dict | list):
        return _("an object") if isinstance(value, dict) else _("a list")
    text = (
        {True: "true", False: "false", None: "null"}[value] if value is None or isinstance(value, bool) else str(value)
    )
    return f"“{text[:60]}{'…' if len(text) > 60 else ''}”"
