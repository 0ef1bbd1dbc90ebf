"""Time between two dates in days, and several half-lives as a number of days."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from criteria.rules.facts import DrugList
from criteria.rules.ranges import Range

HALF_LIFE_UNITS = {"h": Fraction(1, 24), "d": Fraction(1), "wk": Fraction(7)}  # in days


def elapsed_days(start: Range, end: Range) -> Range:
    """Return the days from one date to another, either of which may be partial; below zero where the end is earlier."""
    return Range(Decimal(end.low - start.high), Decimal(end.high - start.low))


def half_life_of(value: Any, unit: str, drugs: DrugList | None) -> Range | None:
    """Return a half-life in days: a number of `unit`, or that of the drugs that a text names; None if not known."""
    if isinstance(value, str):
        return drugs.half_life_in(value) if drugs is not None else None
    if not isinstance(value, Range):
        return None
    days = HALF_LIFE_UNITS[unit]
    low, high = (None if end is None else Fraction(end) * days for end in (value.low, value.high))
    return Range(low, high, value.low_open, value.high_open)


def whole_days(half_life: Range, times: Any) -> Range:
    """Return so many half-lives in whole days; what has begun of a day counts as a day."""
    low, high = (None if end is None else Decimal(ceil(end * Fraction(times))) for end in half_life.bounds[:2])
    return Range(low, high)
