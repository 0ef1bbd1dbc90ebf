"""Reading of what people type into an input: a date, a number, a result with its sign and unit in one text."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone

from criteria.vocabulary.spellings import (
    Number,
    date_readings,
    plain_text,
    read_number,
    short_date_readings,
    spelled_unit,
)

IsPlausible = Callable[[Number], bool]
IsPlausibleIn = Callable[[Number, str], bool]

TODAY_WORDS = ("today", "t", "今天", "今日")
WHOLE_YEAR = re.compile("[0-9]{4}-[0-9]{2}")
DAYS_FROM_TODAY = re.compile("[-+][0-9]{1,3}")
WHOLE_DATE = len("2026-03-14")

COMPARATOR_SIGNS = {"<=": "<=", ">=": ">=", "≤": "<=", "≥": ">=", "<": "<", ">": ">"}
ARROW = re.compile("[↑↓⬆⬇▲▼⇧⇩]")  # which a laboratory prints beside what is outside its own range
QUANTITY = re.compile(r"(?P<number>-?[0-9.,]+(?:\u00a0[0-9]{3})*)(?![0-9])(?P<rest>.*)", re.DOTALL)
PAIR = re.compile(r"(?P<first>[0-9]{2,3})\s*/\s*(?P<second>[0-9]{2,3})(?P<rest>[^0-9].*)?")
POWER = re.compile(r"(?:e\+?|[*x×]\s*10\^)(?P<power>0?[1-9]|1[0-9])(?P<rest>(?:[^0-9].*)?)", re.IGNORECASE)


class TypedResult(NamedTuple):
    """A laboratory result as one text says it; comparator and unit are empty where it does not."""

    number: Number
    comparator: str = ""
    unit: str = ""


def read_date(text: str, *, whole: bool, past: bool = False, nearest: bool = False, not_before: str = "") -> str | None:
    """Return the ISO date of a text, by the site's own calendar where it counts from today (today, -3, +7).

    None where it is no date, may mean two, or is a partial one where a `whole` date is asked. A day without a year is
    read of what lies in the `past`; of what may be planned too only as the `nearest` such day, where that is told.
    """
    plain = plain_text(text).lower()
    if is_counted(plain):
        days = 0 if plain in TODAY_WORDS else int(plain)
        return (timezone.localdate() + timedelta(days=days)).isoformat()
    readings = date_readings(plain)
    if not readings:
        short = short_date_readings(plain, timezone.localdate(), past=past)
        readings = tuple(iso for iso in short if not whole or len(iso) == WHOLE_DATE)
        if nearest and len(readings) > 1:
            readings = nearest_day(readings, timezone.localdate(), not_before)
    if len(readings) != 1 or (whole and len(readings[0]) != WHOLE_DATE):
        return None
    return readings[0]


def nearest_day(readings: Collection[str], today: date, not_before: str) -> tuple[str, ...]:
    """Return of the readings of a day without a year the one that is nearest to today; all where that may be wrong.

    A day ahead may be planned, or that of last year: it is read only where what was `not_before` another ISO day cannot
    have been a year earlier.
    """
    if len({iso[4:] for iso in readings}) > 1 or any(len(iso) != WHOLE_DATE for iso in readings):
        return tuple(readings)  # day and month in either order, or the month of a year
    nearest = min(readings, key=lambda iso: abs((date.fromisoformat(iso) - today).days))
    possible = [iso for iso in readings if iso >= not_before]
    is_sure = possible == [nearest] if nearest > today.isoformat() else nearest in possible
    return (nearest,) if is_sure else tuple(readings)


def read_quantity(text: str, unit: str, is_plausible: IsPlausible) -> Number | None:
    """Return the number of a text that may name the unit of its field as well; None where it has no one meaning."""
    match = QUANTITY.fullmatch(plain_text(text))
    if not match or (match["rest"] and not spelled_unit(match["rest"], (unit,) if unit else ())):
        return None
    return read_number(match["number"], is_plausible)


def read_pair(text: str, unit: str) -> tuple[str, str] | None:
    """Return the two numbers of a blood pressure that was typed as one text, 136/82; None where it is no such text."""
    match = PAIR.fullmatch(plain_text(text)) if unit == "mm[Hg]" else None
    if not match or (match["rest"] and not spelled_unit(match["rest"], (unit,))):
        return None
    return match["first"], match["second"]


def is_interpreted(text: str, shown: str) -> bool:
    """Return whether a date is shown of which the year was not typed, so that it has to be told."""
    plain = plain_text(text)
    return WHOLE_YEAR.match(shown) is not None and shown[:4] not in plain and not is_counted(plain)


def is_counted(plain: str) -> bool:
    return plain.lower() in TODAY_WORDS or DAYS_FROM_TODAY.fullmatch(plain) is not None


def read_result(text: str, units: Collection[str], is_plausible: IsPlausibleIn) -> TypedResult | None:
    """Return the result that a text says, with its unit one of these; None where it has no one meaning."""
    comparator, quantity = split_comparator(ARROW.sub("", plain_text(text), count=1))
    match = QUANTITY.fullmatch(quantity)
    if not match:
        return None
    power, rest = 0, match["rest"].strip()
    unit = spelled_unit(rest, units)
    if not unit and (raised := POWER.fullmatch(rest)):
        power, rest = int(raised["power"]), raised["rest"].strip()
        unit = spelled_unit(rest, units)
    if rest and not unit:
        return None
    number = read_number(match["number"], lambda each: not power and is_plausible(each, unit))
    if number is not None and power:
        number = raised_number(number, power)
    return None if number is None else TypedResult(number, comparator, unit)


def split_comparator(text: str) -> tuple[str, str]:
    """Return the comparator before a result, empty where there is none, and the text after it."""
    plain = plain_text(text)
    sign = next((sign for sign in COMPARATOR_SIGNS if plain.startswith(sign)), "")
    return (COMPARATOR_SIGNS[sign], plain.removeprefix(sign).strip()) if sign else ("", text)


def raised_number(number: Number, power: int) -> int | None:
    """Return the number times a power of ten; None where it would not be whole, as a count of copies is."""
    found = Decimal(number).scaleb(power)
    return int(found) if found == found.to_integral_value() else None
