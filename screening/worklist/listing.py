"""Queries for the pages, each with a number of queries that does not grow with the rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet, Subquery, prefetch_related_objects

from screening.log.search import search_condition
from screening.models import (
    LATEST_ATTEMPT,
    SETTLED_DECISIONS,
    Assessment,
    Draft,
    Outcome,
    Overall,
    Revision,
    Subject,
    SubjectStatus,
    Verdict,
    Visit,
    in_trials,
    standing_references,
)
from screening.shared.pagination import Page, page_of
from screening.visits.applicable_version import visit_date

WORK_LIST_PAGE_SIZE = 50
NO_VISIT = "no-visit"
FINDING_FILTERS = (*Overall.values, NO_VISIT)
WORK_LIST_SORTS = ("screening_number", "holds_until", "planned_first_dose", "saved_at", "fails", "unknowns")


@dataclass(frozen=True)
class WorkListFilter:
    """The filter of the work list; an empty value or None filters nothing.

    `search` is what somebody is called by (`screening.log.search`), `trial` its code; `trials` are the keys of those
    whose subjects are listed, None where these are all.

    `finding` is one of FINDING_FILTERS, `sort` one of WORK_LIST_SORTS, with a hyphen for the largest first. `due` is a
    number of days: the findings are valid until a day that is at most that many days before or after `today`.
    """

    today: date
    search: str = ""
    trial: str = ""
    finding: str = ""
    due: int | None = None
    sort: str = "-saved_at"
    trials: frozenset[int] | None = None


def work_list(filters: WorkListFilter, cursor: str | None = None) -> Page[SubjectStatus]:
    """Return one page of subjects, each with the status of the latest visit.

    `has_draft` is true where somebody has a draft in that visit; `reference` is the site's own of the subject, None
    where there is none. ValueError where the sort is not one of WORK_LIST_SORTS.
    """
    if filters.sort.removeprefix("-") not in WORK_LIST_SORTS:
        raise ValueError(f"the work list cannot be sorted by {filters.sort}")
    drafts = Draft.objects.filter(visit=OuterRef("visit"))
    references = standing_references().filter(subject=OuterRef("subject")).values("reference")[:1]
    rows = matching_statuses(filters).select_related("trial", "visit", "assessment")
    rows = rows.annotate(has_draft=Exists(drafts), reference=Subquery(references))
    return page_of(rows, filters.sort, cursor, WORK_LIST_PAGE_SIZE)


def matching_statuses(filters: WorkListFilter) -> QuerySet[SubjectStatus]:
    rows = SubjectStatus.objects.filter(LATEST_ATTEMPT, in_trials(filters.trials))
    if filters.search:
        rows = rows.filter(search_condition(filters.search))
    if filters.trial:
        rows = rows.filter(trial__code=filters.trial)
    if filters.finding:
        no_visit = filters.finding == NO_VISIT
        rows = rows.filter(visit=None) if no_visit else rows.filter(overall=filters.finding)
    if filters.due is not None:
        span = timedelta(filters.due)
        rows = rows.filter(holds_until__range=(filters.today - span, filters.today + span))
        rows = rows.exclude(decision__in=SETTLED_DECISIONS)
    return rows


@dataclass(frozen=True)
class VisitRow:
    """A visit with its latest revision and assessment."""

    subject: Subject
    visit: Visit
    revision: Revision  # the latest
    assessment: Assessment | None  # the latest

    @property
    def visit_date(self) -> date | None:
        return visit_date(self.revision.document)

    @property
    def overall(self) -> str:
        """The overall finding of the latest assessment; empty where there is none yet."""
        return self.assessment.overall if self.assessment else ""

    @property
    def changed_since(self) -> bool:
        """True where data were saved after the assessment, which then no longer covers all known data."""
        return self.assessment is not None and self.assessment.revision_id != self.revision.pk


def visits_of(subject: Subject) -> list[VisitRow]:
    """Return the visits of a subject, the latest first."""
    visits = list(with_latest(subject.visits.select_related("in_error").order_by("-number")))
    revisions = Revision.objects.in_bulk([visit.revision_pk for visit in visits])
    assessments = Assessment.objects.in_bulk([visit.assessment_pk for visit in visits if visit.assessment_pk])
    return [
        VisitRow(subject, visit, revisions[visit.revision_pk], assessments.get(visit.assessment_pk)) for visit in visits
    ]


def with_latest(visits: QuerySet[Visit]) -> QuerySet[Any]:
    revision = Revision.objects.filter(visit=OuterRef("pk")).order_by("-number").values("pk")[:1]
    assessment = Assessment.objects.filter(revision__visit=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    return visits.annotate(revision_pk=Subquery(revision), assessment_pk=Subquery(assessment))


@dataclass(frozen=True)
class VerdictSheet:
    """The verdicts of an assessment by outcome, each group in the protocol's order and with its criterion."""

    fails: list[Verdict] = field(default_factory=list)
    unknowns: list[Verdict] = field(default_factory=list)
    passes: list[Verdict] = field(default_factory=list)
    not_applicable: list[Verdict] = field(default_factory=list)


def verdict_sheet(assessment: Assessment) -> VerdictSheet:
    sheet = VerdictSheet()
    groups = {
        Outcome.FAIL: sheet.fails,
        Outcome.UNKNOWN: sheet.unknowns,
        Outcome.PASS: sheet.passes,
        Outcome.NOT_APPLICABLE: sheet.not_applicable,
    }
    verdicts = Verdict.objects.select_related("criterion").order_by("position", "pk")
    prefetch_related_objects([assessment], Prefetch("verdicts", verdicts))  # for who reads them again
    for verdict in assessment.verdicts.all():
        groups[Outcome(verdict.outcome)].append(verdict)
    return sheet


def assessments_of(visit: Visit) -> QuerySet[Assessment]:
    """Return every assessment of a visit, the latest first.

    Assessments of an older revision stay as they were.
    """
    return (
        Assessment.objects.filter(revision__visit=visit)
        .select_related("version", "created_by")
        .annotate(revision_number=F("revision__number"))
        .order_by("-pk")
    )
