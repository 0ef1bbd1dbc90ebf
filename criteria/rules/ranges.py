"""Ranges: a point, a partial date, a result reported as `< 20`, an age from a birth year.

A comparison that holds for every pair of values of two ranges is true, one that holds for none is false, any
other is unknown. None stands for a bound that does not exist, and for a value of which nothing is known.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth

Exact = Decimal | Fraction | int


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
        return self.low is not None and (self.low is self.high or self.low == self.high)

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


def reported_range(value: Any, comparator: str | None, *, signed: bool = False) -> Range:
    """Return the values that a laboratory's `< 20`, `<= 20`, `> 20` or plain `20` may mean.

    None of them is below zero, unless the test is `signed`.
    """
    if comparator in ("<", "<="):
        return Range(None if signed else value * 0, value, False, comparator == "<")
    if comparator in (">", ">="):
        return Range(value, None, comparator == ">", False)
    return Range(value, value)


def is_below(left: Range | None, right: Range | None) -> Truth:
    """Return whether left < right; unknown where nothing is known of one of them."""
    if left is None or right is None:
        return UNKNOWN
    high, low = left.high, right.low
    if high is not None and low is not None and (high < low or (high == low and (left.high_open or right.low_open))):
        return TRUE
    if left.low is not None and right.high is not None and left.low >= right.high:
        return FALSE
    return UNKNOWN


def is_at_most(left: Range | None, right: Range | None) -> Truth:
    """Return whether left <= right; unknown where nothing is known of one of them."""
    if left is None or right is None:
        return UNKNOWN
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
    if left.is_point and right.is_point:
        return point(left.low - right.low)
    low = None if left.low is None or right.high is None else left.low - right.high
    high = None if left.high is None or right.low is None else left.high - right.low
    return Range(low, high, left.low_open or right.high_open, left.high_open or right.low_open)


def add_ranges(left: Range, right: Range) -> Range:
    if left.is_point and right.is_point:
        return point(left.low + right.low)
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


def signed_product(left: Range, right: Range) -> Range | None:
    """Return the product, also of ranges that may be negative or have no end; None where it may be any number."""
    found = multiply_ranges(left, right)
    return product_range(left, right) if found is None else found


def signed_quotient(left: Range, right: Range) -> Range | None:
    """Return the quotient, also of ranges that may be negative or have no end.

    None where it may be any number, and where the divisor is zero or may lie on both sides of it; that it is zero where
    it may be zero at one end is left out, as a quotient by zero is not known anyway.
    """
    if right.is_point and not right.low:
        return None
    found = divide_ranges(left, right)
    if found is not None or (left.is_point and right.is_point):
        return found
    inverse = inverse_range(right)
    return None if inverse is None else product_range(left, inverse)


def inverse_range(value: Range) -> Range | None:
    """Return one over a range that lies on one side of zero; None for any other."""
    low, high = value.low, value.high
    if low is not None and low >= 0 and (high is None or high > 0):
        least, most = (low * 0 if high is None else high / (high * high)), (low / (low * low) if low > 0 else None)
        return Range(least, most, high is None or value.high_open, value.low_open and most is not None)
    if high is not None and high <= 0 and (low is None or low < 0):
        least, most = (high / (high * high) if high < 0 else None), (high * 0 if low is None else low / (low * low))
        return Range(least, most, value.high_open and least is not None, low is None or value.low_open)
    return None


def product_range(left: Range, right: Range) -> Range | None:
    """Return the product of two ranges of any sign, whose ends may be missing; None where it may be any number."""
    corners = [
        corner for one in ends_of(left) for other in ends_of(right) if (corner := corner_of(one, other)) is not None
    ]
    falls, rises = (any(corner == (None, sign) for corner in corners) for sign in (-1, 1))
    found = [corner for corner in corners if corner[0] is not None]
    low = None if falls else min(end for end, _open in found)
    high = None if rises else max(end for end, _open in found)
    if low is None and high is None:
        return None
    with_zero = holds_zero(left) or holds_zero(right)
    low_open, high_open = (is_open_at(end, found, with_zero=with_zero) for end in (low, high))
    return Range(low, high, low_open, high_open)


def ends_of(value: Range) -> list[tuple[Any, Any]]:
    """Return both ends, each with whether it is open; in place of an end that does not exist, None and its sign."""
    return [
        (None, -1) if value.low is None else (value.low, value.low_open),
        (None, 1) if value.high is None else (value.high, value.high_open),
    ]


def corner_of(one: tuple[Any, Any], other: tuple[Any, Any]) -> tuple[Any, Any]:
    """Return the product of two ends in their form; zero times whatever has no end is zero."""
    (first, first_open), (second, second_open) = one, other
    if first is not None and second is not None:
        return first * second, first_open or second_open
    if first is None and second is None:
        return None, first_open * second_open
    finite, sign = (second, first_open) if first is None else (first, second_open)
    if not finite:
        return finite, False
    return None, sign if finite > 0 else -sign


def is_open_at(end: Any, corners: list[tuple[Any, Any]], *, with_zero: bool) -> bool:
    """Return whether an end of a product is never reached: zero is where a factor can be, any other at a corner."""
    if end is None:
        return False
    return not with_zero if not end else all(is_open for corner, is_open in corners if corner == end)


def holds_zero(value: Range) -> bool:
    """Return whether zero is one of the values."""
    above = value.low is None or value.low < 0 or (value.low == 0 and not value.low_open)
    return bool(above and (value.high is None or value.high > 0 or (value.high == 0 and not value.high_open)))


def reaches_zero(value: Range) -> bool:
    """Return whether zero is the lowest value and included.

    Whatever such a range is multiplied or divided by, zero is reached.
    """
    return value.low == 0 and not value.low_open


# Exact numbers within a computation


class Ratio:
    """The quotient of two whole numbers, the second above zero: a Fraction that no step reduces, much cheaper.

    It is compared with any exact number. What is computed is shown and kept as a Fraction (`reduced_range`).
    """

    __slots__ = ("bottom", "top")

    def __init__(self, top: int, bottom: int) -> None:
        self.top = top
        self.bottom = bottom

    def __add__(self, other: Ratio) -> Ratio:
        return Ratio(self.top * other.bottom + other.top * self.bottom, self.bottom * other.bottom)

    def __sub__(self, other: Ratio) -> Ratio:
        return Ratio(self.top * other.bottom - other.top * self.bottom, self.bottom * other.bottom)

    def __mul__(self, other: Ratio | int) -> Ratio:
        if isinstance(other, int):
            return Ratio(self.top * other, self.bottom)
        return Ratio(self.top * other.top, self.bottom * other.bottom)

    def __truediv__(self, other: Ratio) -> Ratio:
        """Return the quotient; `other` is not zero."""
        top, bottom = self.top * other.bottom, self.bottom * other.top
        return Ratio(top, bottom) if bottom > 0 else Ratio(-top, -bottom)

    def __bool__(self) -> bool:
        return self.top != 0

    def __lt__(self, other: Ratio | Exact) -> bool:
        top, bottom = parts_of(other)
        return self.top * bottom < top * self.bottom

    def __le__(self, other: Ratio | Exact) -> bool:
        top, bottom = parts_of(other)
        return self.top * bottom <= top * self.bottom

    def __gt__(self, other: Ratio | Exact) -> bool:
        return not self <= other

    def __ge__(self, other: Ratio | Exact) -> bool:
        return not self < other

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Ratio | Exact):
            return NotImplemented
        top, bottom = parts_of(other)
        return self.top * bottom == top * self.bottom

    def __hash__(self) -> int:
        return hash(Fraction(self.top, self.bottom))


def parts_of(number: Ratio | Exact) -> tuple[int, int]:
    return (number.top, number.bottom) if isinstance(number, Ratio) else number.as_integer_ratio()


def ratio_of(number: Exact) -> Ratio:
    return Ratio(*number.as_integer_ratio())


def ratio_range(value: Range) -> Range:
    """Return the same range in ratios, to compute with."""
    low = None if value.low is None else ratio_of(value.low)
    high = low if value.is_point else None if value.high is None else ratio_of(value.high)
    return Range(low, high, value.low_open, value.high_open)


def reduced_range(value: Range) -> Range:
    """Return a range of ratios in fractions, to show and to keep."""
    low = None if value.low is None else Fraction(value.low.top, value.low.bottom)
    high = low if value.is_point else None if value.high is None else Fraction(value.high.top, value.high.bottom)
    return Range(low, high, value.low_open, value.high_open)
