"""The eligibility calendar of a visit: the finding for each day of a planned first dose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from criteria.evaluation.dose_dates import PLANNED_DOSE, DaySpan, DecidingOutcome, calendar_spans, dose_calendar
from criteria.evaluation.protocol import Protocol
from criteria.rules.dates import LAST_DAY
from screening.views.cards.calendar_svg import CalendarDrawing, calendar_drawing
from screening.visits.applicable_version import visit_date
from screening.visits.days import planned_day

CALENDAR_DAYS = 60
FURTHEST = 3653  # days after the visit: ten years on, nothing is planned any more
MOST_PROOFS = 4


class SpanText(NamedTuple):
    """A span with the proofs of the criteria that decide it.

    Those that decided the span before by the same proof are only named, in `as_before`. `codes` stands alone
    where they are too many to be proved one by one.
    """

    span: DaySpan
    proofs: list[DecidingOutcome]
    as_before: str
    codes: str

    @property
    def is_one_day(self) -> bool:
        return self.span.first == self.span.last


class Calendar(NamedTuple):
    """A page of the calendar.

    `earlier` and `later` are the first days of the pages before and after it, None where there is none.
    """

    drawing: CalendarDrawing
    spans: list[SpanText]
    first: date
    last: date
    earlier: date | None
    later: date | None


def calendar_of(protocol: Protocol, document: Mapping[str, Any], asked: str | None, today: date) -> Calendar | None:
    """Return the calendar; None where the trial does not plan a first dose, or the visit has no date.

    `asked` is the first day to be shown, if any was asked for.
    """
    visited = visit_date(document)
    if PLANNED_DOSE not in protocol.schema.facts or visited is None:
        return None
    planned = planned_day(document)
    latest = add_days(visited, FURTHEST)
    first = first_day(visited, planned, asked, today, latest)
    days = dose_calendar(protocol, document, first, CALENDAR_DAYS)
    return Calendar(
        calendar_drawing(days, planned, today),
        span_texts(calendar_spans(protocol, document, days)),
        first,
        days[-1].day,
        max(visited, first - timedelta(days=CALENDAR_DAYS)) if first > visited else None,
        min(latest, add_days(first, CALENDAR_DAYS)) if first < latest else None,
    )


def first_day(visited: date, planned: date | None, asked: str | None, today: date, latest: date) -> date:
    """Return the first day to show: the one asked for, or today, within the calendar's range.

    Today only where the first dose can still be given from today on; the day of the visit where that is past.
    """
    try:
        wanted = date.fromisoformat(asked or "")
    except ValueError:
        is_open = visited <= today and (planned is None or planned >= today)
        wanted = today if is_open else visited
    return min(max(wanted, visited), latest)


def add_days(day: date, days: int) -> date:
    return date.fromordinal(min(day.toordinal() + days, LAST_DAY))


def span_texts(found: Sequence[DaySpan]) -> list[SpanText]:
    before = [None, *found][:-1]
    return [span_text(span, earlier.deciding if earlier else ()) for span, earlier in zip(found, before, strict=True)]


def span_text(span: DaySpan, earlier: Sequence[DecidingOutcome]) -> SpanText:
    if len(span.deciding) > MOST_PROOFS:
        return SpanText(span, [], "", codes_text(span.deciding))
    new = [reason for reason in span.deciding if reason not in earlier]
    return SpanText(span, new, codes_text(reason for reason in span.deciding if reason in earlier), "")


def codes_text(reasons: Iterable[DecidingOutcome]) -> str:
    return ", ".join(reason.code for reason in reasons)
