"""Where a visit stands by its latest revision, and what may become of it: what the page of a visit shows of that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.evaluation.dose_dates import Turn, next_turn
from criteria.evaluation.outlook import Outlook, outlook
from criteria.evaluation.protocol import Protocol
from screening.models import Outcome, Overall
from screening.views.cards.calendar import Calendar, calendar_of
from screening.views.cards.outlook import Failing, Wanted, failing, retest_in_words, wanted
from screening.worklist.next_action import Next, next_step
from screening.worklist.status import planned_day


class Count(NamedTuple):
    number: int
    words: str


class TurnText(NamedTuple):
    """The findings hold for a first dose until a day, and what changes with one on the day after."""

    until: date
    day: date
    changes: list[str]


class Standing(NamedTuple):
    outlook: Outlook
    finding: str
    counts: list[Count]
    next: Next
    failing: list[Failing]
    wanted: list[Wanted]
    retests: list[tuple[str, str]]  # code and words
    turn: TurnText | None
    planned: date | None
    has_passed: bool
    calendar: Calendar | None


def standing_of(
    protocol: Protocol, document: Mapping[str, Any], *, assessed: bool, asked: str | None, today: date
) -> Standing:
    """Of a valid document. `asked` is the day from which the calendar is to be shown, if any."""
    found = outlook(protocol, document)
    planned = planned_day(document)
    return Standing(
        outlook=found,
        finding=str(Overall(found.overall).label),
        counts=counts(found),
        next=next_step(protocol, document, found, assessed=assessed),
        failing=failing(protocol, document, found),
        wanted=wanted(protocol.vocabulary, document, found.steps),
        retests=[(retest.code, retest_in_words(retest)) for retest in found.retests],
        turn=turn_text(next_turn(protocol, document)),
        planned=planned,
        has_passed=planned is not None and planned < today,
        calendar=calendar_of(protocol, document, asked, today),
    )


def counts(found: Outlook) -> list[Count]:
    return [
        Count(found.count("fail"), _("not met")),
        Count(found.count("unknown"), _("not yet known")),
        Count(found.count("pass"), _("met")),
        Count(found.count("not_applicable"), _("not applicable")),
    ]


def turn_text(turn: Turn | None) -> TurnText | None:
    if turn is None:
        return None
    return TurnText(turn.day - timedelta(days=1), turn.day, [change_in_words(*change) for change in turn.changes])


def change_in_words(code: str, before: str, after: str) -> str:
    words = {"code": code, "before": Outcome(before).label, "after": Outcome(after).label}
    return _("%(code)s becomes %(after)s (now %(before)s)") % words
