"""Log columns of a subject, compiled from the records of the latest visit."""

from __future__ import annotations

from typing import Any

from screening.models import (
    Assessment,
    Closure,
    Decision,
    Enrolment,
    LogDecision,
    Outcome,
    Question,
    Revision,
    SendBack,
    Signature,
    SubjectStatus,
)
from screening.models.subject_status import join_codes
from screening.review.flags import review_flags, reviewed_verdicts

CONSENT_DATE = ("consent", "date")  # by convention, as the day of the visit


def enter_log_columns(
    row: SubjectStatus, revision: Revision, before: SubjectStatus | None, *, is_outdated: bool
) -> None:
    """Fill the log columns of a subject status.

    Its visit, revision, protocol version in force and latest assessment must be set.
    """
    row.coordinator_id = revision.created_by_id
    row.consent_date = consent_date(revision.document)
    row.open_questions = Question.objects.filter(visit__subject=row.subject_id, answers=None).count()
    is_current = row.assessment is not None and not row.changed_since
    if row.assessment:
        enter_assessment(row, row.assessment, before)
    enter_decision(row, revision)
    enter_enrolment(row)
    row.awaiting = is_current and not is_outdated and not row.decision


def consent_date(document: Any) -> str:
    """Return the consent date as entered, complete or partial; empty where it is not known."""
    part, key = CONSENT_DATE
    day = (document.get(part) or {}).get(key) if isinstance(document, dict) else None
    return day if isinstance(day, str) and day[:1].isdigit() else ""


def enter_assessment(row: SubjectStatus, assessment: Assessment, before: SubjectStatus | None) -> None:
    """Fill the columns that depend on the latest assessment.

    The content of its verdicts never changes: it is read from them once, and afterwards from the existing row.
    """
    row.found, row.assessed_at = assessment.overall, assessment.created_at
    if not row.changed_since:  # else the row stays under the version that applies to what is known by now
        row.version_id = assessment.version_id
    if before and before.assessment_id == assessment.pk:
        row.failed, row.flags = before.failed, before.flags
        return
    seen = reviewed_verdicts(assessment)
    row.failed = join_codes([verdict.code for verdict in seen if verdict.outcome == Outcome.FAIL])
    row.flags = join_codes([str(mark) for mark in review_flags(assessment, seen)])


def enter_decision(row: SubjectStatus, revision: Revision) -> None:
    """Fill the columns of the decision in effect.

    A closed case takes precedence over a signature on its findings.
    """
    signatures = Signature.objects.filter(assessment__revision__visit=revision.visit_id)
    closures = Closure.objects.filter(revision__visit=revision.visit_id)
    signed = {signature.assessment_id: signature for signature in signatures}
    closed = {closure.revision_id: closure for closure in closures}
    current = row.assessment_id if row.assessment and not row.changed_since else None
    row.signature, row.closure = signed.get(current or 0), closed.get(revision.pk)
    if row.closure:
        row.decision, row.decided_at = LogDecision.NOT_ENROLLED, row.closure.created_at
        row.primary_reason = row.closure.reason
    elif row.signature:
        row.decision, row.decided_at = row.signature.decision, row.signature.created_at
        row.primary_reason = row.signature.primary_criterion or only_failure(row)
    elif current and (sent := SendBack.objects.filter(assessment=current).first()):
        row.decision, row.decided_at = LogDecision.RETURNED, sent.created_at
    row.voided = bool(signed or closed) and not row.decision


def only_failure(row: SubjectStatus) -> str:
    """Return the code of the failed criterion where one alone failed, otherwise empty.

    It is then the primary reason, whether or not it was named as such.
    """
    codes = row.failed_codes if row.decision == Decision.FAILURE else []
    return codes[0] if len(codes) == 1 else ""


def enter_enrolment(row: SubjectStatus) -> None:
    enrolment = Enrolment.objects.filter(subject=row.subject_id).first()
    if enrolment:
        row.enrolment_number, row.enrolled_on = enrolment.number, enrolment.enrolled_on
