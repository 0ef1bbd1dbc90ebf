"""Subject status: one row of the work list and of the log for each subject, recomputed whenever its records grow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from criteria.evaluation.dose_dates import PLANNED, next_turn
from criteria.evaluation.outlook import outlook
from criteria.evaluation.protocol import Protocol
from criteria.models import ProtocolVersion
from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument
from criteria.vocabulary.validate import days_at
from screening.models import NEVER, Assessment, Revision, Standing, Subject
from screening.visits.applicable_version import version_of, visit_date
from screening.worklist.log_columns import enter
from screening.worklist.next_action import Next, next_action, next_step

FINDINGS = ("overall", "fails", "unknowns", "holds_until")


def on_records_added(subject: Subject, **kwargs: Any) -> None:
    """Receive `screening.signals.records_added`."""
    refresh(subject)


@transaction.atomic(savepoint=False)
def refresh(subject: Subject) -> None:
    """Recompute the status of a subject, in the transaction that added to its records, once they are added.

    The criteria are evaluated only where the latest revision, the version that applies to it, or the assessment
    changed; a question, an answer, a signature or an enrolment changes the columns of the decision only.
    """
    # Two visits of one person may be saved at once: whoever comes second must see what the first one added.
    subjects = Subject.objects.select_for_update(of=["self"], no_key=True).select_related("trial", "standing")
    subject = subjects.get(pk=subject.pk)
    Standing.objects.bulk_create(
        [standing_of(subject, getattr(subject, "standing", None))],
        update_conflicts=True,
        unique_fields=["subject"],
        update_fields=[field.name for field in Standing._meta.fields if not field.primary_key],
    )


def standing_of(subject: Subject, before: Standing | None = None) -> Standing:
    """Return the status by today's records; findings of the same revision and version come from `before`."""
    row = Standing(subject=subject, trial=subject.trial, screening_number=subject.screening_number)
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
        row.version = version_of(visit, revision.document)
        unchanged = before if before and is_evaluated(before, row) else None
        by_findings = enter_findings(row, protocol_of(row.version), revision.document, unchanged)
    except BadDocument as bad:
        by_findings = partial(Next, _("Cannot be evaluated any more: %(faults)s") % {"faults": bad})
    is_outdated = not row.changed_since and row.assessment is not None and row.assessment.version_id != row.version_id
    enter(row, revision, before, is_outdated=is_outdated)
    step = next_action(row, unchanged, by_findings, is_outdated=is_outdated)
    row.next_step, row.next_section, row.next_anchor = step
    return row


def latest_revision(subject: Subject) -> Revision | None:
    """Return that of the latest visit."""
    found = Revision.objects.filter(visit__subject=subject).select_related("visit")
    return found.order_by("-visit__number", "-number").first()


def is_evaluated(before: Standing, row: Standing) -> bool:
    """True if the findings of `before` are those of the same revision under the same version."""
    return bool(before.overall) and (before.revision_id, before.version_id) == (row.revision_id, row.version_id)


def enter_findings(
    row: Standing, protocol: Protocol, document: dict[str, Any], unchanged: Standing | None
) -> Callable[[], Next]:
    """Fill the columns of the findings, evaluating only what is not `unchanged`; return what gives their next step.

    BadDocument where the document no longer fits the version's vocabulary.
    """
    assessed = row.assessment is not None and not row.changed_since and row.assessment.version_id == row.version_id
    if unchanged:
        for name in FINDINGS:
            setattr(row, name, getattr(unchanged, name))
        return lambda: next_step(protocol, document, outlook(protocol, document), assessed=assessed)
    protocol.refuse_faulty(document)
    found, turn = outlook(protocol, document), next_turn(protocol, document)
    row.overall, row.fails, row.unknowns = found.overall, found.count("fail"), found.count("unknown")
    row.holds_until = turn.day - timedelta(1) if turn else NEVER
    return lambda: next_step(protocol, document, found, assessed=assessed)


def planned_day(document: Any) -> date | None:
    planned = days_at(document, PLANNED) if isinstance(document, dict) else None
    return date.fromordinal(planned.low) if planned else None


@transaction.atomic
def renew(version: ProtocolVersion) -> None:
    """Recompute the statuses that a version just added may change.

    Only visits on its first day or later fall under it by their date. It is published while somebody waits, and the
    others are many. A subject without a status gets one.
    """
    touched = Q(standing__visit__isnull=False, standing__visit_date__gte=version.effective_from)
    for subject in version.trial.subjects.filter(touched | Q(standing=None)).order_by("pk"):
        refresh(subject)


def complete(using: str) -> None:
    """Make the statuses that are missing, of a database that was filled before there were any."""
    if using != DEFAULT_DB_ALIAS or Standing._meta.db_table not in connections[using].introspection.table_names():
        return  # the records are kept in one database; only some applications have been migrated so far
    for subject in Subject.objects.filter(standing=None).order_by("pk"):
        refresh(subject)
