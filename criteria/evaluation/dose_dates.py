"""Findings of a visit as its planned first dose moves.

Only the criteria that look at the planned first dose are evaluated for each day; the others once.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from criteria.evaluation.protocol import Finding, Outcome, Overall, Protocol, overall_of
from criteria.rules import nodes as n
from criteria.rules.dates import LAST_DAY, shift_day, single_day
from criteria.rules.facts import Facts, Limit
from criteria.rules.ranges import Range
from criteria.rules.trace import Trace
from criteria.vocabulary.links import VISIT_DATE

PLANNED_DOSE = "visit.planned_first_dose_date"
DECIDING: Mapping[Overall, Outcome] = {"ineligible": "fail", "undetermined": "unknown"}
HORIZON = 366  # days beyond the planned first dose that are looked at
LONGEST_CLAMP = 3  # days by which the calendar shortens a step of months or years


class DoseDay(NamedTuple):
    """The overall finding for one planned first dose.

    `deciding` holds the codes that fail or, where none does, those that are unknown.
    """

    day: date
    overall: Overall
    deciding: tuple[str, ...]


class DecidingOutcome(NamedTuple):
    code: str
    outcome: Outcome
    proof: str


class DaySpan(NamedTuple):
    """A run of days alike in finding and deciding criteria, both ends included.

    The proofs are those of the first day.
    """

    first: date
    last: date
    overall: Overall
    deciding: tuple[DecidingOutcome, ...]


class OutcomeChange(NamedTuple):
    code: str
    before: Outcome
    after: Outcome


class NextChange(NamedTuple):
    day: date
    changes: tuple[OutcomeChange, ...]


def dose_calendar(protocol: Protocol, document: Mapping[str, Any], first: date, days: int = 60) -> list[DoseDay]:
    """Return the finding for each planned first dose of a valid document, from `first` on.

    Empty where the trial plans no first dose; ValueError for days before the visit. The list ends with the last
    date that a document may hold.
    """
    if PLANNED_DOSE not in protocol.schema.facts:
        return []
    moving, start = MovingDose(protocol, document), first.toordinal()
    if start < moving.visit_day:
        raise ValueError(f"no first dose before the visit: {first.isoformat()}")
    return moving.calendar(range(start, min(start + days, LAST_DAY + 1)))


def calendar_spans(protocol: Protocol, document: Mapping[str, Any], days: Sequence[DoseDay]) -> list[DaySpan]:
    """Return a calendar's runs of days that are alike."""
    moving = MovingDose(protocol, document)
    return [moving.span(list(run)) for _, run in groupby(days, key=lambda day: (day.overall, day.deciding))]


def next_outcome_change(protocol: Protocol, document: Mapping[str, Any]) -> NextChange | None:
    """Return the first day after the planned first dose on which an outcome differs, with the changes.

    The findings hold until the day before. None where no first dose is planned, or nothing changes within the
    horizon.
    """
    facts = protocol.reader.read(document)
    return next_change_of(protocol, facts, protocol.findings(facts, protocol.codes_reading(PLANNED_DOSE)))


def next_change_of(protocol: Protocol, facts: Facts, findings: Iterable[Finding]) -> NextChange | None:
    """As `next_outcome_change`, of facts that were evaluated already."""
    if PLANNED_DOSE not in facts.values:
        return None
    codes = protocol.codes_reading(PLANNED_DOSE)
    moving = [finding for finding in findings if finding.criterion.code in codes and is_moving(finding)]
    before = outcomes_of(moving)
    for ordinal, found in changes_of_a_leaf(protocol, facts, moving, later_days(facts)):
        after = outcomes_of(found)
        if after != before:
            changes = (OutcomeChange(code, before[code], after[code]) for code in before if before[code] != after[code])
            return NextChange(date.fromordinal(ordinal), tuple(changes))
    return None


