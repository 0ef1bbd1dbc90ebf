"""Open visits under a protocol version that is no longer in force, and their transition to today's version."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from criteria.evaluation.protocol import Protocol, Sheet, overall_of
from criteria.models import ProtocolVersion, Trial, long_fields
from criteria.records.refusal import Refused
from criteria.versions.versions import protocol_of
from screening.access.permissions import may
from screening.eligibility.assess import assess, lock_latest
from screening.models import (
    LATEST_ATTEMPT,
    Assessment,
    LogDecision,
    Revision,
    Signature,
    SubjectStatus,
    VersionTransition,
    Visit,
)
from screening.shared.pagination import Page, page_of
from screening.signatures.refusals import refuse_settled
from screening.signatures.seals import is_void
from screening.visits.applicable_version import applicable_version, comes_after, versions_by_today
from screening.visits.drafts import NO_DRAFTS_SEEN, DraftsSeen
from screening.visits.entered_in_error import has_later_attempt

OPEN_VISITS_PAGE_SIZE = 50
STILL_OPEN = ("", LogDecision.RETURNED, LogDecision.ELIGIBLE)


class VersionSuccession(NamedTuple):
    """A trial's version in force today, `current`, and the keys of those before it, `superseded`."""

    current: ProtocolVersion
    superseded: list[int]

    @property
    def open_visits_filter(self) -> Q:
        """The filter for subjects whose latest visit is open and falls under a superseded version.

        The visit is dated before the current version, and has had no transition to it since.
        """
        return LATEST_ATTEMPT & Q(
            trial=self.current.trial_id,
            version__in=self.superseded,
            visit_date__lt=self.current.effective_from,
            decision__in=STILL_OPEN,
            primary_reason="",  # as it is of whatever is open; said, it lets the log's index count them
            enrolment_number="",
        )


class OpenVisitCount(NamedTuple):
    """The number of a trial's open visits under an earlier version than the one in force today."""

    current: ProtocolVersion
    people: int


class AvailableReassessment(NamedTuple):
    """An open visit that may be assessed under `current`; its `row` has the version under which it is now."""

    row: SubjectStatus
    current: ProtocolVersion


class OpenVisit(NamedTuple):
    """An open visit, and the finding of the version in force today.

    `would_be` is empty where the document does not fit the questions of that version.
    """

    row: SubjectStatus
    would_be: str

    @property
    def would_change(self) -> bool:
        return self.would_be != self.row.overall


class ReassessmentPreview(NamedTuple):
    """The finding of a re-assessment under `current`, and the signature it would make void; nothing is saved."""

    current: ProtocolVersion
    signature: Signature
    sheet: Sheet


@transaction.atomic
def reassess(
    revision: Revision, author: User, void_seen: bool = False, drafts_seen: DraftsSeen = NO_DRAFTS_SEEN
) -> Assessment:
    """Assess an open visit under the version in force today, beside what was found under an earlier one.

    From then on the visit falls under that version. `void_seen`: the author was informed that a signature becomes
    void. PermissionDenied; Superseded where the revision is not the latest; Refused: attempt, where there is a
    later one, decided or closed, current, where no later version is in force, or signed, where a signature is valid and
    `void_seen` is false; BadDocument where the document does not fit the questions of the new version; UnsavedDrafts
    as by `assess`. In all of these nothing changes.
    """
    if not may(author, "assess", revision.visit.subject.trial_id):
        raise PermissionDenied
    visit, latest = lock_latest(revision)
    if has_later_attempt(visit):
        raise Refused("attempt", _("There is a later attempt of this subject: this one is assessed as it is."))
    refuse_settled(latest)
    current = later_version_for(visit, latest)
    if current is None:
        raise Refused("current", _("No later protocol version is in force than the one under which the visit falls."))
    protocol_of(current).refuse_faulty(latest.document)
    if valid_signature(latest) and not void_seen:
        raise Refused("signed", _("The investigator's signature would no longer be valid: this must be confirmed."))
    VersionTransition.objects.create(visit=visit, version=current, created_by=author)
    return assess(latest, author, drafts_seen)


def reassessment_preview(revision: Revision) -> ReassessmentPreview | None:
    """Return the preview for a visit's latest revision, which must fit today's questions.

    None where no valid signature on it would become void.
    """
    current, signature = later_version_for(revision.visit, revision), valid_signature(revision)
    if current is None or signature is None:
        return None
    return ReassessmentPreview(current, signature, protocol_of(current).assess(revision.document))


