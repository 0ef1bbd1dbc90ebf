"""Current status of each subject: one row of the work list each, recomputed whenever records are added."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from criteria.evaluation.dose_dates import PLANNED_DOSE
from criteria.evaluation.outlook import outlook
from criteria.evaluation.protocol import Protocol
from criteria.models import ProtocolVersion
from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument
from criteria.vocabulary.validate import days_at
from screening.models import NEVER, Assessment, Revision, Subject, SubjectStatus
from screening.visits.applicable_version import applicable_version, visit_date
from screening.worklist.log_columns import enter_log_columns
from screening.worklist.next_action import NextAction, next_action, next_step

FINDINGS = ("overall", "fails", "unknowns", "holds_until")


def on_records_added(subject: Subject, **kwargs: Any) -> None:
    """Receive `screening.signals.records_added`."""
    refresh_status(subject)


@transaction.atomic(savepoint=False)
def refresh_status(subject: Subject) -> None:
    """Recompute the status of the subject.

    Call this in the transaction that adds to the subject's records, after they are added.
    """
    # Two visits of one person may be saved at once: whoever comes second must see what the first one added.
    subjects = Subject.objects.select_for_update(of=["self"], no_key=True).select_related("trial", "status")
    subject = subjects.get(pk=subject.pk)
    SubjectStatus.objects.bulk_create(
        [status_of(subject, getattr(subject, "status", None))],
        update_conflicts=True,
        unique_fields=["subject"],
        update_fields=[field.name for field in SubjectStatus._meta.fields if not field.primary_key],
    )


def status_of(subject: Subject, before: SubjectStatus | None = None) -> SubjectStatus:
    """Return the status by today's records; findings of the same revision and version come from `before`."""
    row = SubjectStatus(subject=subject, trial=subject.trial, screening_number=subject.screening_number)
    revision = latest_revision(subject)
    if revision is None:
        row.saved_at, row.next_step = subject.created_at, _("Open a visit")
        return row
    visit = revision.visit
    visit.subject = subject
    row.revision, row.visit, row.attempts = revision, visit, visit.number
    row.saved_at = revision.created_at
    assessments = Assessment.objects.filter(revision__visit=visit).select_related("version", "revision")
    row.assessment = assessments.order_by("-pk").first()
    row.visit_date = visit_date(revision.document) or NEVER
    row.planned_first_dose = planned_day(revision.document) or NEVER
    unchanged = None
    try:
        row.version = applicable_version(visit, revision.document)
        unchanged = before if before and is_evaluated(before, row) else None
        by_findings = enter_findings(row, protocol_of(row.version), revision.document, unchanged)
    except BadDocument as bad:
        by_findings = partial(NextAction, _("Cannot be evaluated any more: %(faults)s") % {"faults": bad})
    is_outdated = not row.changed_since and row.assessment is not None and row.assessment.version_id != row.version_id
    enter_log_columns(row, revision, before, is_outdated=is_outdated)
    step = next_action(row, unchanged, by_findings, is_outdated=is_outdated)
    row.next_step, row.next_section, row.next_anchor = step
    return row


def latest_revision(subject: Subject) -> Revision | None:
    """Return the latest revision of the latest visit, None where there is no visit."""
    found = Revision.objects.filter(visit__subject=subject).select_related("visit")
    return found.order_by("-visit__number", "-number").first()


def is_evaluated(before: SubjectStatus, row: SubjectStatus) -> bool:
    """Return whether the findings of `before` are those of the same revision under the same version."""
    return bool(before.overall) and (before.revision_id, before.version_id) == (row.revision_id, row.version_id)


def enter_findings(
    row: SubjectStatus, protocol: Protocol, document: dict[str, Any], unchanged: SubjectStatus | None
) -> Callable[[], NextAction]:
    """Fill the columns of the findings, evaluating only what is not `unchanged`; return what gives their next step.

    BadDocument where the document no longer fits the version's vocabulary.
    """
    assessed = row.assessment is not None and not row.changed_since and row.assessment.version_id == row.version_id
    if unchanged:
        for name in FINDINGS:
            setattr(row, name, getattr(unchanged, name))
        return lambda: next_step(protocol, document, outlook(protocol, document), assessed=assessed)
    protocol.refuse_faulty(document)
    found = outlook(protocol, document)
    row.overall, row.fails, row.unknowns = found.overall, found.count("fail"), found.count("unknown")
    row.holds_until = found.next_change.day - timedelta(1) if found.next_change else NEVER
    return lambda: next_step(protocol, document, found, assessed=assessed)


def planned_day(document: Any) -> date | None:
    planned = days_at(document, PLANNED_DOSE) if isinstance(document, dict) else None
    return date.fromordinal(planned.low) if planned else None


@transaction.atomic
def refresh_for_version(version: ProtocolVersion) -> None:
    """Recompute the statuses that a version just added may change.

    These are only those of visits on or after its first day, to which it applies by their date: it is published
    while a user waits, and the others are many. Subjects without a status get one.
    """
    touched = Q(status__visit__isnull=False, status__visit_date__gte=version.effective_from)
    for subject in version.trial.subjects.filter(touched | Q(status=None)).order_by("pk"):
        refresh_status(subject)


def add_missing_statuses(using: str) -> None:
    """Create the missing statuses, for a database that was filled before statuses existed.

    Nothing is done for another database than the default one, or before the table exists.
    """
    if using != DEFAULT_DB_ALIAS or SubjectStatus._meta.db_table not in connections[using].introspection.table_names():
        return  # the records are kept in one database; only some applications have been migrated so far
    for subject in Subject.objects.filter(status=None).order_by("pk"):
        refresh_status(subject)
