"""Evaluation of values that depend on conditions: a count, points, a statistic, a choice between values.

Each such value has a trace, with the traces of its conditions as children, so that a proof can say what counted. Its
truth is TRUE where the value is known exactly, else UNKNOWN; its operands are the records that were gone through (None
where there are none), the value as a range of fractions or None, and whether the list of records is complete.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from criteria.rules import nodes as n
from criteria.rules.facts import Facts, RecordScope
from criteria.rules.leaf_truths import LeafTruths, proves_absence
from criteria.rules.ranges import Range, fraction_range, ratio_range, reduced_range
from criteria.rules.read_values import ValueReader
from criteria.rules.trace import Trace, UsedFacts
from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from criteria.rules.values.conditional_ranges import aggregate_range, case_range, count_range, score_range

SIMPLE_VALUES = (n.Fact, n.Param, n.ByUnit)
TraceReader = Callable[[Facts, RecordScope], Trace]
FactsReader = Callable[[Facts, RecordScope], UsedFacts]
TracesReader = Callable[[Facts, RecordScope], tuple[Trace, ...]]


class ConditionalValues(LeafTruths):
    traces: dict[int, TraceReader]  # of the values below, by node

    def conditional(self, node: n.Node, read_trace: TraceReader) -> ValueReader:
        self.traces[id(node)] = read_trace

        def read(facts: Facts, scope: RecordScope) -> Range | None:
            found: Range | None = read_trace(facts, scope).operands[1]
            return found

        def read_ratios(facts: Facts, scope: RecordScope) -> Range | None:
            found = read(facts, scope)
            return None if found is None else ratio_range(found)

        self.ratios[id(node)] = read_ratios
        return read

    def traces_within(self, *values: n.Node) -> TracesReader | None:
        """Return a reader of the traces of the conditional values within values; None where there is none."""
        found = [self.traces[id(each)] for value in values for each in n.conditional_values(value)]
        return (lambda facts, scope: tuple([read(facts, scope) for read in found])) if found else None

    def facts_used(self, *sides: n.Node) -> FactsReader | None:
        """Return a reader of the facts within computed sides, so that a trace shows their inputs; None without any."""
        return self.facts_read(
            fact for side in sides if not isinstance(side, SIMPLE_VALUES) for fact in n.own_facts(side)
        )

    def facts_read(self, found: Iterable[n.Fact]) -> FactsReader | None:
        readers = tuple((fact, self.visit_fact(fact)) for fact in found)
        if not readers:
            return None
        return lambda facts, scope: tuple((fact, read(facts, scope)) for fact, read in readers)

    def visit_score(self, node: n.Score, items: tuple[TraceReader, ...]) -> ValueReader:
        def read_trace(facts: Facts, scope: RecordScope) -> Trace:
            found = tuple([item(facts, scope) for item in items])
            value = fraction_range(score_range(node.points, [each.truth for each in found]))
            return value_trace(node, value, found)

        return self.conditional(node, read_trace)

    def visit_case(
        self, node: n.Case, conditions: tuple[TraceReader, ...], values: tuple[ValueReader, ...], otherwise: ValueReader
    ) -> ValueReader:
        exact = [self.exact_reader(each, read) for each, read in zip(node.values, values, strict=True)]
        last = self.exact_reader(node.otherwise, otherwise)
        branches = [*zip(node.values, exact, strict=True), (node.otherwise, last)]
        used = [(self.facts_read(n.own_facts(value)), self.traces_within(value)) for value, _ in branches]

        def read_trace(facts: Facts, scope: RecordScope) -> Trace:
            found = [condition(facts, scope) for condition in conditions]
            truths = [each.truth for each in found]
            value = case_range(truths, [read(facts, scope) for read in exact], last(facts, scope))
            reached = [used[at] for at in branches_reached(found)]
            inner = [trace for _, traces in reached if traces for trace in traces(facts, scope)]
            facts_read = tuple(pair for read, _ in reached if read for pair in read(facts, scope))
            return value_trace(node, None if value is None else reduced_range(value), (*found, *inner), facts_read)

        return self.conditional(node, read_trace)

    def visit_count(self, node: n.Count, where: TraceReader) -> ValueReader:
        absence = self.schema.records[node.records].absence

        def read_trace(facts: Facts, scope: RecordScope) -> Trace:
            records = facts.records.get(node.records, ())
            found = tuple([where(facts, (record, scope)) for record in records])
            complete = proves_absence(absence, node.records, facts)
            value = fraction_range(count_range([each.truth for each in found], complete=complete))
            return Trace(node, certainty(value), (records, value, complete), found)

        return self.conditional(node, read_trace)

    def visit_aggregate(
        self, node: n.Aggregate, value: ValueReader, where: TraceReader, otherwise: ValueReader
    ) -> ValueReader:
        absence = self.schema.records[node.records].absence
        read_value, none_counts = self.exact_reader(node.value, value), self.exact_reader(node.otherwise, otherwise)
        of_visit = [fact for fact in n.own_facts(node.value) if not fact.path.startswith(".")]
        used = self.facts_read([*of_visit, *n.own_facts(node.otherwise)])

        def read_trace(facts: Facts, scope: RecordScope) -> Trace:
            records = facts.records.get(node.records, ())
            found = tuple([where(facts, (record, scope)) for record in records])
            values = [read_value(facts, (record, scope)) for record in records]
            complete = proves_absence(absence, node.records, facts)
            truths = [each.truth for each in found]
            total = aggregate_range(node.function, values, truths, none_counts(facts, scope), complete=complete)
            shown = None if total is None else reduced_range(total)
            facts_read = used(facts, scope) if used else ()
            return Trace(node, certainty(shown), (records, shown, complete), found, facts_read)

        return self.conditional(node, read_trace)


def branches_reached(conditions: Sequence[Trace]) -> list[int]:
    """Return the branches of a case that may be the first to hold; the last one is where none holds."""
    found = []
    for at, each in enumerate(conditions):
        if each.truth is not FALSE:
            found.append(at)
        if each.truth is TRUE:
            return found
    return [*found, len(conditions)]


def certainty(value: Range | None) -> Truth:
    return TRUE if value is not None and value.is_point else UNKNOWN


def value_trace(node: n.Node, value: Range | None, children: tuple[Trace, ...], used: UsedFacts = ()) -> Trace:
    return Trace(node, certainty(value), (None, value, True), children, used)
