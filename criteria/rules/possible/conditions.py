"""Proof that a condition cannot be true, or cannot be false, for any document at all.

It is given only where it follows from the values that each fact can have and from several limits on one value.
Whatever is not analysed counts as possible. A result reported as `< 0` counts as no value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any, NamedTuple

from criteria.rules import nodes as n
from criteria.rules.facts import EnclosingLists, Limit, Schema
from criteria.rules.fold import Algebra, fold
from criteria.rules.kinds import Kind
from criteria.rules.possible.values import (
    Domains,
    Find,
    PossibleValues,
    ValueKey,
    ValueRanges,
    is_in_record,
    range_intersection,
    spanning_range,
)
from criteria.rules.ranges import Range, point
from criteria.rules.units import EXACT_CONTEXT

# What must be so of the values for a condition to come out one way: by value, for each family of units the range that
# is left, None where none is.
Box = Mapping[ValueKey, tuple[Range | None, ...]]
OPPOSITE: Mapping[str, n.Operator] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class PossibleTruths(NamedTuple):
    """The requirements for a condition to be true, and to be false; None where it cannot be."""

    true: Box | None
    false: Box | None


Judge = Callable[[EnclosingLists], PossibleTruths]
EITHER = PossibleTruths({}, {})


def possible_truths(
    rule: n.Node,
    schema: Schema,
    limits: Mapping[str, Limit],
    kinds: Mapping[int, Kind],
    domains: Domains,
    lists: EnclosingLists = (),
) -> PossibleTruths:
    """Return the possible truths of a checked rule, or of a condition within it and within these lists."""
    judge: Judge = fold(rule, Possibilities(schema, limits, kinds, domains))
    return judge(lists)


class Possibilities(PossibleValues, Algebra):
    def visit_if_known(self, node: n.IfKnown, given: tuple[Find, ...], then: Any, otherwise: Any) -> Any:
        def run(lists: EnclosingLists) -> ValueRanges | PossibleTruths:
            one, other = then(lists), otherwise(lists)
            if isinstance(one, PossibleTruths):
                return PossibleTruths(unite_boxes((one.true, other.true)), unite_boxes((one.false, other.false)))
            key = ("if_known", *(fact(lists).key for fact in given), one.key, other.key)
            alike = len(one.ranges) == len(other.ranges)
            return ValueRanges(key, tuple(map(spanning_range, one.ranges, other.ranges)) if alike else ())

        return run

    def visit_compare(self, node: n.Compare, left: Find, right: Find) -> Judge:
        def run(lists: EnclosingLists) -> PossibleTruths:
            value = left(lists)
            bounds = self.bounds_of(node, right(lists))
            if not value.ranges or len(bounds) != len(value.ranges):
                return EITHER
            return PossibleTruths(
                comparison_box(value, node.operator, bounds),
                comparison_box(value, OPPOSITE[node.operator], bounds),
            )

        return run

    def bounds_of(self, node: n.Compare, right: ValueRanges) -> tuple[Range, ...]:
        """Return the ranges of the right side, one for each family of units of the left.

        They are in the family's first unit.
        """
        if not isinstance(node.right, n.Param | n.ByUnit):
            return right.ranges
        quantity = self.kinds[id(node.left)].quantity
        params = (node.right,) if isinstance(node.right, n.Param) else node.right.limits
        bounds = {}
        for limit in (self.limits[param.name] for param in params):
            if limit.value is not None:
                value = EXACT_CONTEXT.multiply(limit.value, quantity.factor(limit.unit))
                bounds[quantity.family(limit.unit)] = point(value)
        return tuple(bounds[family] for family in sorted(bounds))

    def visit_unanalysed(self, node: n.Node, **values: Find) -> Judge:
        return lambda lists: EITHER

    visit_one_of = visit_has = visit_known = visit_detected = visit_unanalysed
    visit_common = visit_same = visit_names = visit_miscoded = visit_some_day = visit_unanalysed

    def visit_within(self, node: n.Within, event: Find, period: Find, anchor: Find) -> Judge:
        """Return the possible truths of a window.

        An open one holds for any event; one of length zero never holds `after` a day, since no day is both
        after another and no later than it.
        """
        value = self.limits[node.period.name].value
        if value is None:
            return lambda lists: PossibleTruths({}, None)
        return lambda lists: PossibleTruths(None, {}) if value == 0 and node.direction == "after" else EITHER

    def visit_some(self, node: n.Some, where: Judge) -> Judge:
        """Return the possible truths of a condition on some record.

        A condition that is asked is false only by an entry of which it is false; any other list by having no
        record.
        """
        by_entry = self.schema.records[node.records].absence == "asked" and not node.other

        def run(lists: EnclosingLists) -> PossibleTruths:
            inner = where((node.records, *lists))
            return PossibleTruths(drop_record_keys(inner.true), drop_record_keys(inner.false) if by_entry else {})

        return run

    def visit_latest(self, node: n.Latest, where: Judge, by: Find, then: Judge, otherwise: Judge) -> Judge:
        def run(lists: EnclosingLists) -> PossibleTruths:
            inner, outer = (node.records, *lists), otherwise(lists)
            counting, found = where(inner).true, then(inner)
            true, false = (drop_record_keys(intersect_boxes((counting, one))) for one in (found.true, found.false))
            return PossibleTruths(unite_boxes((true, outer.true)), unite_boxes((false, outer.false)))

        return run

    def visit_not(self, node: n.Not, arg: Judge) -> Judge:
        def run(lists: EnclosingLists) -> PossibleTruths:
            inner = arg(lists)
            return PossibleTruths(inner.false, inner.true)

        return run

    def visit_all_of(self, node: n.AllOf, args: tuple[Judge, ...]) -> Judge:
        def run(lists: EnclosingLists) -> PossibleTruths:
            found = [arg(lists) for arg in args]
            return PossibleTruths(intersect_boxes(one.true for one in found), unite_boxes(one.false for one in found))

        return run

    def visit_any_of(self, node: n.AnyOf, args: tuple[Judge, ...]) -> Judge:
        def run(lists: EnclosingLists) -> PossibleTruths:
            found = [arg(lists) for arg in args]
            return PossibleTruths(unite_boxes(one.true for one in found), intersect_boxes(one.false for one in found))

        return run

    def visit_at_least(self, node: n.AtLeast, number: Find, args: tuple[Judge, ...]) -> Judge:
        """Return the possible truths; that enough conditions could hold each by itself is taken as possible."""

        def run(lists: EnclosingLists) -> PossibleTruths:
            needed = number(lists).ranges[0].low
            found = [arg(lists) for arg in args]
            can_hold = sum(one.true is not None for one in found) >= needed
            must_hold = sum(one.false is None for one in found) >= needed
            return PossibleTruths({} if can_hold else None, None if must_hold else {})

        return run

    def visit_judgement(self, node: n.Judgement, about: Find) -> Judge:
        return lambda lists: PossibleTruths(None, None)

    def visit_named(self, node: n.Named, arg: Judge) -> Judge:
        return arg


def comparison_box(value: ValueRanges, operator: str, bounds: tuple[Range, ...]) -> Box | None:
    """Return what a comparison leaves of a value if it holds; None where nothing is left."""
    return intersect_boxes(
        ({value.key: value.ranges}, {value.key: tuple(side_range(operator, bound) for bound in bounds)})
    )


def side_range(operator: str, bound: Range) -> Range:
    """Return the range of every value that has this relation to some value of the bound."""
    if operator in ("<", "<="):
        return Range(None, bound.high, False, operator == "<" or bound.high_open)
    return Range(bound.low, None, operator == ">" or bound.low_open, False)


def intersect_boxes(boxes: Iterable[Box | None]) -> Box | None:
    """Return what all boxes require together.

    None where one of them cannot be, or no family of units of a value is left.
    """
    found: dict[ValueKey, tuple[Range | None, ...]] = {}
    for one in boxes:
        if one is None:
            return None
        for key, ranges in one.items():
            found[key] = tuple(map(common_range, found[key], ranges)) if key in found else ranges
            if all(left is None for left in found[key]):
                return None
    return found


def unite_boxes(boxes: Iterable[Box | None]) -> Box | None:
    """Return what every possible box requires alike; None where none is possible."""
    able = [one for one in boxes if one is not None]
    if not able:
        return None
    keys = [key for key in able[0] if all(key in one for one in able)]
    return {key: reduce(widen_ranges, (one[key] for one in able)) for key in keys}


def common_range(one: Range | None, other: Range | None) -> Range | None:
    return None if one is None or other is None else range_intersection(one, other)


def widen_ranges(ranges: tuple[Range | None, ...], others: tuple[Range | None, ...]) -> tuple[Range | None, ...]:
    pairs = zip(ranges, others, strict=True)
    return tuple(other if one is None else one if other is None else spanning_range(one, other) for one, other in pairs)


def drop_record_keys(one: Box | None) -> Box | None:
    """Return the requirements without those on values of the record; None stays None."""
    return None if one is None else {key: ranges for key, ranges in one.items() if not is_in_record(key)}
