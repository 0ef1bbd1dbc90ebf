"""One value of a visit document: what is wrong with it, said with the value and with what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from criteria.rules import dates
from criteria.rules.units import written
from criteria.vocabulary.identifiers import NAMES, identifier_in
from criteria.vocabulary.parts import UNKNOWN, Field

COMMA = re.compile(r"\d+,\d+")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # no database keeps them
LONGEST_TEXT = 2000
MOST_DIGITS = 60


def is_unknown(value: object) -> bool:
    """An absent key, null and "unknown" are the same."""
    return value is None or value == UNKNOWN


def fault_of(field: Field, value: object) -> str:
    """The message for a value that this field cannot hold; empty where there is nothing wrong. Unknown is never
    wrong."""
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
            return "" if isinstance(value, list) else _("%s is not a list of codes") % shown(value)


def code_fault(field: Field, value: object) -> str:
    if isinstance(value, str) and value in field.choices:
        return ""
    unknown = [] if field.required else [UNKNOWN]
    return not_one_of(value, dict.fromkeys([*field.choices, *unknown]))


def not_one_of(value: object, codes: Iterable[str]) -> str:
    return _("%(value)s is not one of: %(codes)s") % {"value": shown(value), "codes": ", ".join(codes)}


def number_hint(value: object) -> str:
    """What would be right where it can be seen what was meant; else empty."""
    text = value.strip() if isinstance(value, str) else ""
    if COMMA.fullmatch(text):
        return _(": with a decimal point it would be %s") % text.replace(",", ".")
    if text[:1] in ("<", ">", "≤", "≥"):
        return _(": of a result, the sign before it is chosen in a list of its own")
    return ""


def number_fault(field: Field, value: object) -> str:
    whole = field.type == "integer"
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        text = (_("%s is not a whole number") if whole else _("%s is not a number")) % shown(value)
        return text + number_hint(value)
    number = Decimal(value)
    if not number.is_finite() or len(number.as_tuple().digits) > MOST_DIGITS or abs(number.adjusted()) > MOST_DIGITS:
        message = _("%(value)s is not a number that can be measured (at most %(most)d digits)")
        return message % {"value": shown(value), "most": MOST_DIGITS}
    if whole and number != number.to_integral_value():
        return _("%s is not a whole number") % shown(value)
    if number < field.minimum or (field.maximum is not None and number > field.maximum):
        limits = {"value": shown(value), "least": field.minimum, "most": field.maximum, "unit": written(field.unit)}
        if field.maximum is None:
            return (_("%(value)s is out of range: at least %(least)s %(unit)s") % limits).rstrip()
        return (_("%(value)s is out of range: from %(least)s to %(most)s %(unit)s") % limits).rstrip()
    return ""


def date_fault(value: object, *, whole: bool = False) -> str:
    try:
        days = dates.parse(value) if isinstance(value, str) else None
    except ValueError:
        days = None
    if days is not None and (days.is_point or not whole):
        return ""
    words = {
        "value": shown(value),
        "expected": _("a whole date such as 2026-03-14")
        if whole
        else _("a date, whole or partial: 2026-03-14, 2026-03 or 2026"),
    }
    if days is None and isinstance(value, str) and dates.ISO.fullmatch(value):
        return _("%(value)s is no date in the calendar; expected %(expected)s") % words
    return _("%(value)s is not %(expected)s") % words


def text_fault(value: object) -> str:
    if not isinstance(value, str):
        return _("%s is not text") % shown(value)
    if len(value) > LONGEST_TEXT:
        message = _("text of %(count)d characters is too long: at most %(most)d")
        return message % {"count": len(value), "most": LONGEST_TEXT}
    if UNSTORABLE.search(value):
        return _("text must not hold a NUL character or half of a surrogate pair")
    if kind := identifier_in(value):
        message = _(
            "this text holds what looks like %s: leave it out; people are known here by the screening number alone"
        )
        return message % NAMES[kind]
    return ""


def shown(value: object) -> str:
    """A value as it stands in JSON, shortened."""
    if isinstance(value, dict | list):
        return _("an object") if isinstance(value, dict) else _("a list")
    text = (
        {True: "true", False: "false", None: "null"}[value] if value is None or isinstance(value, bool) else str(value)
    )
    return f"“{text[:60]}{'…' if len(text) > 60 else ''}”"
