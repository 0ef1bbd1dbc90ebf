"""The status of a visit by its latest revision, and its outlook, as the page of the visit shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.evaluation.outlook import Outlook, outlook
from criteria.evaluation.protocol import Criterion, Outcome as OutcomeName, Protocol
from screening.models import Outcome, Overall
from screening.views.cards.calendar import Calendar, calendar_of
from screening.views.cards.outlook import FailingCriterion, MissingFact, failing_criteria, missing_facts, retest_text
from screening.visits.days import planned_day
from screening.worklist.next_action import NextAction, next_step


class OutcomeCount(NamedTuple):
    number: int
    words: str


class OutcomeChangeText(NamedTuple):
    """The next outcome change: the findings are valid for a first dose `until` a day, after which come the changes."""

    until: date
    changes: list[str]


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
    changes = [change_text(criteria[code], before, after) for code, before, after in turn.changes]
    return OutcomeChangeText(turn.day - timedelta(days=1), changes)


def change_text(criterion: Criterion, before: str, after: str) -> str:
    before, after = (Outcome(outcome).label_for(criterion.category) for outcome in (before, after))
    words = {"code": criterion.code, "before": before, "after": after}
    return _("%(code)s becomes %(after)s (now %(before)s)") % words
