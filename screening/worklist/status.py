"""Current status of each attempt and each subject: a row each, recomputed whenever records are added."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from criteria.evaluation.outlook import Outlook, outlook
from criteria.evaluation.protocol import Protocol
from criteria.models import ProtocolVersion
from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument
from screening.models import (
    NEVER,
    Assessment,
    Attestation,
    Confirmation,
    FailureDismissal,
    LogDecision,
    Revision,
    Subject,
    SubjectReference,
    SubjectStatus,
    Verdict,
    Visit,
)
from screening.visits.applicable_version import applicable_version, visit_date
from screening.visits.days import planned_day
from screening.visits.entered_in_error import mark_of_subject
from screening.worklist.attempt_records import AttemptRecords, attempt_records, records_after
from screening.worklist.log_columns import enter_log_columns
from screening.worklist.next_action import NextAction, next_action, next_step

FINDINGS = ("overall", "fails", "unknowns", "holds_until")
NOT_SHOWN = (Attestation, Confirmation, FailureDismissal, SubjectReference)  # records of which a row says nothing


class AtHand(NamedTuple):
    """What an action has at hand of an attempt, so that it need not be read or evaluated again."""

    version: ProtocolVersion
    outlook: Outlook
    records: AttemptRecords


def on_records_added(sender: type[Model], subject: Subject, visit: Visit | None = None, **at_hand: Any) -> None:
    """Receive `screening.signals.records_added`."""
    if sender in NOT_SHOWN:
        return
    if "revision" not in at_hand or not refresh_row(**at_hand):
        refresh_status(subject, visit)


def refresh_row(
    revision: Revision,
    version: ProtocolVersion,
    outlook: Outlook,
    assessment: Assessment | None = None,
    verdicts: Sequence[Verdict] = (),
    **kwargs: Any,
) -> bool:
    """Recompute the row of one attempt after a save or an assessment, which no other row depends on.

    `revision` is the latest of the visit, which is locked with its subject. False where there is no row yet.
    """
    before = next(iter(SubjectStatus.objects.select_related("assessment").filter(visit=revision.visit_id)), None)
    if before is None:
        return False
    at_hand = AtHand(version, outlook, records_after(before, outlook.findings, assessment, verdicts))
    row = status_of(revision.visit.subject, revision, before, at_hand, is_latest=before.is_latest)
    row.pk = before.pk
    if changed := differing_fields(row, before):
        row.save(update_fields=changed)
    return True


def differing_fields(row: SubjectStatus, before: SubjectStatus) -> list[str]:
    """Return the names of the columns in which a row differs from the same row as it was read under the lock."""
    fields = SubjectStatus._meta.concrete_fields
    return [field.name for field in fields if getattr(row, field.attname) != getattr(before, field.attname)]


@transaction.atomic(savepoint=False)
def refresh_status(subject: Subject, visit: Visit | None = None) -> None:
    """Recompute the status of the subject, and the row of `visit` where that is an earlier attempt.

    Call this in the transaction that adds to the subject's records, after they are added.
    """
    # Two visits of one person may be saved at once: whoever comes second must see what the first one added.
    subjects = Subject.objects.select_for_update(of=["self"], no_key=True)
    subject = subjects.select_related("trial", "status", "in_error", "enrolment").get(pk=subject.pk)
    before: SubjectStatus | None = getattr(subject, "status", None)
    revision = latest_revision(subject)
    if mark_of_subject(subject):
        SubjectStatus.objects.filter(subject=subject).delete()
        before, revision = None, None
    latest = revision.visit_id if revision else None
    earlier = {visit.pk if visit else None, before.visit_id if before else None} - {None, latest}
    if earlier:
        before = refresh_earlier_attempts(subject, sorted(pk for pk in earlier if pk), before, latest)
    save_row(status_of(subject, revision, before), before)


def refresh_earlier_attempts(
    subject: Subject, visits: list[int], before: SubjectStatus | None, latest: int | None
) -> SubjectStatus | None:
    """Recompute the rows of earlier attempts; return the row that the latest attempt, a visit or none, had so far.

    The row that stood for the latest attempt gives that up before another takes it. An attempt entered in error has
    none.
    """
    rows = {row.visit_id: row for row in SubjectStatus.objects.filter(visit__in=[*visits, latest])}
    for pk in visits:
        if revision := latest_revision(subject, pk):
            save_row(status_of(subject, revision, rows.get(pk), is_latest=False), rows.get(pk))
        elif pk in rows:
            rows[pk].delete()
    return rows.get(latest) if before is None or before.visit_id is not None else before


def save_row(row: SubjectStatus, before: SubjectStatus | None) -> None:
    row.pk = before.pk if before else None
    row.save()


def status_of(
    subject: Subject,
    revision: Any,
    before: SubjectStatus | None = None,
    at_hand: AtHand | None = None,
    *,
    is_latest: bool = True,
) -> SubjectStatus:
    """Return the row of an attempt by today's records; `revision` is that of `latest_revision`.

    Findings of the same revision and version come from `before`; what is `at_hand` is not read again.
    """
    row = SubjectStatus(subject=subject, trial=subject.trial, screening_number=subject.screening_number)
    row.latest_of = subject if is_latest else None
    if at_hand is None and (mark := mark_of_subject(subject)):
        row.decision, row.decided_at, row.saved_at = LogDecision.ENTERED_IN_ERROR, mark.created_at, mark.created_at
        row.next_step = _("Nothing: entered in error")
        return row
    if revision is None:
        row.saved_at, row.next_step = subject.created_at, _("Open a visit")
        return row
    visit = revision.visit
    visit.subject = subject
    records = at_hand.records if at_hand else attempt_records(subject, revision, is_latest=is_latest)
    row.revision, row.visit, row.attempts = revision, visit, records.attempts
    row.saved_at, row.assessment = revision.created_at, records.assessment
    row.visit_date = visit_date(revision.document) or NEVER
    row.planned_first_dose = planned_day(revision.document) or NEVER
    unchanged, by_findings = enter_evaluation(row, revision, before, at_hand)
    is_outdated = not row.changed_since and row.assessment is not None and row.assessment.version_id != row.version_id
    enter_log_columns(row, revision, before, records, is_outdated=is_outdated)
    if is_latest:  # what is to be done next is asked at the latest attempt
        told = unchanged if unchanged and unchanged.is_latest else None
        step = next_action(row, told, by_findings, is_outdated=is_outdated)
        row.next_step, row.next_section, row.next_anchor, row.next_day = step
    return row


def enter_evaluation(
    row: SubjectStatus, revision: Any, before: SubjectStatus | None, at_hand: AtHand | None
) -> tuple[SubjectStatus | None, Callable[[], NextAction]]:
    """Fill the columns of version and findings; return the row whose findings hold on, and what gives the next step."""
    unchanged = None
    try:
        row.version = at_hand.version if at_hand else applicable_version(revision.visit, revision.document)
        unchanged = before if before and is_evaluated(before, row) else None
        found = at_hand.outlook if at_hand else None
        return unchanged, enter_findings(row, protocol_of(row.version), revision.document, unchanged, found)
    except BadDocument as bad:
        return unchanged, partial(NextAction, _("Cannot be evaluated any more: %(faults)s") % {"faults": bad})


def latest_revision(subject: Subject, visit: int | None = None) -> Any:
    """Return the latest revision of a visit, or of the latest one; None where there is none.

    A visit entered in error is none; `attempts` is the number of the attempt among the others.
    """
    standing = Visit.objects.filter(subject=subject, in_error=None, number__lte=OuterRef("visit__number"))
    attempts = standing.order_by().values("subject").annotate(attempts=Count("pk")).values("attempts")
    found = Revision.objects.filter(visit__subject=subject, visit__in_error=None).select_related("visit")
    found = found.filter(visit=visit) if visit else found
    return found.annotate(attempts=Subquery(attempts)).order_by("-visit__number", "-number").first()


def is_evaluated(before: SubjectStatus, row: SubjectStatus) -> bool:
    """Return whether the findings of `before` are those of the same revision under the same version."""
    return bool(before.overall) and (before.revision_id, before.version_id) == (row.revision_id, row.version_id)


def enter_findings(
    row: SubjectStatus,
    protocol: Protocol,
    document: dict[str, Any],
    unchanged: SubjectStatus | None,
    found: Outlook | None,
) -> Callable[[], NextAction]:
    """Fill the columns of the findings; return what gives their next step.

    Evaluated is only what is neither `unchanged` nor `found` already. BadDocument where the document no longer fits
    the version's vocabulary.
    """
    assessed = row.assessment is not None and not row.changed_since and row.assessment.version_id == row.version_id
    if unchanged:
        for name in FINDINGS:
            setattr(row, name, getattr(unchanged, name))
        return lambda: next_step(protocol, document, found or outlook(protocol, document), assessed=assessed)
    if found is None:
        protocol.refuse_faulty(document)
        found = outlook(protocol, document)
    row.overall, row.fails, row.unknowns = found.overall, found.count("fail"), found.count("unknown")
    row.holds_until = found.ends.day - timedelta(1) if found.ends else NEVER
    return lambda: next_step(protocol, document, found, assessed=assessed)


@transaction.atomic
def refresh_for_version(version: ProtocolVersion) -> None:
    """Recompute the rows that a version just added may change.

    These are only those of visits on or after its first day, to which it applies by their date: it is published
    while a user waits, and the others are many. Subjects without a status get one.
    """
    add_statuses(version.trial.subjects.filter(status=None))
    touched = SubjectStatus.objects.filter(trial=version.trial, visit__isnull=False)
    touched = touched.filter(visit_date__gte=version.effective_from).select_related("subject", "visit")
    # All of them before any is read: a statement that waits for a lock still sees what was on record before it waited.
    subjects = Subject.objects.filter(pk__in=touched.values("subject")).order_by("pk")
    list(subjects.select_for_update(no_key=True).values_list("pk"))
    for row in touched.order_by("subject", "pk"):
        refresh_status(row.subject, row.visit)


def add_missing_statuses(using: str) -> None:
    """Create the missing statuses, for a database that was filled before statuses existed.

    Nothing is done for another database than the default one, or before the table exists.
    """
    if using != DEFAULT_DB_ALIAS or SubjectStatus._meta.db_table not in connections[using].introspection.table_names():
        return  # the records are kept in one database; only some applications have been migrated so far
    add_statuses(Subject.objects.filter(status=None))


def add_statuses(subjects: QuerySet[Subject]) -> None:
    """Create the rows of every attempt of some subjects, in the order of the attempts."""
    for subject in subjects.select_related("trial", "enrolment").order_by("pk"):
        revision = latest_revision(subject)
        latest = revision.visit_id if revision else None
        visits = subject.visits.order_by("number").values_list("pk", flat=True)
        refresh_earlier_attempts(subject, [pk for pk in visits if pk != latest], None, latest)
        refresh_status(subject)
