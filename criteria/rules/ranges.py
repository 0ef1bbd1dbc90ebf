"""Ranges: a point, a partial date, a result reported as `< 20`, an age from a birth year.

A comparison that holds for every pair of values of two ranges is true, one that holds for none is false, any
other is unknown. None stands for a bound that does not exist, and for a value of which nothing is known.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth


class Range:
    """Values from `low` to `high` (int for days, Decimal or Fraction for numbers), the ends included unless open."""

    __slots__ = ("high", "high_open", "low", "low_open")

    def __init__(self, low: Any, high: Any, low_open: bool = False, high_open: bool = False) -> None:
        self.low = low
        self.high = high
        self.low_open = low_open
        self.high_open = high_open

    @property
    def is_point(self) -> bool:
        return self.low is not None and self.low == self.high

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Range) and self.bounds == other.bounds

    def __hash__(self) -> int:
        return hash(self.bounds)

    def __repr__(self) -> str:
        return f"{'(' if self.low_open else '['}{self.low}, {self.high}{')' if self.high_open else ']'}"

    @property
    def bounds(self) -> tuple[Any, Any, bool, bool]:
        return self.low, self.high, self.low_open, self.high_open


def point(value: Any) -> Range:
    return Range(value, value)


def reported_range(value: Any, comparator: str | None) -> Range:
    """Return the values that a laboratory's `< 20`, `<= 20`, `> 20` or plain `20` may mean.

    None of them is below zero.
    """
    if comparator in ("<", "<="):
        return Range(value * 0, value, False, comparator == "<")
    if comparator in (">", ">="):
        return Range(value, None, comparator == ">", False)
    return Range(value, value)


def is_below(left: Range, right: Range) -> Truth:
    """Return whether left < right."""
    high, low = left.high, right.low
    if high is not None and low is not None and (high < low or (high == low and (left.high_open or right.low_open))):
        return TRUE
    if left.low is not None and right.high is not None and left.low >= right.high:
        return FALSE
    return UNKNOWN


def is_at_most(left: Range, right: Range) -> Truth:
    """Return whether left <= right."""
    if left.high is not None and right.low is not None and left.high <= right.low:
        return TRUE
    low, high = left.low, right.high
    if low is not None and high is not None and (low > high or (low == high and (left.low_open or right.high_open))):
        return FALSE
    return UNKNOWN


def fraction_range(value: Range) -> Range:
    """Return the same range in fractions, for which division is exact."""
    low, high = (None if bound is None else Fraction(bound) for bound in (value.low, value.high))
    return Range(low, high, value.low_open, value.high_open)


def subtract_ranges(left: Range, right: Range) -> Range:
    low = None if left.low is None or right.high is None else left.low - right.high
    high = None if left.high is None or right.low is None else left.high - right.low
    return Range(low, high, left.low_open or right.high_open, left.high_open or right.low_open)


def add_ranges(left: Range, right: Range) -> Range:
    low = None if left.low is None or right.low is None else left.low + right.low
    high = None if left.high is None or right.high is None else left.high + right.high
    return Range(low, high, left.low_open or right.low_open, left.high_open or right.high_open)


def multiply_ranges(left: Range, right: Range) -> Range | None:
    """Return the product; None where nothing useful is known.

    That is where one of them may be negative (or has no lower bound) and they are not both points.
    """
    if left.is_point and right.is_point:
        return point(left.low * right.low)
    if left.low is None or right.low is None or left.low < 0 or right.low < 0:
        return None
    high = None if left.high is None or right.high is None else left.high * right.high
    low_open = (left.low_open or right.low_open) and not (reaches_zero(left) or reaches_zero(right))
    return Range(left.low * right.low, high, low_open, (left.high_open or right.high_open) and high != 0)


def divide_ranges(left: Range, right: Range) -> Range | None:
    """Return the quotient; None where nothing useful is known.

    That is where both are points and the divisor is zero, or they are not both points and one of them may be
    negative (or has no lower bound).
    """
    if left.is_point and right.is_point:
        return point(left.low / right.low) if right.low else None
    if left.low is None or right.low is None or left.low < 0 or right.low < 0:
        return None
    low = left.low * 0 if right.high is None else (left.low / right.high if right.high else None)
    high = None if left.high is None or not right.low else left.high / right.low
    low_open = (left.low_open or right.high_open or right.high is None) and not reaches_zero(left)
    return Range(low, high, low_open, (left.high_open or right.low_open) and high != 0)


def reaches_zero(value: Range) -> bool:
    """Return whether zero is the lowest value and included.

    Whatever such a range is multiplied or divided by, zero is reached.
    """
    return value.low == 0 and not value.low_open
