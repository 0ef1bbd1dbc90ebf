"""The screening and enrolment log: one row for each subject ever screened, failures included, without identity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from screening.models import NEVER, ClosureReason, LogDecision, Overall, SubjectStatus
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


class ReasonGroup(NamedTuple):
    """A number of subjects with the same reason.

    `reason` is the code of a criterion or of a closure reason; empty where no primary reason was named.
    """

    reason: str
    people: int


@dataclass(frozen=True)
class LogCounts:
    """Numbers of subjects: each subject in the log is enrolled, excluded for a reason, or still open."""

    enrolled: int
    failures: tuple[ReasonGroup, ...]
    not_enrolled: tuple[ReasonGroup, ...]
    to_enrol: int  # confirmed eligible, without a place so far
    undecided: int
    registered: int  # without a visit so far, and so not screened

    @property
    def excluded_count(self) -> int:
        return subject_count(self.failures) + subject_count(self.not_enrolled)

    @property
    def open(self) -> int:
        return self.to_enrol + self.undecided + self.registered

    @property
    def everybody(self) -> int:
        return self.enrolled + self.excluded_count + self.open

    @property
    def screened_count(self) -> int:
        return self.everybody - self.registered


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


def log_counts(filters: LogFilter) -> LogCounts:
    # Of the trial, not of the key: it stands in the index that all of this is read from.
    groups = {
        "waiting": Count("trial", filter=WITHOUT_PLACE),
        "enrolled": Count("trial", filter=~WITHOUT_PLACE),
        "registered": Count("trial", filter=WITHOUT_PLACE & REGISTERED),
    }
    found = list(log_statuses(filters).values_list("decision", "primary_reason").annotate(**groups))
    registered = sum(row[4] for row in found)
    return LogCounts(
        enrolled=sum(row[3] for row in found),
        failures=reason_groups(found, LogDecision.FAILURE),
        not_enrolled=reason_groups(found, LogDecision.NOT_ENROLLED),
        to_enrol=subject_count(reason_groups(found, LogDecision.ELIGIBLE)),
        undecided=subject_count(reason_groups(found, ""))
        + subject_count(reason_groups(found, LogDecision.RETURNED))
        - registered,
        registered=registered,
    )


def subject_count(groups: Iterable[ReasonGroup]) -> int:
    return sum(group.people for group in groups)


def reason_groups(found: list[tuple[str, str, int, int, int]], wanted: str) -> tuple[ReasonGroup, ...]:
    """Return the groups of a decision among the subjects who are not enrolled, the largest first."""
    groups = [ReasonGroup(reason, waiting) for decision, reason, waiting, *_ in found if decision == wanted and waiting]
    return tuple(sorted(groups, key=lambda group: (-group.people, group.reason)))


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


def log_filter_text(filters: LogFilter) -> str:
    """Return the filter as text for the reader of an export."""
    parts = (
        (_("trial %s"), filters.trial),
        (_("screened from %s"), filters.screened_from and filters.screened_from.isoformat()),
        (_("screened to %s"), filters.screened_to and filters.screened_to.isoformat()),
        (_("failed criterion %s"), filters.criterion),
        (_("outcome %s"), filters.outcome and outcome_label(filters.outcome)),
        (_("decision %s"), filters.decision and decision_label(filters.decision)),
        (_("coordinator %s"), filters.coordinator),
        (_("protocol version %s"), filters.version),
    )
    return "; ".join(text % value for text, value in parts if value) or _("everybody")


def outcome_label(outcome: str) -> str:
    labels = dict(Overall.choices) | {NOT_ASSESSED: _("not assessed")}
    return str(labels.get(outcome, outcome))


def decision_label(decision: str) -> str:
    labels = dict(LogDecision.choices) | {ENROLLED: _("enrolled"), OPEN: _("open")}
    return str(labels.get(decision, decision))


def reason_label(reason: str) -> str:
    """Return the code of a criterion unchanged, another reason as its label."""
    return str(dict(ClosureReason.choices).get(reason, reason))
