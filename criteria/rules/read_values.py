"""Readers of a rule's values from the facts of a visit: each node becomes a closure, built once.

A closure returns a Range, a code, a set of codes, or None where nothing is known. Computed values are
fractions, so that nothing is rounded; on the way to them, and in what shows nothing, they are ratios.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from criteria.rules import nodes as n, ranges
from criteria.rules.dates import age_range, months_range, shift_range
from criteria.rules.facts import Facts, LaboratoryValue, Limit, RecordScope, Schema
from criteria.rules.kinds import Kind
from criteria.rules.ranges import Range, point, ratio_range, reduced_range
from criteria.rules.values.conditional_ranges import extreme_range, spanning
from criteria.rules.values.half_lives import elapsed_days, half_life_of, whole_days
from criteria.rules.values.real_numbers import log_range, power_range

Value = Any
ValueReader = Callable[[Facts, RecordScope], Value]

ARITHMETIC: dict[str, Callable[[Range, Range], Range | None]] = {
    "plus": ranges.add_ranges,
    "minus": ranges.subtract_ranges,
    "times": ranges.multiply_ranges,
    "over": ranges.divide_ranges,
}
SIGNED = {"times": ranges.signed_product, "over": ranges.signed_quotient}


class ReadValues:
    def __init__(self, schema: Schema, limits: Mapping[str, Limit], kinds: Mapping[int, Kind]) -> None:
        self.schema = schema
        self.limits = limits
        self.kinds = kinds
        self.ratios: dict[int, ValueReader] = {}  # of computed values, by node: the readers of the same in ratios

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
        value = ratio_range(point(node.value))
        return self.reduced_reader(node, lambda facts, scope: value)

    def visit_by_unit(self, node: n.ByUnit, limits: tuple[ValueReader, ...]) -> ValueReader:
        return lambda facts, scope: None  # read by visit_compare, which knows the unit reported

    def visit_age(self, node: n.Age, born: ValueReader, on: ValueReader) -> ValueReader:
        completed = age_range if node.unit == "a" else months_range
        return lambda facts, scope: apply_known(completed, born(facts, scope), on(facts, scope))

    def visit_elapsed(self, node: n.Elapsed, start: ValueReader, end: ValueReader) -> ValueReader:
        return lambda facts, scope: apply_known(elapsed_days, start(facts, scope), end(facts, scope))

    def visit_half_lives(self, node: n.HalfLives, of: ValueReader, times: ValueReader) -> ValueReader:
        unit, drugs = self.kinds[id(node.of)].quantity.units[0], self.schema.drugs
        count = self.limits[node.times.name].value

        def read(facts: Facts, scope: RecordScope) -> Value:
            found = half_life_of(of(facts, scope), unit, drugs)
            return None if found is None else whole_days(found, count)

        return read

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
        apply = arithmetic(node.sign, self.schema.format)
        first, second = self.exact_reader(node.left, left), self.exact_reader(node.right, right)

        def read(facts: Facts, scope: RecordScope) -> Value:
            one, other = first(facts, scope), second(facts, scope)
            return None if one is None or other is None else apply(one, other)

        return self.reduced_reader(node, read)

    def exact_reader(self, node: n.Node, value: ValueReader) -> ValueReader:
        """Return a reader of an operand in ratios; a constant is converted once."""
        if isinstance(node, n.Param):
            constant = ratio_range(point(self.limits[node.name].value))
            return lambda facts, scope: constant
        if id(node) in self.ratios:
            return self.ratios[id(node)]
        bounds = self.bounds_of(node)

        def read(facts: Facts, scope: RecordScope) -> Value:
            found = value(facts, scope)
            return bounds if found is None else ratio_range(found)

        return read

    def bounds_of(self, node: n.Node) -> Range | None:
        """Return within what a number lies that is not known, since format 3; None where that is not bounded."""
        kind = self.kinds.get(id(node)) if self.schema.format >= 3 else None
        return None if kind is None or kind.bounds is None else ratio_range(kind.bounds)

    def reduced_reader(self, node: n.Node, read: ValueReader) -> ValueReader:
        """Return a reader in fractions of what `read` computes in ratios, which is noted for who wants no fractions."""
        self.ratios[id(node)] = read

        def read_reduced(facts: Facts, scope: RecordScope) -> Value:
            found = read(facts, scope)
            return None if found is None else reduced_range(found)

        return read_reduced

    def visit_power(self, node: n.Power, base: ValueReader, exponent: ValueReader) -> ValueReader:
        first, second = self.exact_reader(node.base, base), self.exact_reader(node.exponent, exponent)
        return self.reduced_reader(
            node, lambda facts, scope: apply_known(power_range, first(facts, scope), second(facts, scope))
        )

    def visit_logarithm(self, node: n.Logarithm, arg: ValueReader) -> ValueReader:
        exact = self.exact_reader(node.arg, arg)

        def read(facts: Facts, scope: RecordScope) -> Value:
            found = exact(facts, scope)
            return None if found is None else log_range(found, node.base)

        return self.reduced_reader(node, read)

    def visit_extreme(self, node: n.Extreme, args: tuple[ValueReader, ...]) -> ValueReader:
        exact = [self.exact_reader(each, read) for each, read in zip(node.args, args, strict=True)]
        return self.reduced_reader(
            node, lambda facts, scope: extreme_range(node.which, [read(facts, scope) for read in exact])
        )

    def visit_in_unit(self, node: n.InUnit, arg: ValueReader) -> ValueReader:
        quantity = self.kinds[id(node.arg)].quantity
        factor, family = ratio_range(point(quantity.factor(node.unit))), quantity.family(node.unit)
        divide = arithmetic("over", self.schema.format)
        unknown = None if (bounds := self.bounds_of(node.arg)) is None else divide(bounds, factor)

        def read(facts: Facts, scope: RecordScope) -> Value:
            value = arg(facts, scope)
            if value is None:
                return unknown
            if isinstance(value, LaboratoryValue) and value.family != family:
                return None  # one family of units says nothing of another
            return divide(ratio_range(value), factor)

        return self.reduced_reader(node, read)

    def visit_choose(self, node: n.Choose, arg: ValueReader) -> ValueReader:
        cases = {code: ratio_range(point(number)) for code, number in node.cases}
        unknown = spanning(list(cases.values())) if self.schema.format >= 3 else None

        def read(facts: Facts, scope: RecordScope) -> Value:
            code = arg(facts, scope)
            return unknown if code is None else cases.get(code)

        return self.reduced_reader(node, read)

    def visit_lookup(self, node: n.Lookup, keys: tuple[ValueReader, ...]) -> ValueReader:
        table = self.schema.tables[node.table]
        parts = zip(table.keys, node.keys, keys, strict=True)
        readers = [read if key.is_code else self.exact_reader(each, read) for key, each, read in parts]
        return self.reduced_reader(node, lambda facts, scope: table.find([read(facts, scope) for read in readers]))

    def visit_formula(self, node: n.Formula, value: ValueReader) -> ValueReader:
        if id(node.value) in self.ratios:
            self.ratios[id(node)] = self.ratios[id(node.value)]
        return value

    def is_condition(self, node: n.IfKnown) -> bool:
        return id(node) not in self.kinds or self.kinds[id(node)].name == "condition"

    def value_if_known(
        self, node: n.IfKnown, given: tuple[ValueReader, ...], then: ValueReader, otherwise: ValueReader
    ) -> ValueReader:
        """Return the reader of an `if_known` that is a value."""
        exact = self.exact_reader(node.then, then), self.exact_reader(node.otherwise, otherwise)
        self.ratios[id(node)] = branch_reader(given, *exact)
        reader: ValueReader = branch_reader(given, then, otherwise)
        return reader


def arithmetic(sign: n.Sign, format: int) -> Callable[[Range, Range], Range | None]:
    """Return the operation; since format 3 a product or quotient of ranges that may be negative is known as well."""
    return (ARITHMETIC | SIGNED if format >= 3 else ARITHMETIC)[sign]


def branch_reader(given: tuple[ValueReader, ...], then: Any, otherwise: Any) -> Any:
    """Return a reader of the one branch where every given fact is known, else of the other."""

    def read_branch(facts: Facts, scope: RecordScope) -> Any:
        for fact in given:
            if fact(facts, scope) is None:
                return otherwise(facts, scope)
        return then(facts, scope)

    return read_branch


def apply_known(
    function: Callable[[Range, Range], Range | None], left: Range | None, right: Range | None
) -> Range | None:
    return None if left is None or right is None else function(left, right)
