"""All visits of the people that a filter lets through, as they stand, under numbers that are derived from nothing."""

from __future__ import annotations

from collections.abc import Iterator
from secrets import SystemRandom
from typing import Any, NamedTuple

from criteria.models import ProtocolVersion
from criteria.vocabulary import BadDocument
from screening.log.filter import LogFilter, matching
from screening.models import Assessment, Revision, Transfer, Verdict, Visit
from screening.visits.applicable_version import VOCABULARY, version_among
from screening.worklist.listing import with_latest

CHUNK = 200


class Found(NamedTuple):
    """The latest assessment; `outcomes` are code, statement and outcome in the protocol's order. Current: of the latest
    revision, by the version under which the visit falls.
    """

    overall: str
    version: str
    outcomes: tuple[tuple[str, str, str], ...]
    is_current: bool


class SeenVisit(NamedTuple):
    """`under` is the protocol version under which the visit falls, None where none was in force."""

    person: str
    attempt: int
    trial: str
    document: Any
    under: ProtocolVersion | None
    found: Found | None

    @property
    def version(self) -> str:
        return self.under.number if self.under else ""


def seen_visits(filters: LogFilter) -> Iterator[SeenVisit]:
    """Person by person in the order of their new numbers, which is no other order that anybody knows.

    In a number of queries that grows only with the chunks.
    """
    people = list(matching(filters).filter(revision__isnull=False).values_list("subject", flat=True))
    SystemRandom().shuffle(people)
    versions = list(ProtocolVersion.objects.defer(*VOCABULARY).order_by("-effective_from", "-pk"))
    numbers = {subject: f"D-{at:04}" for at, subject in enumerate(people, start=1)}
    for first in range(0, len(people), CHUNK):
        chunk = people[first : first + CHUNK]
        yield from chunk_visits({subject: numbers[subject] for subject in chunk}, versions)


def chunk_visits(numbers: dict[int, str], versions: list[ProtocolVersion]) -> Iterator[SeenVisit]:
    """In the order of `numbers`, of each person the earliest visit first."""
    rows = list(with_latest(Visit.objects.filter(subject__in=numbers)).select_related("subject__trial"))
    documents = dict(Revision.objects.filter(pk__in=[row.revision_pk for row in rows]).values_list("pk", "document"))
    transferred = transfers_of(rows)
    assessed = assessments_of(rows)
    place = {subject: at for at, subject in enumerate(numbers)}
    for row in sorted(rows, key=lambda row: (place[row.subject_id], row.number)):
        trial, document = row.subject.trial, documents[row.revision_pk]
        candidates = [version for version in versions if version.trial_id == trial.pk]
        under = under_which(candidates, transferred.get(row.pk, set()), document)
        found = assessed[row.assessment_pk].found(row.revision_pk, under) if row.assessment_pk else None
        yield SeenVisit(numbers[row.subject_id], row.number, trial.code, document, under, found)


class Assessed(NamedTuple):
    assessment: Assessment
    outcomes: list[tuple[str, str, str]]

    def found(self, revision: int, under: ProtocolVersion | None) -> Found:
        version = self.assessment.version
        is_current = under == version and self.assessment.revision_id == revision
        return Found(self.assessment.overall, version.number, tuple(self.outcomes), is_current)


def assessments_of(rows: list[Any]) -> dict[int, Assessed]:
    """The latest of each visit, by key."""
    wanted = Assessment.objects.filter(pk__in=[row.assessment_pk for row in rows if row.assessment_pk])
    wanted = wanted.select_related("version").defer(*(f"version__{name}" for name in VOCABULARY))
    found = {assessment.pk: Assessed(assessment, []) for assessment in wanted}
    verdicts = Verdict.objects.filter(assessment__in=found).order_by("assessment", "position", "pk")
    for key, *outcome in verdicts.values_list("assessment", "code", "criterion__statement", "outcome"):
        found[key].outcomes.append((outcome[0], outcome[1], outcome[2]))
    return found


def transfers_of(rows: list[Any]) -> dict[int, set[int]]:
    """By visit, the versions under which it was brought."""
    found: dict[int, set[int]] = {}
    moved = Transfer.objects.filter(visit__in=[row.pk for row in rows]).values_list("visit", "version")
    for visit, version in moved:
        found.setdefault(visit, set()).add(version)
    return found


def under_which(versions: list[ProtocolVersion], transferred: set[int], document: Any) -> ProtocolVersion | None:
    try:
        return version_among(versions, transferred, document)
    except BadDocument:
        return None
