"""What a row of the log is made of beside the revisions of its attempt: assessment, questions, signatures, closures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from criteria.evaluation.protocol import Finding
from screening.models import NEVER, Assessment, Closure, Enrolment, Signature, Subject, SubjectStatus, Verdict
from screening.review.flags import ReviewedVerdict
from screening.signatures.open_questions import QuestionState, question_state


class Made(NamedTuple):
    """The findings of an assessment that has just been made, and its verdicts."""

    findings: Sequence[Finding]
    verdicts: list[ReviewedVerdict]


class AttemptRecords(NamedTuple):
    """The records of an attempt; `attempts` is its number among those that stand, `assessment` the latest one.

    `made` is what the assessment came from where it has just been made, and nobody can have sent it back yet.
    """

    attempts: int
    assessment: Assessment | None
    questions: QuestionState
    signatures: list[Signature]
    closures: list[Closure]
    enrolment_number: str = ""
    enrolled_on: date = NEVER
    made: Made | None = None


def attempt_records(subject: Subject, revision: Any, *, is_latest: bool) -> AttemptRecords:
    """Return the records of the visit of a revision that `latest_revision` has read, in four queries."""
    visit = revision.visit_id
    assessments = Assessment.objects.filter(revision__visit=visit).select_related("version", "revision")
    assessment = assessments.order_by("-pk").first()
    return AttemptRecords(
        revision.attempts,
        assessment,
        question_state(subject.pk, visit),
        signatures_at(visit),
        closures_at(visit),
        *enrolment_by(subject, visit, is_latest=is_latest),
    )


def enrolment_by(subject: Subject, visit: int, *, is_latest: bool) -> tuple[str, date]:
    """Return number and day of the enrolment; an earlier attempt has it only where its own signature led to it."""
    enrolment: Enrolment | None = getattr(subject, "enrolment", None)
    if enrolment and (is_latest or enrolment.signature.assessment.revision.visit_id == visit):
        return enrolment.number, enrolment.enrolled_on
    return "", NEVER


def records_after(
    before: SubjectStatus, findings: Sequence[Finding], added: Assessment | None, verdicts: Sequence[Verdict]
) -> AttemptRecords:
    """Return the records of an attempt after a revision, or the assessment `added`, was; the others are as `before`.

    Signatures and closed cases are read only where the row before says that there are some: in two queries at most.
    """
    visit, any_signed = before.visit_id or 0, bool(before.decision or before.voided)
    after = AttemptRecords(
        before.attempts,
        before.assessment,
        QuestionState(before.open_questions, before.open_questions, before.answered_at),
        signatures_at(visit) if any_signed else [],
        closures_at(visit) if any_signed else [],
        before.enrolment_number,
        before.enrolled_on,
    )
    if added is None:
        return after
    seen = [ReviewedVerdict(each.code, each.outcome, each.values) for each in verdicts]
    return after._replace(assessment=added, made=Made(findings, seen))


def signatures_at(visit: int) -> list[Signature]:
    return list(Signature.objects.filter(assessment__revision__visit=visit).select_related("withdrawal"))


def closures_at(visit: int) -> list[Closure]:
    return list(Closure.objects.filter(revision__visit=visit).select_related("reopening").order_by("pk"))
