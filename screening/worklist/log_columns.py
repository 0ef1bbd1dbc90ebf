"""What the log says of a person, put together from the records of the latest visit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from screening.models import (
    Assessment,
    Closure,
    Decision,
    Enrolment,
    LogDecision,
    Outcome,
    Overall,
    Question,
    Revision,
    SendBack,
    Signature,
    Standing,
)
from screening.models.subject_status import listed
from screening.review.flags import marks, seen_of
from screening.worklist.next_action import closing

CONSENT_DATE = ("consent", "date")  # by convention, as the day of the visit


def enter(row: Standing, revision: Revision) -> None:
    """Fills the log's columns of a standing whose visit, revision, version in force and latest assessment are set."""
    current = None if row.changed_since else row.assessment
    outdated = current is not None and current.version_id != row.version_id
    row.coordinator_id = revision.created_by_id
    row.consent_date = consent_date(revision.document)
    row.open_questions = Question.objects.filter(visit__subject=row.subject_id, answers=None).count()
    if row.assessment:
        enter_assessment(row, row.assessment)
    enter_decision(row, revision)
    enter_enrolment(row)
    row.awaiting = current is not None and not outdated and not row.decision
    if text := closing_words(row, outdated=outdated):
        row.next_step, row.next_section, row.next_anchor = text, "", ""
    elif row.voided and was_confirmed(row):
        row.next_step = _("Confirmed before, signature void. %(next)s") % {"next": row.next_step}


def consent_date(document: Any) -> str:
    """As it was typed, whole or partial; empty where it is not known."""
    part, key = CONSENT_DATE
    day = (document.get(part) or {}).get(key) if isinstance(document, dict) else None
    return day if isinstance(day, str) and day[:1].isdigit() else ""


def enter_assessment(row: Standing, assessment: Assessment) -> None:
    """What its verdicts say never changes: it is read from them once, and then from the row that stands."""
    row.found, row.assessed_at = assessment.overall, assessment.created_at
    if not row.changed_since:  # else the row stays under the version that applies to what is known by now
        row.version_id = assessment.version_id
    known = Standing.objects.filter(subject=row.subject_id, assessment=assessment)
    if told := known.values_list("failed", "marks").first():
        row.failed, row.marks = told
        return
    seen = seen_of(assessment)
    row.failed = listed([verdict.code for verdict in seen if verdict.outcome == Outcome.FAIL])
    row.marks = listed([str(mark) for mark in marks(assessment, seen)])


def enter_decision(row: Standing, revision: Revision) -> None:
    """The decision that holds: a case closed goes before what was signed of its findings."""
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


def only_failure(row: Standing) -> str:
    """Where one criterion alone failed, it is the reason, named or not."""
    codes = row.failed_codes if row.decision == Decision.FAILURE else []
    return codes[0] if len(codes) == 1 else ""


def enter_enrolment(row: Standing) -> None:
    enrolment = Enrolment.objects.filter(subject=row.subject_id).first()
    if enrolment:
        row.enrolment_number, row.enrolled_on = enrolment.number, enrolment.enrolled_on


def was_confirmed(row: Standing) -> bool:
    """Whether a finding of the visit was ever signed; a case that was closed is no finding."""
    return Signature.objects.filter(assessment__revision__visit=row.visit_id).exists()


def closing_words(row: Standing, *, outdated: bool) -> str:
    """What comes next once a decision was taken or, `outdated`, another protocol version applies than was assessed by;
    empty where the findings say it."""
    if row.enrolment_number:
        return enrolled_words(row)
    match row.decision:
        case LogDecision.ELIGIBLE | "" if outdated and row.overall:
            return closing(assessed=False)
        case "" if row.voided and row.changed_since:
            return _("Signature void: assess anew")
        case LogDecision.ELIGIBLE:
            return _("Confirmed eligible: enrol")
        case LogDecision.FAILURE:
            return _("Nothing: confirmed screen failure")
        case LogDecision.NOT_ENROLLED if row.closure:
            return _("Nothing: not enrolled (%(reason)s)") % {"reason": row.closure.get_reason_display()}
        case LogDecision.RETURNED:
            return _("Sent back by the investigator")
    return ""


def enrolled_words(row: Standing) -> str:
    """An enrolled person stays enrolled, whatever is found later."""
    words = {"number": row.enrolment_number, "finding": row.get_overall_display()}
    if row.overall and row.overall != Overall.ELIGIBLE:
        return _("Enrolled: %(number)s; found %(finding)s since: report the deviation") % words
    if row.voided:
        return _("Enrolled: %(number)s; changed since: assess and sign anew") % words
    return _("Enrolled: %(number)s") % words
