"""Whether a condition can be true, and whether it can be false, for any document at all.

It cannot only where that is proven: from what each fact can be, and from several limits on one value. What is merely
not seen through counts as possible. A result reported as `< 0` is taken for no value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any, NamedTuple

from criteria.rules import nodes as n
from criteria.rules.facts import Limit, Schema
from criteria.rules.fold import Algebra, fold
from criteria.rules.kinds import Kind
from criteria.rules.possible.values import Domains, Find, Key, Lists, PossibleValues, Value, in_record, met, spanned
from criteria.rules.ranges import Range, point
from criteria.rules.units import EXACT

# What must be so of the values for a condition to come out one way: by value, for each family of units the range that
# is left, None where none is.
Box = Mapping[Key, tuple[Range | None, ...]]
OPPOSITE: Mapping[str, n.Operator] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class Possible(NamedTuple):
    """What must be so for a condition to be true, and to be false; None where it cannot be."""

    true: Box | None
    false: Box | None


Judge = Callable[[Lists], Possible]
EITHER = Possible({}, {})


def possible(
    rule: n.Node,
    schema: Schema,
    limits: Mapping[str, Limit],
    kinds: Mapping[int, Kind],
    domains: Domains,
    lists: Lists = (),
) -> Possible:
    """Of a checked rule, or of a condition within it and within these lists of records."""
    judge: Judge = fold(rule, Possibilities(schema, limits, kinds, domains))
    return judge(lists)


class Possibilities(PossibleValues, Algebra):
    def visit_if_known(self, node: n.IfKnown, given: tuple[Find, ...], then: Any, otherwise: Any) -> Any:
        def run(lists: Lists) -> Value | Possible:
            one, other = then(lists), otherwise(lists)
            if isinstance(one, Possible):
                return Possible(either((one.true, other.true)), either((one.false, other.false)))
            key = ("if_known", *(fact(lists).key for fact in given), one.key, other.key)
            alike = len(one.ranges) == len(other.ranges)
            return Value(key, tuple(map(spanned, one.ranges, other.ranges)) if alike else ())

        return run

    def visit_compare(self, node: n.Compare, left: Find, right: Find) -> Judge:
        def run(lists: Lists) -> Possible:
            value = left(lists)
            bounds = self.bounds_of(node, right(lists))
            if not value.ranges or len(bounds) != len(value.ranges):
                return EITHER
            return Possible(
                box(value, node.operator, bounds),
                box(value, OPPOSITE[node.operator], bounds),
            )

        return run

    def bounds_of(self, node: n.Compare, right: Value) -> tuple[Range, ...]:
        """What the right side can be, for each family of units of the left, in the family's first unit."""
        if not isinstance(node.right, n.Param | n.ByUnit):
            return right.ranges
        quantity = self.kinds[id(node.left)].quantity
        params = (node.right,) if isinstance(node.right, n.Param) else node.right.limits
        bounds = {}
        for limit in (self.limits[param.name] for param in params):
            if limit.value is not None:
                value = EXACT.multiply(limit.value, quantity.factor(limit.unit))
                bounds[quantity.family(limit.unit)] = point(value)
        return tuple(bounds[family] for family in sorted(bounds))

    def visit_one_of(self, node: n.OneOf, arg: Find) -> Judge:
        return lambda lists: EITHER

    def visit_has(self, node: n.Has, arg: Find) -> Judge:
        return lambda lists: EITHER

    def visit_known(self, node: n.Known, arg: Find) -> Judge:
        return lambda lists: EITHER

    def visit_detected(self, node: n.Detected, result: Find) -> Judge:
        return lambda lists: EITHER

    def visit_within(self, node: n.Within, event: Find, period: Find, anchor: Find) -> Judge:
        """An open window holds for any event; no day lies after another and no later."""
        value = self.limits[node.period.name].value
        if value is None:
            return lambda lists: Possible({}, None)
        return lambda lists: Possible(None, {}) if value == 0 and node.direction == "after" else EITHER

    def visit_some(self, node: n.Some, where: Judge) -> Judge:
        """False of a condition that is asked only by an entry of which it is false; of any other list by no record."""
        by_entry = self.schema.records[node.records].absence == "asked" and not node.other

        def run(lists: Lists) -> Possible:
            inner = where((node.records, *lists))
            return Possible(outside_record(inner.true), outside_record(inner.false) if by_entry else {})

        return run

    def visit_latest(self, node: n.Latest, where: Judge, by: Find, then: Judge, otherwise: Judge) -> Judge:
        def run(lists: Lists) -> Possible:
            inner, outer = (node.records, *lists), otherwise(lists)
            counting, found = where(inner).true, then(inner)
            true, false = (outside_record(both((counting, one))) for one in (found.true, found.false))
            return Possible(either((true, outer.true)), either((false, outer.false)))

        return run

    def visit_not(self, node: n.Not, arg: Judge) -> Judge:
        def run(lists: Lists) -> Possible:
            inner = arg(lists)
            return Possible(inner.false, inner.true)

        return run

    def visit_all_of(self, node: n.AllOf, args: tuple[Judge, ...]) -> Judge:
        def run(lists: Lists) -> Possible:
            found = [arg(lists) for arg in args]
            return Possible(both(one.true for one in found), either(one.false for one in found))

        return run

    def visit_any_of(self, node: n.AnyOf, args: tuple[Judge, ...]) -> Judge:
        def run(lists: Lists) -> Possible:
            found = [arg(lists) for arg in args]
            return Possible(either(one.true for one in found), both(one.false for one in found))

        return run

    def visit_judgement(self, node: n.Judgement, about: Find) -> Judge:
        return lambda lists: Possible(None, None)

    def visit_named(self, node: n.Named, arg: Judge) -> Judge:
        return arg


def box(value: Value, operator: str, bounds: tuple[Range, ...]) -> Box | None:
    """What a comparison that holds leaves of a value."""
    return both(({value.key: value.ranges}, {value.key: tuple(side(operator, bound) for bound in bounds)}))


def side(operator: str, bound: Range) -> Range:
    """Every value that stands in this relation to some value of the bound."""
    if operator in ("<", "<="):
        return Range(None, bound.high, False, operator == "<" or bound.high_open)
    return Range(bound.low, None, operator == ">" or bound.low_open, False)


def both(boxes: Iterable[Box | None]) -> Box | None:
    """What all demand; None where one cannot be, or no family of units of a value is left."""
    found: dict[Key, tuple[Range | None, ...]] = {}
    for one in boxes:
        if one is None:
            return None
        for key, ranges in one.items():
            found[key] = tuple(map(common, found[key], ranges)) if key in found else ranges
            if all(left is None for left in found[key]):
                return None
    return found


def either(boxes: Iterable[Box | None]) -> Box | None:
    """What each demands alike; None where none can be."""
    able = [one for one in boxes if one is not None]
    if not able:
        return None
    keys = [key for key in able[0] if all(key in one for one in able)]
    return {key: reduce(widened, (one[key] for one in able)) for key in keys}


def common(one: Range | None, other: Range | None) -> Range | None:
    return None if one is None or other is None else met(one, other)


def widened(ranges: tuple[Range | None, ...], others: tuple[Range | None, ...]) -> tuple[Range | None, ...]:
    pairs = zip(ranges, others, strict=True)
    return tuple(other if one is None else one if other is None else spanned(one, other) for one, other in pairs)


def outside_record(one: Box | None) -> Box | None:
    """What is left to say once the record is no longer at hand."""
    return None if one is None else {key: ranges for key, ranges in one.items() if not in_record(key)}
