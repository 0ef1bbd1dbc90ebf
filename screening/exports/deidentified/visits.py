"""All visits of the subjects that pass a filter, with their latest data, under numbers derived from nothing."""

from __future__ import annotations

from collections.abc import Iterator
from secrets import SystemRandom
from typing import Any, NamedTuple

from criteria.models import ProtocolVersion, long_fields
from criteria.vocabulary import BadDocument
from screening.log.filter import LogFilter, log_statuses
from screening.models import Assessment, Revision, Verdict, Visit
from screening.visits.applicable_version import transitions_by_visit, version_among
from screening.visits.entered_in_error import MARKS, mark_of
from screening.worklist.listing import with_latest

SUBJECT_CHUNK = 200


class LatestFinding(NamedTuple):
    """The finding of the latest assessment.

    `outcomes` are code, statement and outcome in the protocol's order. `is_current` is true for an assessment
    of the latest revision by the version that applies to the visit.
    """

    overall: str
    version: str
    outcomes: tuple[tuple[str, str, str], ...]
    is_current: bool


class ExportedVisit(NamedTuple):
    """A visit in the export.

    `under` is the protocol version that applies to the visit, None where none was in force; `in_error` says that it
    was entered in error.
    """

    person: str
    attempt: int
    trial: str
    document: Any
    under: ProtocolVersion | None
    found: LatestFinding | None
    in_error: bool = False

    @property
    def version(self) -> str:
        return self.under.number if self.under else ""


def exported_visits(filters: LogFilter) -> Iterator[ExportedVisit]:
    """Yield the visits, subject by subject in the order of their new numbers.

    That order is no other order that anybody knows. The number of queries grows only with the chunks.
    """
    rows = log_statuses(filters).filter(revision__isnull=False)
    people = list(rows.order_by("subject").values_list("subject", flat=True).distinct())
    SystemRandom().shuffle(people)
    versions = list(ProtocolVersion.objects.defer(*long_fields()).order_by("-effective_from", "-pk"))
    numbers = {subject: f"D-{at:04}" for at, subject in enumerate(people, start=1)}
    for first in range(0, len(people), SUBJECT_CHUNK):
        chunk = people[first : first + SUBJECT_CHUNK]
        yield from chunk_visits({subject: numbers[subject] for subject in chunk}, versions)


def chunk_visits(numbers: dict[int, str], versions: list[ProtocolVersion]) -> Iterator[ExportedVisit]:
    """Yield the visits in the order of `numbers`, the earliest visit of each subject first."""
    rows = list(with_latest(Visit.objects.filter(subject__in=numbers)).select_related("subject__trial", *MARKS))
    documents = dict(Revision.objects.filter(pk__in=[row.revision_pk for row in rows]).values_list("pk", "document"))
    transferred = transitions_by_visit([row.pk for row in rows])
    assessed = latest_assessments(rows)
    place = {subject: at for at, subject in enumerate(numbers)}
    for row in sorted(rows, key=lambda row: (place[row.subject_id], row.number)):
        trial, document = row.subject.trial, documents[row.revision_pk]
        candidates = [version for version in versions if version.trial_id == trial.pk]
        under = version_or_none(candidates, transferred.get(row.pk, set()), document)
        found = assessed[row.assessment_pk].latest_finding(row.revision_pk, under) if row.assessment_pk else None
        yield ExportedVisit(
            numbers[row.subject_id], row.number, trial.code, document, under, found, mark_of(row) is not None
        )


class AssessmentOutcomes(NamedTuple):
    assessment: Assessment
    outcomes: list[tuple[str, str, str]]

    def latest_finding(self, revision: int, under: ProtocolVersion | None) -> LatestFinding:
        version = self.assessment.version
        is_current = under == version and self.assessment.revision_id == revision
        return LatestFinding(self.assessment.overall, version.number, tuple(self.outcomes), is_current)


def latest_assessments(rows: list[Any]) -> dict[int, AssessmentOutcomes]:
    """Return the latest assessment of each visit, by the key of the assessment."""
    wanted = Assessment.objects.filter(pk__in=[row.assessment_pk for row in rows if row.assessment_pk])
    wanted = wanted.select_related("version").defer(*long_fields("version__"))
    found = {assessment.pk: AssessmentOutcomes(assessment, []) for assessment in wanted}
    verdicts = Verdict.objects.filter(assessment__in=found).order_by("assessment", "position", "pk")
    for key, *outcome in verdicts.values_list("assessment", "code", "criterion__statement", "outcome"):
        found[key].outcomes.append((outcome[0], outcome[1], outcome[2]))
    return found


def version_or_none(versions: list[ProtocolVersion], transferred: set[int], document: Any) -> ProtocolVersion | None:
    try:
        return version_among(versions, transferred, document)
    except BadDocument:
        return None
