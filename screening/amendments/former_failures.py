"""Former screen failures who would be eligible under the version in force today: a list to work through."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from criteria.amendments.draft_checks import says_something
from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument, Fault
from criteria.vocabulary.values import text_fault
from screening.access.permissions import may
from screening.amendments.transition import (
    VersionSuccession,
    evaluate_open_visits,
    page_of_attempts,
    succession_today,
)
from screening.models import FailureDismissal, LogDecision, Overall, SubjectStatus, Visit
from screening.shared.pagination import Page
from screening.signals import records_added
from screening.visits.lock import lock_subject


class FormerFailure(NamedTuple):
    """A former screen failure who would be eligible now.

    `again` is the row of the attempt that was begun since, `dismissal` says why none is; while there is neither, the
    failure is still to be worked through.
    """

    row: SubjectStatus
    again: SubjectStatus | None
    dismissal: FailureDismissal | None

    @property
    def is_open(self) -> bool:
        return self.again is None and self.dismissal is None


def former_failures(since: VersionSuccession) -> QuerySet[SubjectStatus]:
    """Return the rows of the subjects whose last attempt before the current version is a confirmed screen failure."""
    first_day = since.current.effective_from
    before = SubjectStatus.objects.filter(trial=since.current.trial_id, visit_date__lt=first_day)
    later = before.filter(subject=OuterRef("subject"), attempts__gt=OuterRef("attempts"))
    return before.filter(~Exists(later), version__in=since.superseded, decision=LogDecision.FAILURE)


def former_failures_page(since: VersionSuccession, cursor: str | None = None) -> Page[SubjectStatus]:
    """Return a page of the former screen failures, the oldest visit first, whatever they would be now."""
    return page_of_attempts(former_failures(since), cursor)


def eligible_now(rows: list[SubjectStatus], since: VersionSuccession) -> list[FormerFailure]:
    """Return those of a page who would be eligible under the current version, in two queries."""
    found = [each.row for each in evaluate_open_visits(rows, since.current) if each.would_be == Overall.ELIGIBLE]
    latest = {
        row.subject_id: row for row in SubjectStatus.objects.filter(latest_of__in=[row.subject_id for row in found])
    }
    dismissals = FailureDismissal.objects.filter(version=since.current, visit__in=[row.visit_id for row in found])
    by_visit = {each.visit_id: each for each in dismissals.select_related("created_by")}
    return [
        FormerFailure(
            row,
            latest[row.subject_id] if row.subject_id in latest and latest[row.subject_id].pk != row.pk else None,
            by_visit.get(row.visit_id or 0),
        )
        for row in found
    ]


@transaction.atomic
def dismiss_failure(visit: Visit, author: User, reason: str) -> FailureDismissal:
    """Record why a former screen failure is not screened again under the version in force today.

    PermissionDenied; BadDocument for a reason that says nothing; Refused, `done`, where the visit is none to be worked
    through, or no longer.
    """
    if not may(author, "assess", visit.subject.trial_id):
        raise PermissionDenied
    message = text_fault(reason) if says_something(reason) else _("say in words why the subject is not screened again")
    if message:
        raise BadDocument([Fault("reason", message)])
    subject = lock_subject(visit.subject_id)
    since = succession_today(subject.trial)
    if since is None or not former_failures(since).filter(visit=visit, latest_of=subject).exists():
        raise Refused("done", _("This visit is no screen failure to be looked at again."))
    if FailureDismissal.objects.filter(visit=visit, version=since.current).exists():
        raise Refused("done", _("Why this subject is not screened again is on record already."))
    made = FailureDismissal.objects.create(visit=visit, version=since.current, reason=reason.strip(), created_by=author)
    records_added.send(sender=FailureDismissal, subject=subject, visit=visit)
    return made
