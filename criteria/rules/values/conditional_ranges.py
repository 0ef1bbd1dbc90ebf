"""Ranges of values that depend on conditions: what is known already bounds them, what is unknown widens them.

Filling in an unknown only ever narrows such a range. The values of records are ranges of ratios.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

from criteria.rules.ranges import Range, Ratio, add_ranges, point
from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth

KnownRange = Range | None  # None: nothing is known
ZERO = point(Ratio(0, 1))


def count_range(truths: Sequence[Truth], *, complete: bool) -> Range:
    """Return how many conditions hold; there may be any number more unless the list of them is `complete`."""
    least = sum(truth is TRUE for truth in truths)
    return Range(least, sum(truth is not FALSE for truth in truths) if complete else None)


def score_range(points: Iterable[Any], truths: Iterable[Truth]) -> Range:
    """Return the sum of the points of the conditions that hold."""
    low = high = 0
    for number, truth in zip(points, truths, strict=True):
        low += number if truth is TRUE else min(number, 0) if truth is UNKNOWN else 0
        high += number if truth is TRUE else max(number, 0) if truth is UNKNOWN else 0
    return Range(low, high)


def case_range(truths: Iterable[Truth], values: Iterable[KnownRange], otherwise: KnownRange) -> KnownRange:
    """Return the value of the first condition that holds; of each that may be the first, whatever it may be."""
    possible: list[KnownRange] = []
    for truth, value in zip(truths, values, strict=True):
        if truth is not FALSE:
            possible.append(value)
        if truth is TRUE:
            return spanning(possible)
    return spanning([*possible, otherwise])


def spanning(values: Sequence[KnownRange]) -> KnownRange:
    """Return the smallest range that holds all of several; None where of one nothing is known."""
    known = [value for value in values if value is not None]
    return reduce(span_of, known) if known and len(known) == len(values) else None


def span_of(one: Range, other: Range) -> Range:
    low, low_open = outer_end((one.low, one.low_open), (other.low, other.low_open), lowest=True)
    high, high_open = outer_end((one.high, one.high_open), (other.high, other.high_open), lowest=False)
    return Range(low, high, low_open, high_open)


def extreme_range(which: str, values: Sequence[KnownRange]) -> KnownRange:
    """Return the smallest (`min`) or the largest (`max`) of several values; a known one bounds it from one side."""
    ends = [value or Range(None, None) for value in values]
    lowest = which == "min"
    near = [(each.high, each.high_open) if lowest else (each.low, each.low_open) for each in ends]
    far = [(each.low, each.low_open) if lowest else (each.high, each.high_open) for each in ends]
    bounding = [end for end in near if end[0] is not None]
    inner = reduce(lambda one, other: inner_end(one, other, lowest=lowest), bounding) if bounding else (None, False)
    outer = reduce(lambda one, other: outer_end(one, other, lowest=lowest), far)
    (low, low_open), (high, high_open) = (outer, inner) if lowest else (inner, outer)
    return None if low is None and high is None else Range(low, high, low_open, high_open)


def outer_end(one: tuple[Any, bool], other: tuple[Any, bool], *, lowest: bool) -> tuple[Any, bool]:
    """Return the end that is farther out; None has no end. Of two alike, the one that is included."""
    if one[0] is None or other[0] is None:
        return None, False
    if one[0] == other[0]:
        return one[0], one[1] and other[1]
    return one if (one[0] < other[0]) == lowest else other


def inner_end(one: tuple[Any, bool], other: tuple[Any, bool], *, lowest: bool) -> tuple[Any, bool]:
    """Return the smaller of two upper ends (`lowest`), or the larger of two lower ones; of two alike, the open one."""
    if one[0] == other[0]:
        return one[0], one[1] or other[1]
    return one if (one[0] < other[0]) == lowest else other


def aggregate_range(
    function: str, values: Sequence[KnownRange], truths: Sequence[Truth], otherwise: KnownRange, *, complete: bool
) -> KnownRange:
    """Return one number of the records that count.

    `values` and `truths` are, record by record, the value and whether it counts; `otherwise` holds where none counts.
    """
    maybe = [value for value, truth in zip(values, truths, strict=True) if truth is UNKNOWN]
    sure = [value for value, truth in zip(values, truths, strict=True) if truth is TRUE]
    if function == "sum":
        return sum_range(sure, maybe) if complete else None
    if not complete:
        return bounded_by(function, sure)
    if not sure and not maybe:
        return otherwise
    possible = [*sure, *maybe] if sure else [*maybe, otherwise]
    if not maybe:
        return mean_range(sure) if function == "mean" else extreme_range(function, sure)
    if function == "mean" or not sure:
        return spanning(possible)
    return bounds_of_both(function, extreme_range(function, sure), spanning(possible))


def sum_range(sure: Iterable[KnownRange], maybe: Iterable[KnownRange]) -> KnownRange:
    total = ZERO
    for value in (*sure, *(spanning([value, ZERO]) for value in maybe)):
        if value is None:
            return None
        total = add_ranges(total, value)
    return total


def mean_range(values: Sequence[KnownRange]) -> KnownRange:
    total = sum_range(values, ())
    if total is None:
        return None
    low, high = (None if end is None else end / Ratio(len(values), 1) for end in (total.low, total.high))
    return Range(low, high, total.low_open, total.high_open)


def bounded_by(function: str, sure: Sequence[KnownRange]) -> KnownRange:
    """Return the smallest or largest of an incomplete list: the records that count bound it from one side."""
    found = extreme_range(function, sure) if sure and function != "mean" else None
    if found is None:
        return None
    if function == "min":
        return None if found.high is None else Range(None, found.high, False, found.high_open)
    return None if found.low is None else Range(found.low, None, found.low_open, False)


def bounds_of_both(function: str, sure: KnownRange, every: KnownRange) -> KnownRange:
    """Return the smallest or largest of records that count and of others that may: at most, or at least, the first."""
    if sure is None:
        return None
    if function == "min":
        low, low_open = (None, False) if every is None else (every.low, every.low_open)
        found = Range(low, sure.high, low_open, sure.high_open)
    else:
        high, high_open = (None, False) if every is None else (every.high, every.high_open)
        found = Range(sure.low, high, sure.low_open, high_open)
    return None if found.low is None and found.high is None else found
