"""The status of a visit by its latest revision, and its outlook, as the page of the visit shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.evaluation.dose_dates import OutcomeChange
from criteria.evaluation.outlook import Outlook, outlook
from criteria.evaluation.protocol import Criterion, Outcome as OutcomeName, Protocol
from screening.models import Outcome, Overall
from screening.views.cards.calendar import Calendar, calendar_of
from screening.views.cards.outlook import FailingCriterion, MissingFact, failing_criteria, missing_facts, retest_text
from screening.visits.days import planned_day
from screening.worklist.next_action import NextAction, next_step

MOST_CODES = 3  # without saying how many there are


class OutcomeCount(NamedTuple):
    number: int
    words: str


class OutcomeChangeText(NamedTuple):
    """The next outcome change: the findings are valid for a planned first dose `until` a day.

    `words` say it of the status, and what changes after that day.
    """

    until: date
    words: str


class VisitStatus(NamedTuple):
    outlook: Outlook
    finding: str
    counts: list[OutcomeCount]
    next: NextAction
    failing: list[FailingCriterion]
    missing: list[MissingFact]
    retests: list[tuple[str, str]]  # code and words
    turn: OutcomeChangeText | None
    planned: date | None
    has_passed: bool
    calendar: Calendar | None


def visit_status(
    protocol: Protocol, document: Mapping[str, Any], *, assessed: bool, asked: str | None, today: date
) -> VisitStatus:
    """Return the status of a visit from a valid document.

    `asked` is the day from which the calendar is to be shown, if any.
    """
    found = outlook(protocol, document)
    planned = planned_day(document)
    return VisitStatus(
        outlook=found,
        finding=str(Overall(found.overall).label),
        counts=outcome_counts(found),
        next=next_step(protocol, document, found, assessed=assessed),
        failing=failing_criteria(protocol, found),
        missing=missing_facts(protocol.vocabulary, document, found.steps),
        retests=[(retest.code, retest_text(retest)) for retest in found.retests],
        turn=outcome_change_text(found),
        planned=planned,
        has_passed=planned is not None and planned < today,
        calendar=calendar_of(protocol, document, asked, today),
    )


def outcome_counts(found: Outlook) -> list[OutcomeCount]:
    outcomes: tuple[OutcomeName, ...] = ("fail", "unknown", "pass", "not_applicable")
    return [OutcomeCount(found.count(outcome), str(Outcome(outcome).label)) for outcome in outcomes]


def outcome_change_text(found: Outlook) -> OutcomeChangeText | None:
    """Return the change that ends the validity of a status, if any."""
    turn, criteria = found.ends, {finding.criterion.code: finding.criterion for finding in found.findings}
    if turn is None:
        return None
    until = turn.day - timedelta(days=1)
    words = {"until": until.isoformat(), "from": turn.day.isoformat(), "status": Overall(found.overall).label}
    words["changes"] = changes_text(turn.changes, criteria)
    if found.overall == Overall.ELIGIBLE:
        text = _("Status valid for a planned first dose until %(until)s. After that: %(changes)s.")
    else:
        text = _("Stays %(status)s with a planned first dose up to %(until)s. From %(from)s: %(changes)s.")
    return OutcomeChangeText(until, text % words)


def changes_text(changes: Iterable[OutcomeChange], criteria: Mapping[str, Criterion]) -> str:
    """Return the changes, those that become the same together: `I03, I08 not yet known; E03 absent`."""
    said: dict[str, list[str]] = {}
    for code, _before, after in changes:
        said.setdefault(Outcome(after).label_for(criteria[code].category), []).append(code)
    return "; ".join(f"{many_text(codes)} {words}" for words, codes in said.items())


def many_text(codes: list[str]) -> str:
    if len(codes) <= MOST_CODES:
        return ", ".join(codes)
    return _("%(number)d criteria (%(codes)s)") % {"number": len(codes), "codes": ", ".join(codes)}
