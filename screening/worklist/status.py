"""Where each person stands just now: one row of the work list for each, made anew whenever the records grow."""

from __future__ import annotations

from datetime import date, timedelta
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
from screening.worklist.next_action import next_step


@transaction.atomic(savepoint=False)
def refresh(subject: Subject) -> None:
    """To be called in the transaction that adds to a person's records, once they are added."""
    # Two visits of one person may be saved at once: whoever comes second must see what the first one added.
    subject = Subject.objects.select_for_update(of=["self"], no_key=True).select_related("trial").get(pk=subject.pk)
    Standing.objects.bulk_create(
        [standing_of(subject)],
        update_conflicts=True,
        unique_fields=["subject"],
        update_fields=[field.name for field in Standing._meta.fields if not field.primary_key],
    )


def standing_of(subject: Subject) -> Standing:
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
    try:
        row.version = version_of(visit, revision.document)
        protocol = protocol_of(row.version)
        protocol.refuse_faulty(revision.document)
    except BadDocument as bad:
        row.next_step = _("Cannot be evaluated any more: %(faults)s") % {"faults": bad}
    else:
        evaluate(row, protocol, revision.document)
    enter(row, revision)
    return row


def latest_revision(subject: Subject) -> Revision | None:
    """That of the latest visit."""
    found = Revision.objects.filter(visit__subject=subject).select_related("visit")
    return found.order_by("-visit__number", "-number").first()


def evaluate(row: Standing, protocol: Protocol, document: dict[str, Any]) -> None:
    found, turn = outlook(protocol, document), next_turn(protocol, document)
    assessed = row.assessment is not None and not row.changed_since and row.assessment.version_id == row.version_id
    row.overall = found.overall
    row.fails, row.unknowns = found.count("fail"), found.count("unknown")
    row.next_step, row.next_section, row.next_anchor = next_step(protocol, document, found, assessed=assessed)
    row.holds_until = turn.day - timedelta(1) if turn else NEVER


def planned_day(document: Any) -> date | None:
    planned = days_at(document, PLANNED) if isinstance(document, dict) else None
    return date.fromordinal(planned.low) if planned else None


@transaction.atomic
def renew(version: ProtocolVersion) -> None:
    """The standings that a version just added may change: only of visits on its first day or later, which fall under
    it by their date. It is published while somebody waits, and the others are many. Whoever has no standing gets one.
    """
    touched = Q(standing__visit__isnull=False, standing__visit_date__gte=version.effective_from)
    for subject in version.trial.subjects.filter(touched | Q(standing=None)).order_by("pk"):
        refresh(subject)


def complete(using: str) -> None:
    """Makes the standings that are missing: of a database that was filled before there were any."""
    if using != DEFAULT_DB_ALIAS or Standing._meta.db_table not in connections[using].introspection.table_names():
        return  # the records are kept in one database; only some applications have been migrated so far
    for subject in Subject.objects.filter(standing=None).order_by("pk"):
        refresh(subject)
