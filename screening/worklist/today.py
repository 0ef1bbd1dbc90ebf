"""What there is to do today: what is due, what expires, and whose answer came."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.models import LATEST_ATTEMPT, LogDecision, Overall, SubjectStatus, in_trials

EXPIRES_WITHIN = timedelta(7)
MOST_TODAY = 50
OPEN = Q(enrolment_number="", decision__in=("", LogDecision.ELIGIBLE, LogDecision.RETURNED))
ANSWERED = Q(decision="", open_questions=0, answered_at__isnull=False)


class TodayItem(NamedTuple):
    """A subject with why there is something to do today; `is_answered` where the questions are the place to look."""

    row: SubjectStatus
    reasons: list[str]
    is_answered: bool


def today_list(today: date, trials: Collection[int] | None = None) -> tuple[list[TodayItem], bool]:
    """Return who is due today, the longest overdue first, and whether there are more; in one query.

    Of the trials with these keys; None: of each.
    """
    rows = today_statuses(today).filter(in_trials(trials)).select_related("trial")[: MOST_TODAY + 1]
    items = [TodayItem(row, list(reasons_of(row, today)), is_answered(row)) for row in rows]
    return items[:MOST_TODAY], len(items) > MOST_TODAY


def today_statuses(today: date) -> QuerySet[SubjectStatus]:
    due = Q(next_day__lte=today) | Q(planned_first_dose__lte=today)
    expiring = Q(overall=Overall.ELIGIBLE, holds_until__range=(today, today + EXPIRES_WITHIN))
    rows = SubjectStatus.objects.filter(LATEST_ATTEMPT, OPEN, due | expiring | ANSWERED)
    return rows.order_by(Least("next_day", "planned_first_dose", "holds_until"), "pk")


def reasons_of(row: SubjectStatus, today: date) -> Iterator[str]:
    if row.planned_first_dose == today:
        yield _("planned first dose today, not enrolled")
    elif row.planned_first_dose < today:
        yield _("planned first dose %(day)s has passed, not enrolled") % {"day": row.planned_first_dose.isoformat()}
    if row.next_day == today:
        yield _("due today: %(step)s") % {"step": row.next_step}
    elif row.next_day < today:
        yield _("due: %(step)s") % {"step": row.next_step}  # which names the day
    if row.overall == Overall.ELIGIBLE and today <= row.holds_until <= today + EXPIRES_WITHIN:
        yield expiry_text(row.holds_until, today)
    if is_answered(row) and row.answered_at:
        answered = timezone.localtime(row.answered_at).date()
        yield _("the investigator's question was answered on %(day)s") % {"day": answered.isoformat()}


def expiry_text(day: date, today: date) -> str:
    if day == today:
        return _("eligible until today")
    return _("eligible until %(day)s") % {"day": day.isoformat()}


def is_answered(row: SubjectStatus) -> bool:
    """Return whether all that was asked about the visit is answered and nothing was decided since."""
    return row.answered_at is not None and not row.open_questions and row.decision == ""
