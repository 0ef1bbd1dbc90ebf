"""The values that a rule's facts, and what is computed of them, can have in any document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from criteria.rules import nodes as n
from criteria.rules.facts import Limit, Schema
from criteria.rules.kinds import Kind
from criteria.rules.ranges import Range, exact, over, point
from criteria.rules.read_values import ARITHMETIC

Key = tuple[Any, ...]
Lists = tuple[str, ...]  # the lists of records around a node, the nearest first
Domains = Mapping[str, tuple[Range, ...]]  # by path: one range for each family of units, in the family's first unit

ANYTHING = Range(None, None)
AGES = Range(Decimal(0), Decimal(130))  # completed years: nobody has lived longer


class Value(NamedTuple):
    """`key` is the same for the same value; a range for each family of units, none where it is no number or nothing
    is known."""

    key: Key
    ranges: tuple[Range, ...]


Find = Callable[[Lists], Value]


class PossibleValues:
    def __init__(self, schema: Schema, limits: Mapping[str, Limit], kinds: Mapping[int, Kind], domains: Domains):
        self.schema = schema
        self.limits = limits
        self.kinds = kinds
        self.domains = domains

    def visit_fact(self, node: n.Fact) -> Find:
        return lambda lists: Value(("fact", node.path), self.domains.get(full_path(node.path, lists), ()))

    def visit_param(self, node: n.Param) -> Find:
        value = self.limits[node.name].value
        return lambda lists: Value(("param", node.name), () if value is None else (point(value),))

    def visit_number(self, node: n.Number) -> Find:
        return lambda lists: Value(("number", node.value), (exact(point(node.value)),))

    def visit_by_unit(self, node: n.ByUnit, limits: tuple[Find, ...]) -> Find:
        return lambda lists: Value(("by_unit", *(param.name for param in node.limits)), ())  # read where it is compared

    def visit_age(self, node: n.Age, born: Find, on: Find) -> Find:
        return lambda lists: Value(("age", born(lists).key, on(lists).key), (AGES,))

    def visit_shift(self, node: n.Shift, day: Find, period: Find) -> Find:
        return lambda lists: Value(("shift", node.direction, day(lists).key, node.period.name), ())

    def visit_arithmetic(self, node: n.Arithmetic, left: Find, right: Find) -> Find:
        def find(lists: Lists) -> Value:
            one, other = left(lists), right(lists)
            ranges: tuple[Range, ...] = ()
            if len(one.ranges) == len(other.ranges) == 1:
                ranges = (ARITHMETIC[node.sign](exact(one.ranges[0]), exact(other.ranges[0])) or ANYTHING,)
            return Value((node.sign, one.key, other.key), ranges)

        return find

    def visit_in_unit(self, node: n.InUnit, arg: Find) -> Find:
        quantity = self.kinds[id(node.arg)].quantity
        factor, family = exact(point(quantity.factor(node.unit))), quantity.family(node.unit)

        def find(lists: Lists) -> Value:
            value = arg(lists)
            ranges: tuple[Range, ...] = ()
            if len(value.ranges) == len(quantity.families):
                ranges = (over(exact(value.ranges[family]), factor) or ANYTHING,)
            return Value(("in", value.key, node.unit), ranges)

        return find

    def visit_choose(self, node: n.Choose, arg: Find) -> Find:
        numbers = [number for _, number in node.cases]
        found = exact(Range(min(numbers), max(numbers)))
        return lambda lists: Value(("choose", arg(lists).key, node.cases), (found,))

    def visit_formula(self, node: n.Formula, value: Find) -> Find:
        return value


def full_path(path: str, lists: Lists) -> str:
    """A field of a record by the name of its list: `.date` within `events` is `events.date`."""
    name = path.lstrip(".")
    return path if name == path else f"{lists[len(path) - len(name) - 1]}.{name}"


def in_record(key: Key) -> bool:
    """Whether a value belongs to a record, so that it says nothing of another record."""
    if key[0] == "fact":
        return str(key[1]).startswith(".")
    return any(in_record(part) for part in key if isinstance(part, tuple) and isinstance(part[0], str))


def met(one: Range, other: Range) -> Range | None:
    """What two ranges have in common; None where that is nothing."""
    low, low_open = stricter(one.low, one.low_open, other.low, other.low_open, 1)
    high, high_open = stricter(one.high, one.high_open, other.high, other.high_open, -1)
    if low is not None and high is not None and (low > high or (low == high and (low_open or high_open))):
        return None
    return Range(low, high, low_open, high_open)


def stricter(one: Any, one_open: bool, other: Any, other_open: bool, sign: int) -> tuple[Any, bool]:
    """Of two ends the one further in; no end where there is neither."""
    if one is None or other is None:
        return (other, other_open) if one is None else (one, one_open)
    if one == other:
        return one, one_open or other_open
    return (one, one_open) if (one > other) == (sign > 0) else (other, other_open)


def spanned(one: Range, other: Range) -> Range:
    """The smallest range that holds both."""
    low, low_open = laxer(one.low, one.low_open, other.low, other.low_open, 1)
    high, high_open = laxer(one.high, one.high_open, other.high, other.high_open, -1)
    return Range(low, high, low_open, high_open)


def laxer(one: Any, one_open: bool, other: Any, other_open: bool, sign: int) -> tuple[Any, bool]:
    if one is None or other is None:
        return None, False
    if one == other:
        return one, one_open and other_open
    return (other, other_open) if (one > other) == (sign > 0) else (one, one_open)
