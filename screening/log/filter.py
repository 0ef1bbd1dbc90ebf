"""The screening and enrolment log: one row for each person ever screened, failures included, and no identity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from screening.models import NEVER, ClosureReason, LogDecision, Overall, Standing
from screening.shared.pagination import Page, page_of

PAGE_SIZE = 50
CHUNK = 1000

NOT_ASSESSED = "not-assessed"
OUTCOMES = (*Overall.values, NOT_ASSESSED)
ENROLLED, OPEN = "enrolled", "open"
DECISIONS = (*LogDecision.values, ENROLLED, OPEN)
# Numbers are given in the order of registration; as text, S-10000 would stand before S-2000.
SORTS = {"screening_number": "subject", "visit_date": "visit_date"}
WITHOUT_PLACE = Q(enrolment_number="")
UNDECIDED = Q(decision__in=("", LogDecision.RETURNED))
REGISTERED = Q(decision="", visit_date=NEVER)  # every visit has a day


@dataclass(frozen=True)
class LogFilter:
    """What the log shows; empty or None filters nothing.

    `trial` and `criterion` are codes, `version` a number, `coordinator` a user name (who saved last), `outcome` one of
    OUTCOMES, `decision` one of DECISIONS, `sort` one of SORTS, with a hyphen for the last first.
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


class Group(NamedTuple):
    """`reason` is the code of a criterion or of a closure's reason; empty where none was named as the main one."""

    reason: str
    people: int


@dataclass(frozen=True)
class Counts:
    """By person: everybody in the log is enrolled, excluded for a reason, or still open."""

    enrolled: int
    failures: tuple[Group, ...]
    not_enrolled: tuple[Group, ...]
    to_enrol: int  # confirmed eligible, without a place so far
    undecided: int
    registered: int  # without a visit so far, and so not screened

    @property
    def excluded(self) -> int:
        return people(self.failures) + people(self.not_enrolled)

    @property
    def open(self) -> int:
        return self.to_enrol + self.undecided + self.registered

    @property
    def everybody(self) -> int:
        return self.enrolled + self.excluded + self.open

    @property
    def screened(self) -> int:
        return self.everybody - self.registered


def log_page(filters: LogFilter, cursor: str | None = None) -> Page[Standing]:
    """First only which rows: a database that joins before it cuts joins every row that the filter lets through."""
    name = order(filters)
    page = page_of(matching(filters).only(name.removeprefix("-")), name, cursor, PAGE_SIZE)
    whole = with_signatures(Standing.objects.all()).in_bulk([row.pk for row in page.rows])
    return page._replace(rows=[whole[row.pk] for row in page.rows])


def log_rows(filters: LogFilter) -> Iterator[Standing]:
    """Every row that the filter lets through, in the order of the pages, without holding them all."""
    name = order(filters)
    key = "-pk" if name.startswith("-") else "pk"
    return with_signatures(matching(filters)).order_by(name, key).iterator(CHUNK)


def log_length(filters: LogFilter) -> int:
    return matching(filters).count()


def counts(filters: LogFilter) -> Counts:
    # Of the trial, not of the key: it stands in the index that all of this is read from.
    groups = {
        "waiting": Count("trial", filter=WITHOUT_PLACE),
        "enrolled": Count("trial", filter=~WITHOUT_PLACE),
        "registered": Count("trial", filter=WITHOUT_PLACE & REGISTERED),
    }
    found = list(matching(filters).values_list("decision", "primary_reason").annotate(**groups))
    registered = sum(row[4] for row in found)
    return Counts(
        enrolled=sum(row[3] for row in found),
        failures=reasons(found, LogDecision.FAILURE),
        not_enrolled=reasons(found, LogDecision.NOT_ENROLLED),
        to_enrol=people(reasons(found, LogDecision.ELIGIBLE)),
        undecided=people(reasons(found, "")) + people(reasons(found, LogDecision.RETURNED)) - registered,
        registered=registered,
    )


def people(groups: Iterable[Group]) -> int:
    return sum(group.people for group in groups)


def reasons(found: list[tuple[str, str, int, int, int]], wanted: str) -> tuple[Group, ...]:
    """The groups of a decision among those who are not enrolled, the largest first."""
    groups = [Group(reason, waiting) for decision, reason, waiting, *_ in found if decision == wanted and waiting]
    return tuple(sorted(groups, key=lambda group: (-group.people, group.reason)))


def order(filters: LogFilter) -> str:
    sort = filters.sort.removeprefix("-")
    if sort not in SORTS:
        raise ValueError(f"the log cannot be sorted by {filters.sort}")
    return ("-" if filters.sort.startswith("-") else "") + SORTS[sort]


def with_signatures(rows: QuerySet[Standing]) -> QuerySet[Standing]:
    """With all that a row shows, the assessment, of which it tells whether something was saved since, and what was
    sealed with a signature: of an assessment its fingerprint, of a case closed the document.
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


def matching(filters: LogFilter) -> QuerySet[Standing]:
    rows = Standing.objects.filter(**exact(filters))
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


def exact(filters: LogFilter) -> dict[str, str]:
    wanted = {
        "trial__code": filters.trial,
        "coordinator__username": filters.coordinator,
        "version__number": filters.version,
        "found": filters.outcome,
    }
    named = {name: text.replace("\0", "\ufffd") for name, text in wanted.items() if text}
    return named | ({"found": ""} if filters.outcome == NOT_ASSESSED else {})


def described(filters: LogFilter) -> str:
    """The filter in words, for whoever reads an export."""
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
    """The code of a criterion as it is, another reason in words."""
    return str(dict(ClosureReason.choices).get(reason, reason))
