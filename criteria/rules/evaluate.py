"""Evaluates rules: one walk over a tree makes closures, which then answer any number of visits, each with a full
trace.

A value closure gives a Range, a code, a set of codes, or None where nothing is known; a condition closure gives a
Trace. Nothing short-circuits, so that a trace is complete.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from criteria.rules import nodes as n
from criteria.rules.dates import Days, shifted
from criteria.rules.facts import Facts, Limit, Record, Schema, Scope
from criteria.rules.fold import Algebra, fold
from criteria.rules.kinds import Kind
from criteria.rules.ranges import Range, at_most, below, point
from criteria.rules.read_values import Read, ReadValues, Value
from criteria.rules.trace import Trace, Used
from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth, all_of, any_of, truth
from criteria.rules.units import EXACT

Run = Callable[[Facts, Scope], Trace]

COMPARISONS: Mapping[str, Callable[[Range, Range], Truth]] = {
    "<": below,
    "<=": at_most,
    ">": lambda left, right: below(right, left),
    ">=": lambda left, right: at_most(right, left),
}
SIMPLE = (n.Fact, n.Param, n.ByUnit)


def compile_rule(rule: n.Node, schema: Schema, limits: Mapping[str, Limit], kinds: Mapping[int, Kind]) -> Run:
    """The closure of a checked rule; `kinds` is what the check noted of its value nodes."""
    run: Run = fold(rule, Evaluate(schema, limits, kinds))
    return run


class Evaluate(ReadValues, Algebra):
    def visit_if_known(self, node: n.IfKnown, given: tuple[Read, ...], then: Any, otherwise: Any) -> Any:
        def chosen(facts: Facts, scope: Scope) -> Any:
            known = all(fact(facts, scope) is not None for fact in given)
            return (then if known else otherwise)(facts, scope)

        def run(facts: Facts, scope: Scope) -> Trace:
            trace = chosen(facts, scope)
            used = tuple((fact, read(facts, scope)) for fact, read in zip(node.given, given, strict=True))
            return Trace(node, trace.truth, (), (trace,), used)

        return run if id(node) not in self.kinds or self.kinds[id(node)].name == "condition" else chosen

    def visit_compare(self, node: n.Compare, left: Read, right: Read) -> Run:
        compare = COMPARISONS[node.operator]
        limit_for = self.limit_reader(node, right)
        used = self.facts_used(node.left, node.right)

        def run(facts: Facts, scope: Scope) -> Trace:
            value = left(facts, scope)
            limit = limit_for(value, facts, scope)
            found = UNKNOWN if value is None or limit is None else compare(value, limit)
            return Trace(node, found, (value, limit), (), used(facts, scope))

        return run

    def limit_reader(self, node: n.Compare, right: Read) -> Callable[[Value, Facts, Scope], Value]:
        """The right side in the unit of the left: a limit is converted once, here."""
        if isinstance(node.right, n.Param | n.ByUnit):
            quantity = self.kinds[id(node.left)].quantity
            params = (node.right,) if isinstance(node.right, n.Param) else node.right.limits
            limits = {quantity.family(limit.unit): limit for limit in (self.limits[param.name] for param in params)}
            bounds = {family: self.converted(limit, quantity) for family, limit in limits.items()}
            if len(bounds) == 1:
                (only,) = bounds.values()
                return lambda value, facts, scope: only
            return lambda value, facts, scope: None if value is None else bounds[value.family]
        return lambda value, facts, scope: right(facts, scope)

    def converted(self, limit: Limit, quantity: Any) -> Range | None:
        return None if limit.value is None else point(EXACT.multiply(limit.value, quantity.factor(limit.unit)))

    def facts_used(self, *sides: n.Node) -> Callable[[Facts, Scope], Used]:
        """The facts within computed sides, so that a trace shows what went into them."""
        readers = tuple(
            (fact, self.visit_fact(fact)) for side in sides if not isinstance(side, SIMPLE) for fact in n.facts_in(side)
        )
        if not readers:
            return lambda facts, scope: ()
        return lambda facts, scope: tuple((fact, read(facts, scope)) for fact, read in readers)

    def visit_one_of(self, node: n.OneOf, arg: Read) -> Run:
        options = frozenset(node.options)

        def run(facts: Facts, scope: Scope) -> Trace:
            code = arg(facts, scope)
            found = UNKNOWN if code is None else TRUE if code in options else FALSE
            return Trace(node, found, (code,))

        return run

    def visit_has(self, node: n.Has, arg: Read) -> Run:
        options = frozenset(node.options)

        def run(facts: Facts, scope: Scope) -> Trace:
            codes = arg(facts, scope)
            if codes is None:
                return Trace(node, UNKNOWN, (None,))
            return Trace(node, truth(codes <= options if node.only else not options.isdisjoint(codes)), (codes,))

        return run

    def visit_known(self, node: n.Known, arg: Read) -> Run:
        def run(facts: Facts, scope: Scope) -> Trace:
            value = arg(facts, scope)
            return Trace(node, truth(value is not None), (value,))

        return run

    def visit_detected(self, node: n.Detected, result: Read) -> Run:
        read_lod = self.visit_fact(n.Fact(f"{node.result.path}.lod"))

        def run(facts: Facts, scope: Scope) -> Trace:
            value, lod = result(facts, scope), read_lod(facts, scope)
            if value is None:
                found = UNKNOWN
            elif lod is None:
                found = truth(value.comparator not in ("<", "<="))
            else:
                found = below(lod, value)
            return Trace(node, found, (value, lod))

        return run

    def visit_within(self, node: n.Within, event: Read, period: Read, anchor: Read) -> Run:
        inside = self.window(node)
        used = self.facts_used(node.event, node.anchor)

        def run(facts: Facts, scope: Scope) -> Trace:
            day, centre = event(facts, scope), anchor(facts, scope)
            return Trace(node, inside(day, centre), (day, centre), (), used(facts, scope))

        return run

    def window(self, node: n.Within) -> Callable[[Range | None, Range | None], Truth]:
        if self.limits[node.period.name].value is None:
            return lambda day, centre: TRUE
        count, unit = self.period(node.period)

        def inside(day: Range | None, centre: Range | None) -> Truth:
            if day is None or centre is None:
                return UNKNOWN
            if node.direction == "since":
                return at_most(shifted(centre, -count, unit), day)
            if node.direction == "before":
                return all_of((at_most(shifted(centre, -count, unit), day), at_most(day, centre)))
            return all_of((below(centre, day), at_most(day, shifted(centre, count, unit))))

        return inside

    def visit_some(self, node: n.Some, where: Run) -> Run:
        name, other = node.records, node.other
        absence = self.schema.records[name].absence

        def run(facts: Facts, scope: Scope) -> Trace:
            records = facts.records.get(name, ())
            if other:
                records = [record for record in records if scope and record is not scope[0]]
            traces = tuple([where(facts, (record, scope)) for record in records])
            found = any_of([trace.truth for trace in traces])
            closed = complete(absence, name, facts)
            return Trace(node, UNKNOWN if found is FALSE and not closed else found, (records, closed), traces)

        return run

    def visit_latest(self, node: n.Latest, where: Run, by: Read, then: Run, otherwise: Run) -> Run:
        """Nothing is known where it is not known which records count, which is the last, or whether there are more."""
        absence = self.schema.records[node.records].absence

        def run(facts: Facts, scope: Scope) -> Trace:
            records = facts.records.get(node.records, ())
            traces = tuple([where(facts, (record, scope)) for record in records])
            counting = [record for record, trace in zip(records, traces, strict=True) if trace.truth is TRUE]
            days = [by(facts, (record, scope)) for record in counting]
            chosen, undated = latest(counting, days), without_day(counting, days)
            outcome = otherwise(facts, scope) if chosen is None else then(facts, (chosen, scope))
            closed = complete(absence, node.records, facts)
            doubtful = undated or not closed or any(trace.truth is UNKNOWN for trace in traces)
            found = UNKNOWN if doubtful else outcome.truth
            return Trace(node, found, (records, chosen, undated, closed), (*traces, outcome))

        return run

    def visit_not(self, node: n.Not, arg: Run) -> Run:
        def run(facts: Facts, scope: Scope) -> Trace:
            trace = arg(facts, scope)
            return Trace(node, ~trace.truth, (), (trace,))

        return run

    def visit_all_of(self, node: n.AllOf, args: tuple[Run, ...]) -> Run:
        def run(facts: Facts, scope: Scope) -> Trace:
            traces = tuple([arg(facts, scope) for arg in args])
            return Trace(node, all_of([trace.truth for trace in traces]), (), traces)

        return run

    def visit_any_of(self, node: n.AnyOf, args: tuple[Run, ...]) -> Run:
        def run(facts: Facts, scope: Scope) -> Trace:
            traces = tuple([arg(facts, scope) for arg in args])
            return Trace(node, any_of([trace.truth for trace in traces]), (), traces)

        return run

    def visit_judgement(self, node: n.Judgement, about: Read) -> Run:
        return lambda facts, scope: Trace(node, UNKNOWN, (about(facts, scope),))

    def visit_named(self, node: n.Named, arg: Run) -> Run:
        def run(facts: Facts, scope: Scope) -> Trace:
            trace = arg(facts, scope)
            return Trace(node, trace.truth, (), (trace,))

        return run


def complete(absence: str, name: str, facts: Facts) -> bool:
    """Whether no record means that there is none."""
    if absence == "reviewed":
        return name in facts.reviewed
    return absence == "recorded" or bool(facts.records.get(name))


def latest(records: Sequence[Record], days: Sequence[Days | None]) -> Record | None:
    """The record of the last day; of several on one day, the last in the list. An only one needs no day."""
    if len(records) < 2:
        return records[0] if records else None
    found, found_day = None, -1
    for record, day in zip(records, days, strict=True):
        if day is not None and day.low >= found_day:
            found, found_day = record, day.low
    return found


def without_day(records: Sequence[Record], days: Sequence[Days | None]) -> tuple[Record, ...]:
    """Of several records those of no whole date, any of which may be the last."""
    if len(records) < 2:
        return ()
    return tuple(r for r, day in zip(records, days, strict=True) if day is None or not day.is_point)
