"""What becomes of a visit's findings as its planned first dose moves.

Only the criteria that look at the planned first dose are evaluated for each day; the others once.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from criteria.evaluation.protocol import Finding, Outcome, Overall, Protocol, overall_of
from criteria.rules import nodes as n
from criteria.rules.dates import LAST_DAY, whole
from criteria.rules.facts import Facts
from criteria.rules.trace import Trace
from criteria.vocabulary.links import VISIT_DATE

PLANNED = "visit.planned_first_dose_date"
DECIDING: Mapping[Overall, Outcome] = {"ineligible": "fail", "undetermined": "unknown"}
HORIZON = 366  # days beyond the planned first dose that are looked at


class DoseDay(NamedTuple):
    """The finding for one planned first dose; `deciding` are the codes that fail or, where none does, that are
    unknown."""

    day: date
    overall: Overall
    deciding: tuple[str, ...]


class Reason(NamedTuple):
    code: str
    outcome: Outcome
    proof: str


class Span(NamedTuple):
    """Days alike in finding and deciding criteria, both ends included, with the proofs of the first."""

    first: date
    last: date
    overall: Overall
    deciding: tuple[Reason, ...]


class OutcomeChange(NamedTuple):
    code: str
    before: Outcome
    after: Outcome


class Turn(NamedTuple):
    day: date
    changes: tuple[OutcomeChange, ...]


def calendar(protocol: Protocol, document: Mapping[str, Any], first: date, days: int = 60) -> list[DoseDay]:
    """The finding for each planned first dose of a valid document from `first` on.

    Empty where the trial plans no first dose; ValueError for days before the visit. It ends where the dates that a
    document may hold end.
    """
    if PLANNED not in protocol.schema.facts:
        return []
    moving, start = Moving(protocol, document), first.toordinal()
    if start < moving.visit_day:
        raise ValueError(f"no first dose before the visit: {first.isoformat()}")
    return [moving.day(ordinal) for ordinal in range(start, min(start + days, LAST_DAY + 1))]


def spans(protocol: Protocol, document: Mapping[str, Any], days: Sequence[DoseDay]) -> list[Span]:
    """A calendar's runs of days that are alike."""
    moving = Moving(protocol, document)
    return [moving.span(list(run)) for _, run in groupby(days, key=lambda day: (day.overall, day.deciding))]


def next_turn(protocol: Protocol, document: Mapping[str, Any]) -> Turn | None:
    """The first day after the planned first dose on which an outcome differs; until the day before, the findings hold.

    None where no first dose is planned, or nothing changes within the horizon.
    """
    facts = protocol.reader.read(document)
    if PLANNED not in facts.values:
        return None
    findings = moving_findings(protocol, facts)
    before = outcomes_of(findings)
    for ordinal in later_days(facts):
        after = outcomes_of(protocol.findings(planned_on(facts, ordinal), before))
        if after != before:
            changes = (OutcomeChange(code, before[code], after[code]) for code in before if before[code] != after[code])
            return Turn(date.fromordinal(ordinal), tuple(changes))
    return None


def moving_findings(protocol: Protocol, facts: Facts) -> list[Finding]:
    """The findings, with a first dose planned, that another day for it could change."""
    findings = protocol.findings(facts, protocol.codes_reading(PLANNED))
    return [each for each in findings if moves(each.condition) or (each.applies is not None and moves(each.applies))]


def moves(trace: Trace) -> bool:
    """Whether another planned first dose could change a condition: not where what it is held against is unknown."""
    if trace.children:
        return any(map(moves, trace.children))
    match trace.node:
        case n.Compare(left, _, right) | n.Within(left, _, right):
            sides = zip((left, right), trace.operands, strict=True)
            fixed = [value for side, value in sides if not reads_planned(side)]
            return len(fixed) < len(trace.operands) and None not in fixed
        case n.Some() | n.Latest():
            return False
    return reads_planned(trace.node)


def reads_planned(node: n.Node) -> bool:
    return any(fact.path == PLANNED for fact in n.facts_in(node))


def later_days(facts: Facts) -> range:
    """The days after the planned first dose that are looked at; none where none is planned."""
    planned = facts.values.get(PLANNED)
    return range(0) if planned is None else range(planned.low + 1, min(planned.low + HORIZON, LAST_DAY) + 1)


def planned_on(facts: Facts, ordinal: int) -> Facts:
    """The same visit with its first dose planned for another day."""
    return Facts({**facts.values, PLANNED: whole(ordinal)}, facts.records, facts.reviewed)


def outcomes_of(findings: Iterable[Finding]) -> dict[str, Outcome]:
    return {finding.criterion.code: finding.outcome for finding in findings}


class Moving:
    """One document whose planned first dose moves."""

    def __init__(self, protocol: Protocol, document: Mapping[str, Any]) -> None:
        self.protocol = protocol
        self.facts = protocol.reader.read(document)
        self.visit_day = self.facts.values[VISIT_DATE].low
        some_day = planned_on(self.facts, self.visit_day)  # which day does not matter to what stays
        self.outcomes = outcomes_of(protocol.findings(some_day))
        self.codes = {each.criterion.code for each in moving_findings(protocol, some_day)}

    def findings(self, ordinal: int, codes: Container[str]) -> list[Finding]:
        return self.protocol.findings(planned_on(self.facts, ordinal), codes)

    def day(self, ordinal: int) -> DoseDay:
        outcomes = self.outcomes | outcomes_of(self.findings(ordinal, self.codes))
        overall = overall_of(outcomes.values())
        decides = DECIDING.get(overall)
        codes = (code for code, outcome in outcomes.items() if outcome == decides)
        return DoseDay(date.fromordinal(ordinal), overall, tuple(codes))

    def span(self, days: Sequence[DoseDay]) -> Span:
        first = days[0]
        found = self.findings(first.day.toordinal(), first.deciding)
        reasons = (Reason(each.criterion.code, each.outcome, self.protocol.proof(each)) for each in found)
        return Span(first.day, days[-1].day, first.overall, tuple(reasons))
