"""Readers of a rule's values from the facts of a visit: each node becomes a closure, built once.

A closure returns a Range, a code, a set of codes, or None where nothing is known. Computed values are
fractions, so that nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from criteria.rules import nodes as n, ranges
from criteria.rules.dates import age_range, shift_range
from criteria.rules.facts import Facts, LaboratoryValue, Limit, RecordScope, Schema
from criteria.rules.kinds import Kind
from criteria.rules.ranges import Range, point

Value = Any
ValueReader = Callable[[Facts, RecordScope], Value]

ARITHMETIC: Mapping[str, Callable[[Range, Range], Range | None]] = {
    "plus": ranges.add_ranges,
    "minus": ranges.subtract_ranges,
    "times": ranges.multiply_ranges,
    "over": ranges.divide_ranges,
}


class ReadValues:
    def __init__(self, schema: Schema, limits: Mapping[str, Limit], kinds: Mapping[int, Kind]) -> None:
        self.schema = schema
        self.limits = limits
        self.kinds = kinds

    def visit_fact(self, node: n.Fact) -> ValueReader:
        path = node.path
        name = path.lstrip(".")
        depth = len(path) - len(name)
        if depth == 0:
            return lambda facts, scope: facts.values.get(path)
        if depth == 1:
            return lambda facts, scope: scope[0].get(name) if scope else None

        def read(facts: Facts, scope: RecordScope) -> Value:
            for _ in range(depth - 1):
                scope = scope[1] if scope else None
            return scope[0].get(name) if scope else None

        return read

    def visit_param(self, node: n.Param) -> ValueReader:
        limit = self.limits[node.name]
        value = None if limit.value is None else point(limit.value)
        return lambda facts, scope: value

    def visit_number(self, node: n.Number) -> ValueReader:
        value = ranges.fraction_range(point(node.value))
        return lambda facts, scope: value

    def visit_by_unit(self, node: n.ByUnit, limits: tuple[ValueReader, ...]) -> ValueReader:
        return lambda facts, scope: None  # read by visit_compare, which knows the unit reported

    def visit_age(self, node: n.Age, born: ValueReader, on: ValueReader) -> ValueReader:
        return lambda facts, scope: apply_known(age_range, born(facts, scope), on(facts, scope))

    def visit_shift(self, node: n.Shift, day: ValueReader, period: ValueReader) -> ValueReader:
        count, unit = self.period(node.period)
        count = -count if node.direction == "before" else count

        def read(facts: Facts, scope: RecordScope) -> Value:
            start = day(facts, scope)
            return None if start is None else shift_range(start, count, unit)

        return read

    def period(self, param: n.Param) -> tuple[int, str]:
        limit = self.limits[param.name]
        return int(limit.value or 0), limit.unit

    def visit_arithmetic(self, node: n.Arithmetic, left: ValueReader, right: ValueReader) -> ValueReader:
        apply = ARITHMETIC[node.sign]
        first, second = self.exactly(node.left, left), self.exactly(node.right, right)

        def read(facts: Facts, scope: RecordScope) -> Value:
            one, other = first(facts, scope), second(facts, scope)
            return None if one is None or other is None else apply(one, other)

        return read

    def exactly(self, node: n.Node, value: ValueReader) -> ValueReader:
        """Return a reader of an arithmetic operand in fractions; a constant is converted once."""
        if isinstance(node, n.Param):
            constant = ranges.fraction_range(point(self.limits[node.name].value))
            return lambda facts, scope: constant
        if isinstance(node, n.Arithmetic | n.InUnit | n.Number | n.Choose):
            return value

        def read(facts: Facts, scope: RecordScope) -> Value:
            found = value(facts, scope)
            return None if found is None else ranges.fraction_range(found)

        return read

    def visit_in_unit(self, node: n.InUnit, arg: ValueReader) -> ValueReader:
        quantity = self.kinds[id(node.arg)].quantity
        factor, family = ranges.fraction_range(point(quantity.factor(node.unit))), quantity.family(node.unit)

        def read(facts: Facts, scope: RecordScope) -> Value:
            value = arg(facts, scope)
            if value is None or (isinstance(value, LaboratoryValue) and value.family != family):
                return None  # one family of units says nothing of another
            return ranges.divide_ranges(ranges.fraction_range(value), factor)

        return read

    def visit_choose(self, node: n.Choose, arg: ValueReader) -> ValueReader:
        cases = {code: ranges.fraction_range(point(number)) for code, number in node.cases}
        return lambda facts, scope: cases.get(arg(facts, scope))

    def visit_formula(self, node: n.Formula, value: ValueReader) -> ValueReader:
        return value


def apply_known(function: Callable[[Range, Range], Range], left: Range | None, right: Range | None) -> Range | None:
    return None if left is None or right is None else function(left, right)
