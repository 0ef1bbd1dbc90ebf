"""The values that a rule's facts, and what is computed from them, can have in any document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from criteria.rules import nodes as n
from criteria.rules.facts import EnclosingLists, Limit, Schema, full_path
from criteria.rules.kinds import Kind
from criteria.rules.ranges import Range, divide_ranges, fraction_range, point, reduced_range
from criteria.rules.read_values import arithmetic
from criteria.rules.truth import UNKNOWN
from criteria.rules.values.conditional_ranges import extreme_range, score_range, spanning

ValueKey = tuple[Any, ...]
Domains = Mapping[str, tuple[Range, ...]]  # by path: one range for each family of units, in the family's first unit

ANYTHING = Range(None, None)
FROM_NOTHING = Range(Decimal(0), None)
AGES = Range(Decimal(0), Decimal(130))  # completed years: nobody has lived longer


class ValueRanges(NamedTuple):
    """A value and its possible ranges.

    `key` is the same for the same value; there is one range for each family of units, and none where it is no
    number or nothing is known.
    """

    key: ValueKey
    ranges: tuple[Range, ...]


Find = Callable[[EnclosingLists], ValueRanges]


class PossibleValues:
    def __init__(self, schema: Schema, limits: Mapping[str, Limit], kinds: Mapping[int, Kind], domains: Domains):
        self.schema = schema
        self.limits = limits
        self.kinds = kinds
        self.domains = domains

    def visit_fact(self, node: n.Fact) -> Find:
        return lambda lists: ValueRanges(("fact", node.path), self.domains.get(full_path(node.path, lists), ()))

    def visit_param(self, node: n.Param) -> Find:
        value = self.limits[node.name].value
        return lambda lists: ValueRanges(("param", node.name), () if value is None else (point(value),))

    def visit_number(self, node: n.Number) -> Find:
        return lambda lists: ValueRanges(("number", node.value), (fraction_range(point(node.value)),))

    def visit_by_unit(self, node: n.ByUnit, limits: tuple[Find, ...]) -> Find:
        return lambda lists: ValueRanges(
            ("by_unit", *(param.name for param in node.limits)), ()
        )  # read where it is compared

    def visit_age(self, node: n.Age, born: Find, on: Find) -> Find:
        ages = AGES if node.unit == "a" else Range(AGES.low, AGES.high * 12)
        return lambda lists: ValueRanges(("age", node.unit, born(lists).key, on(lists).key), (ages,))

    def visit_elapsed(self, node: n.Elapsed, start: Find, end: Find) -> Find:
        return lambda lists: ValueRanges(("days", start(lists).key, end(lists).key), (ANYTHING,))

    def visit_half_lives(self, node: n.HalfLives, of: Find, times: Find) -> Find:
        return lambda lists: ValueRanges(("half_lives", of(lists).key, node.times.name), (FROM_NOTHING,))

    def visit_shift(self, node: n.Shift, day: Find, period: Find) -> Find:
        return lambda lists: ValueRanges(("shift", node.direction, day(lists).key, node.period.name), ())

    def visit_arithmetic(self, node: n.Arithmetic, left: Find, right: Find) -> Find:
        apply = arithmetic(node.sign, self.schema.format)

        def find(lists: EnclosingLists) -> ValueRanges:
            one, other = left(lists), right(lists)
            ranges: tuple[Range, ...] = ()
            if len(one.ranges) == len(other.ranges) == 1:
                ranges = (apply(fraction_range(one.ranges[0]), fraction_range(other.ranges[0])) or ANYTHING,)
            return ValueRanges((node.sign, one.key, other.key), ranges)

        return find

    def visit_in_unit(self, node: n.InUnit, arg: Find) -> Find:
        quantity = self.kinds[id(node.arg)].quantity
        factor, family = fraction_range(point(quantity.factor(node.unit))), quantity.family(node.unit)

        def find(lists: EnclosingLists) -> ValueRanges:
            value = arg(lists)
            ranges: tuple[Range, ...] = ()
            if len(value.ranges) == len(quantity.families):
                ranges = (divide_ranges(fraction_range(value.ranges[family]), factor) or ANYTHING,)
            return ValueRanges(("in", value.key, node.unit), ranges)

        return find

    def visit_choose(self, node: n.Choose, arg: Find) -> Find:
        numbers = [number for _, number in node.cases]
        found = fraction_range(Range(min(numbers), max(numbers)))
        return lambda lists: ValueRanges(("choose", arg(lists).key, node.cases), (found,))

    def visit_lookup(self, node: n.Lookup, keys: tuple[Find, ...]) -> Find:
        found = reduced_range(self.schema.tables[node.table].range)
        return lambda lists: ValueRanges(("lookup", node.table, *(key(lists).key for key in keys)), (found,))

    def visit_power(self, node: n.Power, base: Find, exponent: Find) -> Find:
        return lambda lists: ValueRanges(("power", base(lists).key, exponent(lists).key), ())

    def visit_logarithm(self, node: n.Logarithm, arg: Find) -> Find:
        return lambda lists: ValueRanges(("log", node.base, arg(lists).key), ())

    def visit_extreme(self, node: n.Extreme, args: tuple[Find, ...]) -> Find:
        def find(lists: EnclosingLists) -> ValueRanges:
            found = [arg(lists) for arg in args]
            ranges = [fraction_range(each.ranges[0]) if len(each.ranges) == 1 else None for each in found]
            return ValueRanges((node.which, *(each.key for each in found)), single(extreme_range(node.which, ranges)))

        return find

    def visit_count(self, node: n.Count, where: Any) -> Find:
        return self.of_conditions(node, Range(Fraction(0), None))

    def visit_aggregate(self, node: n.Aggregate, value: Find, where: Any, otherwise: Find) -> Find:
        return self.of_conditions(node, None)

    def visit_score(self, node: n.Score, items: tuple[Any, ...]) -> Find:
        return self.of_conditions(node, fraction_range(score_range(node.points, [UNKNOWN] * len(node.items))))

    def of_conditions(self, node: n.Node, found: Range | None) -> Find:
        """Return a value that is like no other one."""
        return lambda lists: ValueRanges(("value", id(node)), single(found))

    def visit_case(self, node: n.Case, conditions: tuple[Any, ...], values: tuple[Find, ...], otherwise: Find) -> Find:
        def find(lists: EnclosingLists) -> ValueRanges:
            found = [value(lists).ranges for value in (*values, otherwise)]
            ranges = [fraction_range(each[0]) if len(each) == 1 else None for each in found]
            return ValueRanges(("value", id(node)), single(spanning(ranges)))

        return find

    def visit_formula(self, node: n.Formula, value: Find) -> Find:
        return value


def single(value: Range | None) -> tuple[Range, ...]:
    return () if value is None else (value,)


def is_in_record(key: ValueKey) -> bool:
    """Return whether a value belongs to a record, so that it tells nothing about another record."""
    if key[0] == "fact":
        return str(key[1]).startswith(".")
    return any(is_in_record(part) for part in key if isinstance(part, tuple) and isinstance(part[0], str))


def range_intersection(one: Range, other: Range) -> Range | None:
    """Return what two ranges have in common; None where that is nothing."""
    low, low_open = max(low_ends(one, other), default=(None, False))
    high, high_closed = min(high_ends(one, other), default=(None, True))
    if low is not None and high is not None and (low > high or (low == high and (low_open or not high_closed))):
        return None
    return Range(low, high, low_open, not high_closed)


def spanning_range(one: Range, other: Range) -> Range:
    """Return the smallest range that holds both."""
    low, low_open = (None, False) if one.low is None or other.low is None else min(low_ends(one, other))
    high, high_closed = (None, True) if one.high is None or other.high is None else max(high_ends(one, other))
    return Range(low, high, low_open, not high_closed)


def low_ends(*ranges: Range) -> list[tuple[Any, bool]]:
    """Return the low ends, each with whether it is open: of two, the greater one holds fewer values."""
    return [(each.low, each.low_open) for each in ranges if each.low is not None]


def high_ends(*ranges: Range) -> list[tuple[Any, bool]]:
    """Return the high ends, each with whether it is closed: of two, the smaller one holds fewer values."""
    return [(each.high, not each.high_open) for each in ranges if each.high is not None]
