"""The screening and enrolment log: one row for each attempt of every subject, failures included, without identity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from criteria.models import Trial
from screening.log.search import search_condition
from screening.models import LATEST_ATTEMPT, NEVER, LogDecision, Overall, SubjectStatus

NOT_ASSESSED = "not-assessed"
OUTCOMES = (*Overall.values, NOT_ASSESSED)
ENROLLED, OPEN = "enrolled", "open"
DECISIONS = (*LogDecision.values, ENROLLED, OPEN)
LATEST, EARLIER = "latest", "earlier"
ATTEMPTS = (LATEST, EARLIER)
# Numbers are given in the order of registration; as text, S-10000 would stand before S-2000.
LOG_SORTS = {"screening_number": "subject", "visit_date": "visit_date"}
WITHOUT_PLACE = Q(enrolment_number="")
UNDECIDED = Q(decision__in=("", LogDecision.RETURNED))
REGISTERED = Q(decision="", visit_date=NEVER)  # every visit has a day


@dataclass(frozen=True)
class LogFilter:
    """The filter of the log; an empty value or None filters nothing.

    `search` is what somebody is called by (`screening.log.search`).

    `trial` and `criterion` are codes, `version` a number, `coordinator` a user name (of the last user who
    saved), `outcome` one of OUTCOMES, `decision` one of DECISIONS, `attempt` one of ATTEMPTS, `sort` one of
    LOG_SORTS, with a hyphen for the last first.
    """

    trial: str = ""
    screened_from: date | None = None
    screened_to: date | None = None
    criterion: str = ""
    outcome: str = ""
    decision: str = ""
    coordinator: str = ""
    version: str = ""
    attempt: str = ""
    sort: str = "screening_number"
    search: str = ""


def log_trial(filters: LogFilter) -> int | None:
    """Return the key of the trial that is filtered for; None where none is."""
    return Trial.objects.filter(code=filters.trial).values_list("pk", flat=True).first() if filters.trial else None


def log_length(filters: LogFilter) -> int:
    return log_statuses(filters).count()


def log_statuses(filters: LogFilter) -> QuerySet[SubjectStatus]:
    rows = SubjectStatus.objects.filter(**exact_conditions(filters))
    if filters.search:
        rows = rows.filter(search_condition(filters.search))
    if filters.screened_from or filters.screened_to:
        first, last = filters.screened_from or date.min, filters.screened_to or NEVER
        rows = rows.filter(visit_date__range=(first, min(last, NEVER - timedelta(1))))
    if filters.criterion:
        can_be = filters.criterion.isalnum()
        rows = rows.filter(failed__contains=f"|{filters.criterion}|") if can_be else rows.none()
    if filters.attempt:
        rows = rows.filter(LATEST_ATTEMPT if filters.attempt == LATEST else ~LATEST_ATTEMPT)
    match filters.decision:
        case "":
            return rows
        case "enrolled":
            return rows.exclude(WITHOUT_PLACE)
        case "open":
            return rows.filter(WITHOUT_PLACE, Q(decision=LogDecision.ELIGIBLE) | UNDECIDED)
        case LogDecision.FAILURE | LogDecision.NOT_ENROLLED | LogDecision.ENTERED_IN_ERROR:
            # Who has a place all the same is counted as enrolled.
            return rows.filter(WITHOUT_PLACE, decision=filters.decision)
    return rows.filter(decision=filters.decision)


def exact_conditions(filters: LogFilter) -> dict[str, str]:
    wanted = {
        "trial__code": filters.trial,
        "coordinator__username": filters.coordinator,
        "version__number": filters.version,
        "found": filters.outcome,
    }
    named = {name: text.replace("\0", "\ufffd") for name, text in wanted.items() if text}
    return named | ({"found": ""} if filters.outcome == NOT_ASSESSED else {})