def changes_of_a_leaf(
    protocol: Protocol, facts: Facts, findings: list[Finding], days: range
) -> Iterator[tuple[int, list[Finding]]]:
    """Yield each of `days` on which a leaf of the findings' conditions may come out otherwise, with the findings then.

    `findings` are those of the day before `days`, or of a planned first dose that is known in part. In between nothing
    changes: an outcome follows from its leaves, and which leaves are reached follows from the leaves before them.
    """
    codes = outcomes_of(findings)
    planned = facts.values.get(PLANNED_DOSE)
    day = days.start - 1
    is_partial = planned is not None and not planned.is_point
    following = days.start if is_partial else next_leaf_change(protocol, findings, day)
    while findings and following in days:
        day = following
        findings = protocol.findings(planned_on(facts, day), codes)
        yield day, findings
        following = next_leaf_change(protocol, findings, day)


def next_leaf_change(protocol: Protocol, findings: Iterable[Finding], day: int) -> int:
    """Return the first day after `day` that a leaf names as one on which its truth may change; LAST_DAY + 1 if none."""
    traces = [trace for each in findings for trace in (each.condition, each.applies) if trace is not None]
    named = (each for trace in traces for each in leaf_changes(trace, protocol.limits, day))
    return min((each for each in named if each > day), default=LAST_DAY + 1)


def leaf_changes(trace: Trace, limits: Mapping[str, Limit], day: int) -> Iterator[int]:
    """Yield the days on which the leaves of a trace may change: the next day for a leaf of another form."""
    for child in trace.children:
        yield from leaf_changes(child, limits, day)
    if (trace.children and not isinstance(trace.node, n.Compare)) or not reads_planned(trace.node):
        return
    match trace.node:
        case n.Compare(left, _, right):
            yield from compare_changes((left, right), trace.operands, limits, day)
        case n.Within(event, period, anchor, direction):
            limit = limits[period.name]
            if limit.value is not None:
                yield from window_changes((event, anchor), trace.operands, limit, direction == "after", day)
        case n.Some() | n.Latest() | n.AtLeast() | n.Known() | n.Judgement():
            return
        case _:
            yield day + 1


def compare_changes(
    sides: tuple[n.Node, n.Node], values: Sequence[Any], limits: Mapping[str, Limit], day: int
) -> Iterator[int]:
    """Yield the days on which a comparison of the planned first dose, or of a day counted from it, may change."""
    moving, fixed, value = moving_and_fixed(sides, values)
    if value is None:
        return
    match moving:
        case n.Fact() if fixed is not None:
            yield from (value.low, value.low + 1, value.high, value.high + 1)
        case n.Shift(n.Fact(), period, direction) if fixed is not None:
            limit = limits[period.name]
            yield from around(value, limit, forward=direction == "before")
        case _:
            yield day + 1


def window_changes(
    sides: tuple[n.Node, n.Node], values: Sequence[Any], limit: Limit, after: bool, day: int
) -> Iterator[int]:
    """Yield the days on which the planned first dose, or an event beside it, enters or leaves a window."""
    moving, fixed, value = moving_and_fixed(sides, values)
    if value is None:
        return
    if not isinstance(moving, n.Fact) or fixed is None:
        yield day + 1
        return
    yield from (value.low, value.low + 1, value.high, value.high + 1)
    yield from around(value, limit, forward=(moving is sides[1]) != after)


def moving_and_fixed(sides: tuple[n.Node, n.Node], values: Sequence[Any]) -> tuple[n.Node, n.Node | None, Any]:
    """Return the side that reads the planned first dose, and the other one with its value; None where both read it."""
    (left, right), (left_value, right_value) = sides, values
    if not reads_planned(left):
        return right, left, left_value
    return left, None if reads_planned(right) else right, right_value


def around(days: Range, limit: Limit, *, forward: bool) -> Iterator[int]:
    """Yield the days that lie a period after (`forward`) or before the ends of `days`, and the few behind them.

    The calendar shifts several days to the same one: 28 to 31 January, a month on, are 28 February.
    """
    count = int(limit.value or 0) * (1 if forward else -1)
    for end in (days.low, days.high):
        first = shift_day(end, count, limit.unit)
        yield from range(first, first + LONGEST_CLAMP + 2)


