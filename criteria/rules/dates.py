"""Days as ordinals, partial dates as ranges of days, windows by the calendar.

A partial date (`2026`, `2026-03`) is the interval of days that it covers. Months and years are counted by the
calendar and clamped to the last day of the month; weeks and days are counted in days.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal
from functools import lru_cache

from criteria.rules.ranges import Range

ISO_DATE = re.compile(r"(\d{4})(?:-(?!00)(\d{2})(?:-(?!00)(\d{2}))?)?", re.ASCII)
CALENDAR_YEARS = range(1850, 2200)  # outside it a date is a slip of the pen, and windows could leave the calendar
LAST_DAY = date(CALENDAR_YEARS[-1], 12, 31).toordinal()
MONTHS_PER_UNIT = {"mo": 1, "a": 12}
DAYS_PER_UNIT = {"d": 1, "wk": 7}


class Days(Range):
    """A date as it was written, with the first and the last day (proleptic ordinals) that it may mean."""

    __slots__ = ("text",)

    def __init__(self, low: int, high: int, text: str) -> None:
        super().__init__(low, high)
        self.text = text


@lru_cache(maxsize=8192)
def parse_date(text: str) -> Days:
    """Return the days of an ISO 8601 date, whole or partial; raise ValueError where there is no such date."""
    match = ISO_DATE.fullmatch(text)
    if not match or int(match[1]) not in CALENDAR_YEARS:
        raise ValueError(text)
    year, month, day = (int(group) if group else None for group in match.groups())
    first = date(year or 0, month or 1, day or 1)
    last = date(first.year, month or 12, day or monthrange(first.year, month or 12)[1])
    return Days(first.toordinal(), last.toordinal(), text)


def single_day(ordinal: int) -> Days:
    """Return the date of one day, given its ordinal."""
    return Days(ordinal, ordinal, iso_date(ordinal))


def iso_date(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


@lru_cache(maxsize=8192)
def shift_day(ordinal: int, count: int, unit: str) -> int:
    """Return the day `count` units later (earlier where negative).

    Six months before 31 August is the last day of February.
    """
    if unit in DAYS_PER_UNIT:
        return min(max(ordinal + count * DAYS_PER_UNIT[unit], date.min.toordinal()), date.max.toordinal())
    day = date.fromordinal(ordinal)
    year, month = divmod(day.year * 12 + day.month - 1 + count * MONTHS_PER_UNIT[unit], 12)
    year = min(max(year, date.min.year), date.max.year)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])).toordinal()


def first_clear_day(last: int, count: int, unit: str) -> int:
    """Return the first anchor for which an event that ends on day `last` lies before the window.

    Months are clamped, so the anchor is searched for.
    """
    anchor = shift_day(last, count, unit)
    while shift_day(anchor, -count, unit) <= last:
        anchor += 1
    return anchor


def shift_range(days: Range, count: int, unit: str) -> Range:
    return Range(shift_day(days.low, count, unit), shift_day(days.high, count, unit))


@lru_cache(maxsize=8192)
def age(birth: int, on: int) -> Decimal:
    """Return the completed years, zero before the birth; a birthday on 29 February falls on 1 March in other years."""
    born, today = date.fromordinal(birth), date.fromordinal(on)
    return Decimal(max(today.year - born.year - ((today.month, today.day) < (born.month, born.day)), 0))


def age_range(birth: Range, on: Range) -> Range:
    """Return the completed years between two dates, either of which may be partial; never below zero."""
    return years_between(birth.low, birth.high, on.low, on.high)


@lru_cache(maxsize=8192)
def years_between(earliest_birth: int, latest_birth: int, first: int, last: int) -> Range:
    return Range(age(min(latest_birth, first), first), age(min(earliest_birth, last), last))


def months_range(birth: Range, on: Range) -> Range:
    """Return the completed months between two dates, either of which may be partial; never below zero."""
    earliest, latest = min(birth.low, on.high), min(birth.high, on.low)
    return Range(completed_months(latest, on.low), completed_months(earliest, on.high))


@lru_cache(maxsize=8192)
def completed_months(birth: int, on: int) -> Decimal:
    """Return the completed months, zero before the birth; a month from 31 January is completed on 1 March."""
    born, today = date.fromordinal(birth), date.fromordinal(on)
    return Decimal(max((today.year - born.year) * 12 + today.month - born.month - (today.day < born.day), 0))
