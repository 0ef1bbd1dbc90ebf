"""Log columns of an attempt, compiled from the records of its visit."""

from __future__ import annotations

from typing import Any

from screening.models import (
    NO_MAIN_REASON,
    Assessment,
    Decision,
    LogDecision,
    Outcome,
    Overall,
    Revision,
    SendBack,
    Signature,
    SubjectStatus,
)
from screening.models.subject_status import join_codes
from screening.review.flags import review_flags, reviewed_verdicts
from screening.signatures.open_questions import QuestionState
from screening.signatures.seals import is_withdrawn
from screening.visits.closure import is_reopened
from screening.visits.consent import CONSENT, given_consents, last_consent
from screening.worklist.attempt_records import AttemptRecords, Made


def enter_log_columns(
    row: SubjectStatus,
    revision: Revision,
    before: SubjectStatus | None,
    records: AttemptRecords,
    *,
    is_outdated: bool,
) -> None:
    """Fill the log columns of an attempt; those of the subject as a whole stand with the latest one.

    Its visit, revision, protocol version in force and latest assessment must be set.
    """
    row.coordinator_id = revision.created_by_id
    enter_consents(row, revision.document)
    row.open_questions = records.questions.everywhere if row.is_latest else records.questions.here
    row.answered_at = records.questions.answered_at
    is_current = row.assessment is not None and not row.changed_since
    if row.assessment:
        enter_assessment(row, row.assessment, before, records.made)
    enter_decision(row, records)
    row.enrolment_number, row.enrolled_on = records.enrolment_number, records.enrolled_on
    can_be_signed = row.is_latest or row.found == Overall.INELIGIBLE  # an earlier attempt only as a failure
    row.awaiting = is_current and not is_outdated and not row.decision and can_be_signed


def enter_consents(row: SubjectStatus, document: Any) -> None:
    """Fill the columns of the consent, as entered, and of the last re-consent."""
    first = next((given for given in given_consents(document) if given.path == CONSENT), None)
    if first:
        row.consent_date, row.consent_version = first.day_text, first.version
    last = last_consent(document)
    if last and last.path != CONSENT:
        row.reconsent_date, row.reconsent_version = last.day_text, last.version


def enter_assessment(
    row: SubjectStatus, assessment: Assessment, before: SubjectStatus | None, made: Made | None
) -> None:
    """Fill the columns that depend on the latest assessment.

    The content of its verdicts never changes: it is read from them once, and afterwards from the existing row.
    """
    row.found, row.assessed_at = assessment.overall, assessment.created_at
    if not row.changed_since:  # else the row stays under the version that applies to what is known by now
        row.version_id = assessment.version_id
    if before and before.assessment_id == assessment.pk:
        row.failed, row.flags = before.failed, before.flags
        return
    seen = made.verdicts if made else reviewed_verdicts(assessment)
    row.failed = join_codes([verdict.code for verdict in seen if verdict.outcome == Outcome.FAIL])
    row.flags = join_codes([str(mark) for mark in review_flags(assessment, seen, made.findings if made else None)])


def enter_decision(row: SubjectStatus, records: AttemptRecords) -> None:
    """Fill the columns of the decision in effect.

    A closed case takes precedence over a signature on its findings, and over whatever was saved since. A signature that
    was withdrawn decides nothing, nor does a sending back once everything asked is answered.
    """
    signed = {each.assessment_id: each for each in records.signatures if not is_withdrawn(each)}
    closed = records.closures
    current = row.assessment_id if row.assessment and not row.changed_since else None
    row.signature = signed.get(current or 0)
    row.closure = closed[-1] if closed and not is_reopened(closed[-1]) else None
    if row.closure:
        row.decision, row.decided_at = LogDecision.NOT_ENROLLED, row.closure.created_at
        row.primary_reason = row.closure.reason
    elif row.signature:
        row.decision, row.decided_at = row.signature.decision, row.signature.created_at
        row.primary_reason = main_reason(row, row.signature)
    elif current and records.made is None and (sent := standing_send_back(current, records.questions)):
        row.decision, row.decided_at = LogDecision.RETURNED, sent.created_at
    row.voided = bool(records.signatures or closed) and not row.decision


def standing_send_back(assessment: int, questions: QuestionState) -> SendBack | None:
    sent = SendBack.objects.filter(assessment=assessment).order_by("pk").last()
    return None if sent is None or questions.settles(sent) else sent


def main_reason(row: SubjectStatus, signature: Signature) -> str:
    if signature.primary_criterion == NO_MAIN_REASON:
        return ""
    return signature.primary_criterion or only_failure(row)


def only_failure(row: SubjectStatus) -> str:
    """Return the code of the failed criterion where one alone failed, otherwise empty.

    It is the primary reason of a failure that was signed when nobody was asked to choose one.
    """
    codes = row.failed_codes if row.decision == Decision.FAILURE else []
    return codes[0] if len(codes) == 1 else ""