def moving_findings(protocol: Protocol, facts: Facts) -> list[Finding]:
    """Return the findings, with a first dose planned, that another day for it could change."""
    return [each for each in protocol.findings(facts, protocol.codes_reading(PLANNED_DOSE)) if is_moving(each)]


def is_moving(finding: Finding) -> bool:
    """Return whether another planned first dose could change a finding."""
    return any(moves_with_dose(trace) for trace in (finding.condition, finding.applies) if trace is not None)


def moves_with_dose(trace: Trace) -> bool:
    """Return whether another planned first dose could change a condition.

    It could not where the value that it is compared with is unknown.
    """
    if trace.children and isinstance(trace.node, n.Compare):
        return reads_planned(trace.node)
    if trace.children:
        return any(map(moves_with_dose, trace.children))
    match trace.node:
        case n.Compare(left, _, right) | n.Within(left, _, right):
            sides = zip((left, right), trace.operands, strict=True)
            fixed = [value for side, value in sides if not reads_planned(side)]
            return len(fixed) < len(trace.operands) and None not in fixed
        case n.Some() | n.Latest():
            return False
    return reads_planned(trace.node)


@lru_cache(4096)  # asked of the same few hundred nodes at every save
def reads_planned(node: n.Node) -> bool:
    return any(fact.path == PLANNED_DOSE for fact in n.facts_in(node))


def later_days(facts: Facts) -> range:
    """Return the days after the planned first dose up to the horizon; none where no dose is planned."""
    planned = facts.values.get(PLANNED_DOSE)
    return range(0) if planned is None else range(planned.low + 1, min(planned.low + HORIZON, LAST_DAY) + 1)


def planned_on(facts: Facts, ordinal: int) -> Facts:
    """Return the facts of the same visit with its first dose planned for another day."""
    return Facts({**facts.values, PLANNED_DOSE: single_day(ordinal)}, facts.records, facts.is_reviewed)


def outcomes_of(findings: Iterable[Finding]) -> dict[str, Outcome]:
    return {finding.criterion.code: finding.outcome for finding in findings}


class MovingDose:
    """One document whose planned first dose moves."""

    def __init__(self, protocol: Protocol, document: Mapping[str, Any]) -> None:
        self.protocol = protocol
        self.facts = protocol.reader.read(document)
        self.visit_day = self.facts.values[VISIT_DATE].low
        some_day = planned_on(self.facts, self.visit_day)  # which day does not matter to what stays
        self.outcomes = protocol.outcomes_of(some_day)
        self.codes = {each.criterion.code for each in moving_findings(protocol, some_day)}

    def findings(self, ordinal: int, codes: Container[str]) -> list[Finding]:
        return self.protocol.findings(planned_on(self.facts, ordinal), codes)

    def calendar(self, days: range) -> list[DoseDay]:
        """Return the finding of each day, evaluated where a leaf may change and the same in between."""
        if not days:
            return []
        facts, first = planned_on(self.facts, days.start), self.findings(days.start, self.codes)
        changes = dict(changes_of_a_leaf(self.protocol, facts, first, days[1:]))
        found, shown = first, []
        for ordinal in days:
            found = changes.get(ordinal, found)
            shown.append(self.day(ordinal, found))
        return shown

    def day(self, ordinal: int, findings: Iterable[Finding]) -> DoseDay:
        outcomes = self.outcomes | outcomes_of(findings)
        overall = overall_of(outcomes.values())
        decides = DECIDING.get(overall)
        codes = (code for code, outcome in outcomes.items() if outcome == decides)
        return DoseDay(date.fromordinal(ordinal), overall, tuple(codes))

    def span(self, days: Sequence[DoseDay]) -> DaySpan:
        first = days[0]
        found = self.findings(first.day.toordinal(), first.deciding)
        reasons = (DecidingOutcome(each.criterion.code, each.outcome, self.protocol.proof(each)) for each in found)
        return DaySpan(first.day, days[-1].day, first.overall, tuple(reasons))
