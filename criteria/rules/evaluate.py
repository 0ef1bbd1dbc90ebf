"""Evaluation of rules: one walk compiles a tree into closures, which evaluate any number of visits.

Each evaluation gives a full trace. A value closure returns a Range, a code, a set of codes, or None where
nothing is known; a condition closure returns a Trace. Nothing short-circuits, so that a trace is complete.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from criteria.rules import nodes as n
from criteria.rules.dates import Days
from criteria.rules.facts import DocumentRecord, Facts, Limit, RecordScope, Schema
from criteria.rules.fold import Algebra, fold
from criteria.rules.kinds import Kind
from criteria.rules.ranges import Range, is_at_most, is_below, point
from criteria.rules.read_values import ReadValues, Value, ValueReader
from criteria.rules.trace import Trace, UsedFacts
from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth, all_of, any_of, truth_of
from criteria.rules.units import EXACT_CONTEXT
from criteria.rules.windows import within_window

CompiledRule = Callable[[Facts, RecordScope], Trace]

COMPARISONS: Mapping[str, Callable[[Range, Range], Truth]] = {
    "<": is_below,
    "<=": is_at_most,
    ">": lambda left, right: is_below(right, left),
    ">=": lambda left, right: is_at_most(right, left),
}
SIMPLE_VALUES = (n.Fact, n.Param, n.ByUnit)


def compile_rule(rule: n.Node, schema: Schema, limits: Mapping[str, Limit], kinds: Mapping[int, Kind]) -> CompiledRule:
    """Return the closure of a checked rule; `kinds` are the kinds of its value nodes that the check noted."""
    run: CompiledRule = fold(rule, EvaluateRule(schema, limits, kinds))
    return run


class EvaluateRule(ReadValues, Algebra):
    def visit_if_known(self, node: n.IfKnown, given: tuple[ValueReader, ...], then: Any, otherwise: Any) -> Any:
        def read_branch(facts: Facts, scope: RecordScope) -> Any:
            known = all(fact(facts, scope) is not None for fact in given)
            return (then if known else otherwise)(facts, scope)

        def run(facts: Facts, scope: RecordScope) -> Trace:
            trace = read_branch(facts, scope)
            used = tuple((fact, read(facts, scope)) for fact, read in zip(node.given, given, strict=True))
            return Trace(node, trace.truth, (), (trace,), used)

        return run if id(node) not in self.kinds or self.kinds[id(node)].name == "condition" else read_branch

    def visit_compare(self, node: n.Compare, left: ValueReader, right: ValueReader) -> CompiledRule:
        compare = COMPARISONS[node.operator]
        limit_for = self.limit_reader(node, right)
        used = self.facts_used(node.left, node.right)

        def run(facts: Facts, scope: RecordScope) -> Trace:
            value = left(facts, scope)
            limit = limit_for(value, facts, scope)
            found = UNKNOWN if value is None or limit is None else compare(value, limit)
            return Trace(node, found, (value, limit), (), used(facts, scope))

        return run

    def limit_reader(self, node: n.Compare, right: ValueReader) -> Callable[[Value, Facts, RecordScope], Value]:
        """Return a reader of the right side in the unit of the left; a limit is converted once, here."""
        if isinstance(node.right, n.Param | n.ByUnit):
            quantity = self.kinds[id(node.left)].quantity
            params = (node.right,) if isinstance(node.right, n.Param) else node.right.limits
            limits = {quantity.family(limit.unit): limit for limit in (self.limits[param.name] for param in params)}
            bounds = {family: self.convert_limit(limit, quantity) for family, limit in limits.items()}
            if len(bounds) == 1:
                (only,) = bounds.values()
                return lambda value, facts, scope: only
            return lambda value, facts, scope: None if value is None else bounds[value.family]
        return lambda value, facts, scope: right(facts, scope)

    def convert_limit(self, limit: Limit, quantity: Any) -> Range | None:
        return None if limit.value is None else point(EXACT_CONTEXT.multiply(limit.value, quantity.factor(limit.unit)))

    def facts_used(self, *sides: n.Node) -> Callable[[Facts, RecordScope], UsedFacts]:
        """Return a reader of the facts within computed sides, so that a trace shows their inputs."""
        readers = tuple(
            (fact, self.visit_fact(fact))
            for side in sides
            if not isinstance(side, SIMPLE_VALUES)
            for fact in n.facts_in(side)
        )
        if not readers:
            return lambda facts, scope: ()
        return lambda facts, scope: tuple((fact, read(facts, scope)) for fact, read in readers)

    def visit_one_of(self, node: n.OneOf, arg: ValueReader) -> CompiledRule:
        options = frozenset(node.options)

        def run(facts: Facts, scope: RecordScope) -> Trace:
            code = arg(facts, scope)
            found = UNKNOWN if code is None else TRUE if code in options else FALSE
            return Trace(node, found, (code,))

        return run

    def visit_has(self, node: n.Has, arg: ValueReader) -> CompiledRule:
        options = frozenset(node.options)

        def run(facts: Facts, scope: RecordScope) -> Trace:
            codes = arg(facts, scope)
            if codes is None:
                return Trace(node, UNKNOWN, (None,))
            return Trace(node, truth_of(codes <= options if node.only else not options.isdisjoint(codes)), (codes,))

        return run

    def visit_known(self, node: n.Known, arg: ValueReader) -> CompiledRule:
        def run(facts: Facts, scope: RecordScope) -> Trace:
            value = arg(facts, scope)
            return Trace(node, truth_of(value is not None), (value,))

        return run

    def visit_detected(self, node: n.Detected, result: ValueReader) -> CompiledRule:
        read_lod = self.visit_fact(n.Fact(f"{node.result.path}.lod"))

        def run(facts: Facts, scope: RecordScope) -> Trace:
            value, lod = result(facts, scope), read_lod(facts, scope)
            if value is None:
                found = UNKNOWN
            elif lod is None:
                found = truth_of(value.comparator not in ("<", "<="))
            else:
                found = is_below(lod, value)
            return Trace(node, found, (value, lod))

        return run

    def visit_within(
        self, node: n.Within, event: ValueReader, period: ValueReader, anchor: ValueReader
    ) -> CompiledRule:
        inside = self.window(node)
        used = self.facts_used(node.event, node.anchor)

        def run(facts: Facts, scope: RecordScope) -> Trace:
            day, centre = event(facts, scope), anchor(facts, scope)
            return Trace(node, inside(day, centre), (day, centre), (), used(facts, scope))

        return run

    def window(self, node: n.Within) -> Callable[[Range | None, Range | None], Truth]:
        if self.limits[node.period.name].value is None:
            return lambda day, centre: TRUE
        count, unit = self.period(node.period)
        return lambda day, centre: within_window(node.direction, count, unit, day, centre)

    def visit_some(self, node: n.Some, where: CompiledRule) -> CompiledRule:
        name, other = node.records, node.other
        absence = self.schema.records[name].absence

        def run(facts: Facts, scope: RecordScope) -> Trace:
            records = facts.records.get(name, ())
            if other:
                records = [record for record in records if scope and record is not scope[0]]
            traces = tuple([where(facts, (record, scope)) for record in records])
            found = any_of([trace.truth for trace in traces])
            closed = proves_absence(absence, name, facts)
            return Trace(node, UNKNOWN if found is FALSE and not closed else found, (records, closed), traces)

        return run

    def visit_latest(
        self, node: n.Latest, where: CompiledRule, by: ValueReader, then: CompiledRule, otherwise: CompiledRule
    ) -> CompiledRule:
        """Return the closure for the latest record that counts.

        Its truth is unknown where it is not known which records count, which is the latest, or whether there
        are more.
        """
        absence = self.schema.records[node.records].absence

        def run(facts: Facts, scope: RecordScope) -> Trace:
            records = facts.records.get(node.records, ())
            traces = tuple([where(facts, (record, scope)) for record in records])
            counting = [record for record, trace in zip(records, traces, strict=True) if trace.truth is TRUE]
            days = [by(facts, (record, scope)) for record in counting]
            chosen, undated = latest_record(counting, days), undated_records(counting, days)
            outcome = otherwise(facts, scope) if chosen is None else then(facts, (chosen, scope))
            closed = proves_absence(absence, node.records, facts)
            doubtful = undated or not closed or any(trace.truth is UNKNOWN for trace in traces)
            found = UNKNOWN if doubtful else outcome.truth
            return Trace(node, found, (records, chosen, undated, closed), (*traces, outcome))

        return run

    def visit_not(self, node: n.Not, arg: CompiledRule) -> CompiledRule:
        def run(facts: Facts, scope: RecordScope) -> Trace:
            trace = arg(facts, scope)
            return Trace(node, ~trace.truth, (), (trace,))

        return run

    def visit_all_of(self, node: n.AllOf, args: tuple[CompiledRule, ...]) -> CompiledRule:
        def run(facts: Facts, scope: RecordScope) -> Trace:
            traces = tuple([arg(facts, scope) for arg in args])
            return Trace(node, all_of([trace.truth for trace in traces]), (), traces)

        return run

    def visit_any_of(self, node: n.AnyOf, args: tuple[CompiledRule, ...]) -> CompiledRule:
        def run(facts: Facts, scope: RecordScope) -> Trace:
            traces = tuple([arg(facts, scope) for arg in args])
            return Trace(node, any_of([trace.truth for trace in traces]), (), traces)

        return run

    def visit_judgement(self, node: n.Judgement, about: ValueReader) -> CompiledRule:
        return lambda facts, scope: Trace(node, UNKNOWN, (about(facts, scope),))

    def visit_named(self, node: n.Named, arg: CompiledRule) -> CompiledRule:
        def run(facts: Facts, scope: RecordScope) -> Trace:
            trace = arg(facts, scope)
            return Trace(node, trace.truth, (), (trace,))

        return run


def proves_absence(absence: str, name: str, facts: Facts) -> bool:
    """Return whether a list without a matching record proves that there is none."""
    if absence == "reviewed":
        return name in facts.is_reviewed
    return absence == "recorded" or bool(facts.records.get(name))


def latest_record(records: Sequence[DocumentRecord], days: Sequence[Days | None]) -> DocumentRecord | None:
    """Return the record of the last day; of several on one day, the last in the list.

    A single record needs no day. None where there is no record, or several and none has a day.
    """
    if len(records) < 2:
        return records[0] if records else None
    found, found_day = None, -1
    for record, day in zip(records, days, strict=True):
        if day is not None and day.low >= found_day:
            found, found_day = record, day.low
    return found


def undated_records(records: Sequence[DocumentRecord], days: Sequence[Days | None]) -> tuple[DocumentRecord, ...]:
    """Return the records without a whole date, any of which may be the latest.

    None of them where there are fewer than two records.
    """
    if len(records) < 2:
        return ()
    return tuple(r for r, day in zip(records, days, strict=True) if day is None or not day.is_point)
