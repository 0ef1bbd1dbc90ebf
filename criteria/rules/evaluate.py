"""Evaluation of rules: one walk compiles a tree into closures, which evaluate any number of visits.

Each evaluation gives a full trace. A value closure returns a Range, a code, a set of codes, or None where
nothing is known; a condition closure returns a Trace. Nothing short-circuits, so that a trace is complete.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from criteria.rules import nodes as n
from criteria.rules.facts import Facts, Limit, RecordScope, Schema
from criteria.rules.fold import Algebra, fold
from criteria.rules.kinds import Kind
from criteria.rules.leaf_truths import (
    COMPARISONS,
    PairTruth,
    ValueTruth,
    answers_of,
    at_least_truth,
    common_truth,
    days_before,
    known_truth,
    latest_record,
    limit_of_detection,
    proves_absence,
    same_truth,
    undated_records,
)
from criteria.rules.read_values import ValueReader, branch_reader
from criteria.rules.trace import Trace
from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth, truth_of
from criteria.rules.values.conditional import ConditionalValues

CompiledRule = Callable[[Facts, RecordScope], Trace]


def compile_rule(rule: n.Node, schema: Schema, limits: Mapping[str, Limit], kinds: Mapping[int, Kind]) -> CompiledRule:
    """Return the closure of a checked rule; `kinds` are the kinds of its value nodes that the check noted."""
    run: CompiledRule = fold(rule, EvaluateRule(schema, limits, kinds))
    return run


class EvaluateRule(ConditionalValues, Algebra):
    def __init__(self, schema: Schema, limits: Mapping[str, Limit], kinds: Mapping[int, Kind]) -> None:
        super().__init__(schema, limits, kinds)
        self.traces = {}

    def visit_if_known(self, node: n.IfKnown, given: tuple[ValueReader, ...], then: Any, otherwise: Any) -> Any:
        if not self.is_condition(node):
            return self.value_if_known(node, given, then, otherwise)
        read_branch = branch_reader(given, then, otherwise)

        def run(facts: Facts, scope: RecordScope) -> Trace:
            trace = read_branch(facts, scope)
            used = tuple((fact, read(facts, scope)) for fact, read in zip(node.given, given, strict=True))
            return Trace(node, trace.truth, (), (trace,), used)

        return run

    def visit_compare(self, node: n.Compare, left: ValueReader, right: ValueReader) -> CompiledRule:
        compare, limit_for = COMPARISONS[node.operator], self.limit_reader(node, right)
        used, inner = self.facts_used(node.left, node.right), self.traces_within(node.left, node.right)

        def run(facts: Facts, scope: RecordScope) -> Trace:
            value = left(facts, scope)
            limit = limit_for(value, facts, scope)
            children = inner(facts, scope) if inner else ()
            return Trace(node, compare(value, limit), (value, limit), children, used(facts, scope) if used else ())

        return run

    def visit_one_of(self, node: n.OneOf, arg: ValueReader) -> CompiledRule:
        """Return the closure; one trace serves every visit with the same code."""
        truths = self.code_truths(node)
        traces: dict[str | None, Trace] = {}

        def run(facts: Facts, scope: RecordScope) -> Trace:
            code = arg(facts, scope)
            trace = traces.get(code)
            if trace is None:
                trace = traces[code] = Trace(node, truths.get(code, FALSE), (code,))
            return trace

        return run

    def visit_has(self, node: n.Has, arg: ValueReader) -> CompiledRule:
        return self.leaf_of_one(node, arg, self.codes_truth(node))

    def visit_names(self, node: n.Names, arg: ValueReader) -> CompiledRule:
        return self.leaf_of_one(node, arg, self.words_truth(node))

    def leaf_of_one(self, node: n.Node, arg: ValueReader, truth: ValueTruth) -> CompiledRule:
        def run(facts: Facts, scope: RecordScope) -> Trace:
            value = arg(facts, scope)
            return Trace(node, truth(value), (value,))

        return run

    def visit_common(self, node: n.Common, left: ValueReader, right: ValueReader) -> CompiledRule:
        return self.leaf_of_two(node, left, right, common_truth)

    def visit_same(self, node: n.Same, left: ValueReader, right: ValueReader) -> CompiledRule:
        return self.leaf_of_two(node, left, right, same_truth)

    def visit_miscoded(self, node: n.Miscoded, names: ValueReader, codes: ValueReader) -> CompiledRule:
        return self.leaf_of_two(node, names, codes, self.miscoded_truth())

    def visit_detected(self, node: n.Detected, result: ValueReader) -> CompiledRule:
        return self.leaf_of_two(node, result, self.visit_fact(limit_of_detection(node)), self.detected_truth())

    def leaf_of_two(self, node: n.Node, one: ValueReader, two: ValueReader, truth: PairTruth) -> CompiledRule:
        def run(facts: Facts, scope: RecordScope) -> Trace:
            values = one(facts, scope), two(facts, scope)
            return Trace(node, truth(*values), values)

        return run

    def visit_some_day(self, node: n.SomeDay, before: ValueReader) -> CompiledRule:
        """Return the closure; its trace holds the paths of the days that lie wholly before."""

        def run(facts: Facts, scope: RecordScope) -> Trace:
            limit = before(facts, scope)
            if limit is None:
                return Trace(node, UNKNOWN, (None, ()))
            earlier = tuple(days_before(limit, facts))
            return Trace(node, truth_of(bool(earlier)), (limit, earlier))

        return run

    def visit_known(self, node: n.Known, arg: ValueReader) -> CompiledRule:
        """Return the closure; of a condition of the history, it tells whether that was asked and answered."""
        name = node.arg.path
        if name in self.schema.records:
            return self.leaf_of_one(node, lambda facts, scope: ", ".join(answers_of(name, facts)) or None, known_truth)
        return self.leaf_of_one(node, arg, known_truth)

    def visit_within(
        self, node: n.Within, event: ValueReader, period: ValueReader, anchor: ValueReader
    ) -> CompiledRule:
        inside = self.window_truth(node)
        used = self.facts_used(node.event, node.anchor)

        def run(facts: Facts, scope: RecordScope) -> Trace:
            day, centre = event(facts, scope), anchor(facts, scope)
            return Trace(node, inside(day, centre), (day, centre), (), used(facts, scope) if used else ())

        return run

    def visit_some(self, node: n.Some, where: CompiledRule) -> CompiledRule:
        name, other, others = node.records, node.other, self.other_records()
        absence = self.schema.records[name].absence

        def run(facts: Facts, scope: RecordScope) -> Trace:
            records = facts.records.get(name, ())
            if other:
                records = others(records, scope)
            found, traces = FALSE, []
            for record in records:
                trace = where(facts, (record, scope))
                traces.append(trace)
                if found is not TRUE and trace.truth is not FALSE:
                    found = trace.truth
            closed = proves_absence(absence, name, facts)
            if found is FALSE and not closed:
                found = UNKNOWN
            return Trace(node, found, (records, closed), tuple(traces))

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
        return self.junction(node, args, FALSE, TRUE)

    def visit_any_of(self, node: n.AnyOf, args: tuple[CompiledRule, ...]) -> CompiledRule:
        return self.junction(node, args, TRUE, FALSE)

    def junction(self, node: n.Node, args: tuple[CompiledRule, ...], deciding: Truth, other: Truth) -> CompiledRule:
        """Return the closure of a conjunction or disjunction: one truth decides, otherwise one unknown spreads."""

        def run(facts: Facts, scope: RecordScope) -> Trace:
            found, traces = other, []
            for arg in args:
                trace = arg(facts, scope)
                traces.append(trace)
                if found is not deciding and trace.truth is not other:
                    found = trace.truth
            return Trace(node, found, (), tuple(traces))

        return run

    def visit_at_least(self, node: n.AtLeast, number: ValueReader, args: tuple[CompiledRule, ...]) -> CompiledRule:
        needed = self.whole_number(node.number)

        def run(facts: Facts, scope: RecordScope) -> Trace:
            traces = tuple([arg(facts, scope) for arg in args])
            return Trace(node, at_least_truth(needed, [trace.truth for trace in traces]), (needed,), traces)

        return run

    def visit_judgement(self, node: n.Judgement, about: ValueReader) -> CompiledRule:
        return lambda facts, scope: Trace(node, UNKNOWN, (about(facts, scope),))

    def visit_named(self, node: n.Named, arg: CompiledRule) -> CompiledRule:
        def run(facts: Facts, scope: RecordScope) -> Trace:
            trace = arg(facts, scope)
            return Trace(node, trace.truth, (), (trace,))

        return run
