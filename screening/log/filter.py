"""The screening and enrolment log: one row for each subject ever screened, failures included, without identity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from screening.models import NEVER, LogDecision, Overall, SubjectStatus
from screening.shared.pagination import Page, page_of

LOG_PAGE_SIZE = 50
LOG_QUERY_CHUNK = 1000

NOT_ASSESSED = "not-assessed"
OUTCOMES = (*Overall.values, NOT_ASSESSED)
ENROLLED, OPEN = "enrolled", "open"
DECISIONS = (*LogDecision.values, ENROLLED, OPEN)
# Numbers are given in the order of registration; as text, S-10000 would stand before S-2000.
LOG_SORTS = {"screening_number": "subject", "visit_date": "visit_date"}
WITHOUT_PLACE = Q(enrolment_number="")
UNDECIDED = Q(decision__in=("", LogDecision.RETURNED))
REGISTERED = Q(decision="", visit_date=NEVER)  # every visit has a day


@dataclass(frozen=True)
class LogFilter:
    """The filter of the log; an empty value or None filters nothing.

    `trial` and `criterion` are codes, `version` a number, `coordinator` a user name (of the last user who
    saved), `outcome` one of OUTCOMES, `decision` one of DECISIONS, `sort` one of LOG_SORTS, with a hyphen for
    the last first.
    """

    trial: str = ""
    screened_from: date | None = None
    screened_to: date | None = None
    criterion: str = ""
    outcome: str = ""
    decision: str = ""
    coordinator: str = ""
    version: str = ""
    sort: str = "screening_number"


def log_page(filters: LogFilter, cursor: str | None = None) -> Page[SubjectStatus]:
    """Return one page of the log.

    The first query selects only the key and the sort field of the rows: a database that joins before it limits
    would join every row that passes the filter.
    """
    name = order_field(filters)
    page = page_of(log_statuses(filters).only(name.removeprefix("-")), name, cursor, LOG_PAGE_SIZE)
    whole = with_signatures(SubjectStatus.objects.all()).in_bulk([row.pk for row in page.rows])
    return page._replace(rows=[whole[row.pk] for row in page.rows])


def log_rows(filters: LogFilter) -> Iterator[SubjectStatus]:
    """Yield every row that passes the filter, in the order of the pages, without loading all at once."""
    name = order_field(filters)
    key = "-pk" if name.startswith("-") else "pk"
    return with_signatures(log_statuses(filters)).order_by(name, key).iterator(LOG_QUERY_CHUNK)


def log_length(filters: LogFilter) -> int:
    return log_statuses(filters).count()


def order_field(filters: LogFilter) -> str:
    sort = filters.sort.removeprefix("-")
    if sort not in LOG_SORTS:
        raise ValueError(f"the log cannot be sorted by {filters.sort}")
    return ("-" if filters.sort.startswith("-") else "") + LOG_SORTS[sort]


def with_signatures(rows: QuerySet[SubjectStatus]) -> QuerySet[SubjectStatus]:
    """Return the rows with everything that a row displays.

    This includes the assessment, from which the row derives whether data were saved since, and the record
    sealed with a signature: the fingerprint of an assessment, the document of a closed case.
    """
    rows = rows.select_related(
        "trial",
        "version",
        "coordinator",
        "assessment",
        "signature__assessment__revision__visit__subject__trial",
        "closure__revision__visit__subject__trial",
    )
    long = ("codes", "sections", "terms", "note")  # the vocabulary, which no row shows
    return rows.defer(*(f"version__{name}" for name in long), "signature__assessment__revision__document")


def log_statuses(filters: LogFilter) -> QuerySet[SubjectStatus]:
    rows = SubjectStatus.objects.filter(**exact_conditions(filters))
    if filters.screened_from or filters.screened_to:
        first, last = filters.screened_from or date.min, filters.screened_to or NEVER
        rows = rows.filter(visit_date__range=(first, min(last, NEVER - timedelta(1))))
    if filters.criterion:
        can_be = filters.criterion.isalnum()
        rows = rows.filter(failed__contains=f"|{filters.criterion}|") if can_be else rows.none()
    match filters.decision:
        case "":
            return rows
        case "enrolled":
            return rows.exclude(WITHOUT_PLACE)
        case "open":
            return rows.filter(WITHOUT_PLACE, Q(decision=LogDecision.ELIGIBLE) | UNDECIDED)
        case LogDecision.FAILURE | LogDecision.NOT_ENROLLED:  # who has a place all the same is counted as enrolled
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