def later_version_for(visit: Visit, latest: Revision) -> ProtocolVersion | None:
    """Return the version in force today, where it comes after the one under which the visit falls."""
    since = succession_today(visit.subject.trial)
    if since is None or not comes_after(since.current, applicable_version(visit, latest.document)):
        return None
    return since.current


def valid_signature(latest: Revision) -> Signature | None:
    """Return the valid signature on a visit's latest revision, None where there is none."""
    signatures = Signature.objects.filter(assessment__revision=latest, withdrawal=None)
    last = signatures.select_related("assessment__version").order_by("-assessment").first()
    return last if last and not is_void(last) else None


def succession_today(trial: Trial) -> VersionSuccession | None:
    """Return the trial's current version and those before it; None where none has been replaced yet."""
    return next(iter(successions_by_trial([trial])), None)


def successions_by_trial(trials: Iterable[Trial]) -> list[VersionSuccession]:
    """Return the current and earlier versions of each trial in which a version has replaced another.

    In one query.
    """
    versions: dict[int, list[ProtocolVersion]] = {}
    for version in versions_by_today(trials):
        versions.setdefault(version.trial_id, []).append(version)
    return [
        VersionSuccession(current, [each.pk for each in before]) for current, *before in versions.values() if before
    ]


def open_visits_page(since: VersionSuccession, cursor: str | None = None) -> Page[SubjectStatus]:
    """Return a page of the visits that may come under the current version, the oldest visit first."""
    return page_of_attempts(SubjectStatus.objects.filter(since.open_visits_filter), cursor)


def page_of_attempts(rows: QuerySet[SubjectStatus], cursor: str | None) -> Page[SubjectStatus]:
    """Return a page of attempts, the oldest visit first.

    The page is determined first; only then is all that a row shows read.
    """
    page = page_of(rows.only("visit_date"), "visit_date", cursor, OPEN_VISITS_PAGE_SIZE)
    whole = with_version(SubjectStatus.objects.all()).in_bulk([row.pk for row in page.rows])
    return page._replace(rows=[whole[row.pk] for row in page.rows])


def evaluate_open_visits(rows: Iterable[SubjectStatus], current: ProtocolVersion) -> list[OpenVisit]:
    """Evaluate open visits under the current version.

    Without a query of its own where the rows' documents were read with them.
    """
    protocol = protocol_of(current)
    return [OpenVisit(row, overall_under(protocol, row)) for row in rows]


def overall_under(protocol: Protocol, row: SubjectStatus) -> str:
    """Return the finding of a version on a subject's latest revision.

    Empty where the document does not fit its questions.
    """
    document: Any = row.revision.document if row.revision else None
    if protocol.validate(document):
        return ""
    return overall_of(protocol.outcomes(document).values())


def with_version(rows: QuerySet[SubjectStatus]) -> QuerySet[SubjectStatus]:
    rows = rows.select_related("version", "revision", "assessment", "signature")
    return rows.defer(*long_fields("version__"))


def open_visit_counts(trials: Iterable[Trial]) -> list[OpenVisitCount]:
    """Count the open visits under an earlier version, for each trial that has any.

    In one query more where a version has replaced another one.
    """
    found = successions_by_trial(trials)
    if not found:
        return []
    wanted = Q()
    for since in found:
        wanted |= since.open_visits_filter
    people = dict(SubjectStatus.objects.filter(wanted).values_list("trial").annotate(people=Count("trial")))
    return [
        OpenVisitCount(since.current, people[since.current.trial_id])
        for since in found
        if since.current.trial_id in people
    ]


def available_reassessment(visit: Visit) -> AvailableReassessment | None:
    """Return the re-assessment that is offered for a visit.

    None where the visit is not open, or is under the version in force today.
    """
    since = succession_today(visit.subject.trial)
    if since is None:
        return None
    rows = SubjectStatus.objects.filter(since.open_visits_filter, subject=visit.subject_id, visit=visit)
    row = with_version(rows).defer("revision__document").first()
    return AvailableReassessment(row, since.current) if row else None


def transitions_of_visit(visit: Visit) -> QuerySet[VersionTransition]:
    """Return the version transitions of a visit, the latest first."""
    return visit.transitions.select_related("version", "created_by").defer(*long_fields("version__")).order_by("-pk")
