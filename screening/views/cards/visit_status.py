"""The status of a visit by its latest revision, and its outlook, as the page of the visit shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.evaluation.dose_dates import NextChange
from criteria.evaluation.outlook import Outlook, outlook
from criteria.evaluation.protocol import Protocol
from screening.models import Outcome, Overall
from screening.views.cards.calendar import Calendar, calendar_of
from screening.views.cards.outlook import FailingCriterion, MissingFact, failing_criteria, missing_facts, retest_text
from screening.worklist.next_action import NextAction, next_step
from screening.worklist.status import planned_day


class OutcomeCount(NamedTuple):
    number: int
    words: str


class OutcomeChangeText(NamedTuple):
    """The next outcome change.

    The findings are valid for a first dose `until` a day; `changes` are those with a first dose on the `day`
    after.
    """

    until: date
    day: date
    changes: list[str]


class VisitStatus(NamedTuple):
    outlook: Outlook
    finding: str
    counts: list[OutcomeCount]
    next: NextAction
    failing: list[FailingCriterion]
    wanted: list[MissingFact]
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
        failing=failing_criteria(protocol, document, found),
        wanted=missing_facts(protocol.vocabulary, document, found.steps),
        retests=[(retest.code, retest_text(retest)) for retest in found.retests],
        turn=outcome_change_text(found.next_change),
        planned=planned,
        has_passed=planned is not None and planned < today,
        calendar=calendar_of(protocol, document, asked, today),
    )


def outcome_counts(found: Outlook) -> list[OutcomeCount]:
    return [
        OutcomeCount(found.count("fail"), _("not met")),
        OutcomeCount(found.count("unknown"), _("not yet known")),
        OutcomeCount(found.count("pass"), _("met")),
        OutcomeCount(found.count("not_applicable"), _("not applicable")),
    ]


def outcome_change_text(turn: NextChange | None) -> OutcomeChangeText | None:
    if turn is None:
        return None
    return OutcomeChangeText(turn.day - timedelta(days=1), turn.day, [change_text(*change) for change in turn.changes])


def change_text(code: str, before: str, after: str) -> str:
    words = {"code": code, "before": Outcome(before).label, "after": Outcome(after).label}
    return _("%(code)s becomes %(after)s (now %(before)s)") % words
