"""Open visits begun under a protocol version that is no longer in force, and how one comes under today's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from criteria.evaluation.protocol import Protocol, Sheet, overall_of
from criteria.models import ProtocolVersion, Trial
from criteria.records.refusal import Refused
from criteria.versions.versions import protocol_of
from screening.access.permissions import may
from screening.eligibility.assess import assess, lock_latest
from screening.models import Assessment, LogDecision, Revision, Signature, Standing, Transfer, Visit
from screening.review.policy import refuse_settled
from screening.shared.pagination import Page, page_of
from screening.signatures.seals import is_void
from screening.visits.applicable_version import VOCABULARY, comes_after, version_of, versions_by_today

PAGE_SIZE = 50
STILL_OPEN = ("", LogDecision.RETURNED, LogDecision.ELIGIBLE)


class Since(NamedTuple):
    """`current` is the version of a trial in force today, `superseded` are the keys of those that were before it."""

    current: ProtocolVersion
    superseded: list[int]

    @property
    def begun_before(self) -> Q:
        """The people whose latest visit is open, dated before the current version and not brought under it since."""
        return Q(
            trial=self.current.trial_id,
            version__in=self.superseded,
            visit_date__lt=self.current.effective_from,
            decision__in=STILL_OPEN,
            primary_reason="",  # as it is of whatever is open; said, it lets the log's index count them
            enrolment_number="",
        )


class Left(NamedTuple):
    """How many of a trial's open visits are under an earlier version than the one in force today."""

    current: ProtocolVersion
    people: int


class Offer(NamedTuple):
    """An open visit that may be assessed under `current`; its `row` knows the version under which it is now."""

    row: Standing
    current: ProtocolVersion


class OpenVisit(NamedTuple):
    """`would_be` is what the version in force today would find, empty where the document does not fit its questions."""

    row: Standing
    would_be: str

    @property
    def would_change(self) -> bool:
        return self.would_be != self.row.overall


class Preview(NamedTuple):
    """What re-assessing would find under `current`, and the signature that it would make void. Nothing is saved."""

    current: ProtocolVersion
    signature: Signature
    sheet: Sheet


@transaction.atomic
def reassess(revision: Revision, author: User, void_seen: bool = False) -> Assessment:
    """An open visit under the version in force today: a new assessment, beside what was found under an earlier one.

    From then on the visit falls under that version. `void_seen`: the author was told that a signature becomes void.
    PermissionDenied; Superseded where the revision is not the latest; Refused: attempt, where there is a later one,
    decided, current, where no later version is in force, or signed, where a signature holds and `void_seen` is not so;
    BadDocument where the document does not fit the questions of the new version. In all of these nothing changes.
    """
    if not may(author, "assess"):
        raise PermissionDenied
    visit, latest = lock_latest(revision)
    if visit.subject.visits.filter(number__gt=visit.number).exists():
        raise Refused("attempt", _("There is a later attempt of this person: this one is assessed as it is."))
    refuse_settled(latest)
    current = later_for(visit, latest)
    if current is None:
        raise Refused("current", _("No later protocol version is in force than the one under which the visit falls."))
    protocol_of(current).refuse_faulty(latest.document)
    if holding(latest) and not void_seen:
        raise Refused("signed", _("The investigator's signature would become void: this must be confirmed."))
    Transfer.objects.create(visit=visit, version=current, created_by=author)
    return assess(latest, author)


def preview_of(revision: Revision) -> Preview | None:
    """Of a visit's latest revision, which fits today's questions; None where no signature on it would become void."""
    current, signature = later_for(revision.visit, revision), holding(revision)
    if current is None or signature is None:
        return None
    return Preview(current, signature, protocol_of(current).assess(revision.document))


def later_for(visit: Visit, latest: Revision) -> ProtocolVersion | None:
    """The version in force today, where it comes after the one under which the visit falls."""
    since = since_today(visit.subject.trial)
    if since is None or not comes_after(since.current, version_of(visit, latest.document)):
        return None
    return since.current


def holding(latest: Revision) -> Signature | None:
    """The signature on a visit's latest revision that holds, if there is one."""
    signatures = Signature.objects.filter(assessment__revision=latest).select_related("assessment__version")
    last = signatures.order_by("-assessment").first()
    return last if last and not is_void(last) else None


def since_today(trial: Trial) -> Since | None:
    """None where no version has replaced another one yet."""
    return next(iter(since_by_trial([trial])), None)


def since_by_trial(trials: Iterable[Trial]) -> list[Since]:
    """Only of the trials in which a version has replaced another one; in one query."""
    versions: dict[int, list[ProtocolVersion]] = {}
    for version in versions_by_today(trials):
        versions.setdefault(version.trial_id, []).append(version)
    return [Since(current, [each.pk for each in before]) for current, *before in versions.values() if before]


def open_visits(since: Since, cursor: str | None = None) -> Page[Standing]:
    """Whose visits may come under the current version, the oldest visit first; only then all that a row shows."""
    page = page_of(Standing.objects.filter(since.begun_before).only("visit_date"), "visit_date", cursor, PAGE_SIZE)
    whole = with_version(Standing.objects.all()).in_bulk([row.pk for row in page.rows])
    return page._replace(rows=[whole[row.pk] for row in page.rows])


def foreseen(rows: Iterable[Standing], current: ProtocolVersion) -> list[OpenVisit]:
    """Without a query of its own where the rows' documents were read with them."""
    protocol = protocol_of(current)
    return [OpenVisit(row, would_be(protocol, row)) for row in rows]


def would_be(protocol: Protocol, row: Standing) -> str:
    """What a version would find of a person's latest revision; empty where the document does not fit its questions."""
    document: Any = row.revision.document if row.revision else None
    if protocol.validate(document):
        return ""
    return overall_of(finding.outcome for finding in protocol.evaluate(document))


def with_version(rows: QuerySet[Standing]) -> QuerySet[Standing]:
    rows = rows.select_related("version", "revision", "assessment", "signature")
    return rows.defer(*(f"version__{name}" for name in VOCABULARY))


def left_over(trials: Iterable[Trial]) -> list[Left]:
    """Only of the trials that have any; in one query more where a version has replaced another one."""
    found = since_by_trial(trials)
    if not found:
        return []
    wanted = Q()
    for since in found:
        wanted |= since.begun_before
    people = dict(Standing.objects.filter(wanted).values_list("trial").annotate(people=Count("trial")))
    return [Left(since.current, people[since.current.trial_id]) for since in found if since.current.trial_id in people]


def offer_for(visit: Visit) -> Offer | None:
    """None where the visit is not open, or under the version in force today."""
    since = since_today(visit.subject.trial)
    if since is None:
        return None
    rows = Standing.objects.filter(since.begun_before, subject=visit.subject_id, visit=visit)
    row = with_version(rows).defer("revision__document").first()
    return Offer(row, since.current) if row else None


def transfers_of(visit: Visit) -> QuerySet[Transfer]:
    """The latest first."""
    long = (f"version__{name}" for name in VOCABULARY)
    return visit.transfers.select_related("version", "created_by").defer(*long).order_by("-pk")
