"""What the pages show, each in a number of queries that does not grow with the rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from criteria.models import Trial
from screening.in_force import visit_date
from screening.models import Assessment, Outcome, Revision, Subject, Verdict, Visit


@dataclass(frozen=True)
class Row:
    """Where a visit stands; None where there is no visit, or no assessment of it, yet."""

    subject: Subject
    visit: Visit | None
    revision: Revision | None  # the latest
    assessment: Assessment | None  # the latest

    @property
    def visit_date(self) -> date | None:
        return visit_date(self.revision.document) if self.revision else None

    @property
    def overall(self) -> str:
        return self.assessment.overall if self.assessment else ""

    @property
    def changed_since(self) -> bool:
        """Whether something was saved after the assessment, which then no longer speaks of what is known."""
        return bool(self.assessment and self.revision and self.assessment.revision_id != self.revision.pk)


def subject_list(trial: Trial | None = None) -> list[Row]:
    """Subjects of a trial, or of all, each with the latest visit; the one registered last comes first."""
    subjects = Subject.objects.filter(trial=trial) if trial else Subject.objects.all()
    latest = Visit.objects.filter(subject=OuterRef("pk")).order_by("-number").values("pk")[:1]
    found = subjects.select_related("trial").annotate(visit_pk=Subquery(latest)).order_by("-pk")
    return rows([(subject, subject.visit_pk) for subject in found])


def visits_of(subject: Subject) -> list[Row]:
    """The visits of a subject, the latest first."""
    keys = subject.visits.order_by("-number").values_list("pk", flat=True)
    return rows([(subject, key) for key in keys])


def rows(pairs: list[tuple[Subject, int | None]]) -> list[Row]:
    """Subjects and the keys of visits, with what is known of each visit."""
    visits = with_latest(Visit.objects.all()).in_bulk({key for _, key in pairs if key})
    revisions = Revision.objects.in_bulk([visit.revision_pk for visit in visits.values()])
    assessments = Assessment.objects.in_bulk([v.assessment_pk for v in visits.values() if v.assessment_pk])
    return [row(subject, visits.get(key), revisions, assessments) for subject, key in pairs]


def row(subject: Subject, visit: Any, revisions: dict[int, Revision], assessments: dict[int, Assessment]) -> Row:
    if visit is None:
        return Row(subject, None, None, None)
    return Row(subject, visit, revisions[visit.revision_pk], assessments.get(visit.assessment_pk))


def with_latest(visits: QuerySet[Visit]) -> QuerySet[Any]:
    revision = Revision.objects.filter(visit=OuterRef("pk")).order_by("-number").values("pk")[:1]
    assessment = Assessment.objects.filter(revision__visit=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    return visits.annotate(revision_pk=Subquery(revision), assessment_pk=Subquery(assessment))


@dataclass(frozen=True)
class VerdictSheet:
    """The verdicts of an assessment, each group in the protocol's order and with its criterion."""

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
    for verdict in assessment.verdicts.select_related("criterion").order_by("position", "pk"):
        groups[Outcome(verdict.outcome)].append(verdict)
    return sheet


def assessments_of(visit: Visit) -> QuerySet[Assessment]:
    """Every assessment of a visit, the latest first; those over an older revision stay as they were."""
    return (
        Assessment.objects.filter(revision__visit=visit)
        .select_related("version", "created_by")
        .annotate(revision_number=F("revision__number"))
        .order_by("-pk")
    )
