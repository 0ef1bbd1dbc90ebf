"""Conditions under which a signature, another decision of the investigator or an enrolment is refused."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument, Fault
from criteria.vocabulary.values import text_fault
from screening.eligibility.validity import expired_on
from screening.models import (
    CONFIRMED_FINDING,
    NO_MAIN_REASON,
    Assessment,
    ClosureReason,
    Decision,
    Enrolment,
    Outcome,
    Overall,
    Revision,
    Signature,
    Subject,
    Visit,
)
from screening.signatures.confirmation import (
    EligibilityConfirmation,
    check_reasons,
    excluding_disagreements,
    excluding_text,
    open_question_reasons,
    passed_reasons,
)
from screening.signatures.open_questions import is_settled
from screening.signatures.seals import is_intact, is_void, is_withdrawn, verify_signature
from screening.visits.applicable_version import is_outdated
from screening.visits.closure import refuse_closed
from screening.visits.days import ahead_text
from screening.visits.entered_in_error import has_later_attempt, refuse_marked
from screening.visits.labels import sentence_case


def refuse_superseded(visit: Visit, revision: Revision) -> None:
    refuse_marked(visit)
    refuse_earlier_attempt(visit)
    refuse_saved_since(visit, revision)


def refuse_earlier_attempt(visit: Visit) -> None:
    if has_later_attempt(visit):
        raise Refused("superseded", _("There is a later attempt of this subject: decide on that one."))


def refuse_saved_since(visit: Visit, revision: Revision) -> None:
    if visit.latest_revision().pk != revision.pk:
        raise Refused(
            "superseded", _("Something was saved after this: it must be assessed again before it is decided.")
        )


def refuse_reassessed(assessment: Assessment) -> None:
    if assessment.revision.assessments.filter(pk__gt=assessment.pk).exists():
        raise Refused("superseded", _("There is a later assessment: decide on that one."))


def refuse_outdated(assessment: Assessment) -> None:
    if is_outdated(assessment):
        raise Refused("superseded", _("Another protocol version applies by now: assess again."))


def refuse_ahead(revision: Revision) -> None:
    """Refuse where the day of the visit has not come: nothing can have been found on it. Code: ahead."""
    if text := ahead_text(revision.document):
        raise Refused("ahead", sentence_case(text) + ".")


def refuse_unfit(assessment: Assessment, decision: str, primary: str, failed: list[str]) -> None:
    if assessment.overall == Overall.UNDETERMINED:
        raise Refused("undetermined", _("The status is undetermined: nobody can sign it."))
    if decision not in CONFIRMED_FINDING or CONFIRMED_FINDING[Decision(decision)] != assessment.overall:
        words = {"finding": Overall(assessment.overall).label}
        raise Refused("unfit", _("This decision does not fit the status: %(finding)s.") % words)
    if decision == Decision.FAILURE and is_enrolled(assessment.revision):
        raise Refused(
            "enrolled", _("This subject is enrolled: a criterion found not satisfied since is a deviation to report.")
        )
    if primary and primary not in [*failed, *([NO_MAIN_REASON] if decision == Decision.FAILURE else [])]:
        raise Refused("unfit", _("The primary reason must be one of the criteria not satisfied."))


def refuse_unchosen(decision: str, primary: str) -> None:
    """Refuse a failure without a main reason. Code: primary."""
    if decision == Decision.FAILURE and not primary:
        text = _("Choose the main reason. Where no single criterion is, choose “no single main reason”.")
        raise Refused("primary", text)


def is_enrolled(revision: Revision) -> bool:
    """Return whether the person was enrolled by this attempt or an earlier one."""
    visit = revision.visit
    by_then = {"signature__assessment__revision__visit__number__lte": visit.number}
    return Enrolment.objects.filter(subject=visit.subject_id, **by_then).exists()


def refuse_decided(assessment: Assessment) -> None:
    visit = assessment.revision.visit
    if assessment.signatures.filter(withdrawal=None).exists():
        raise Refused("decided", _("This assessment is signed already."))
    sent = assessment.send_backs.order_by("-pk").first()
    if sent and not is_settled(sent, visit):
        text = _("This assessment was sent back: it must be assessed again, or what was asked must be answered.")
        raise Refused("decided", text)
    refuse_closed(visit)


def refuse_settled(revision: Revision) -> None:
    """Refuse where the decision on a revision is final: a failure or an enrolment (decided), a closed case (closed).

    A subject who was confirmed eligible may still decline.
    """
    signatures = Signature.objects.filter(assessment__revision=revision, withdrawal=None).order_by("-assessment")
    last = signatures.first()
    if last and last.decision == Decision.FAILURE and not is_void(last):
        raise Refused("decided", _("This subject is confirmed as a screen failure already."))
    refuse_closed(revision.visit)
    if is_enrolled(revision):
        raise Refused("decided", _("This subject is enrolled."))


def refuse_broken(assessment: Assessment) -> None:
    if not is_intact(assessment):
        raise Refused("broken", _("The fingerprint does not fit what is stored: this assessment must not be signed."))


def refuse_expired(assessment: Assessment, expired_seen: bool) -> str:
    """Return what the signature says of findings that no longer hold; empty where they do. Refused: expired."""
    last = expired_on(assessment)
    if last is None:
        return ""
    if not expired_seen:
        raise Refused("expired", _("The status was valid until %(day)s only.") % {"day": last.isoformat()})
    return " " + _("I know that the status was valid until %(day)s only.") % {"day": last.isoformat()}


def refuse_words(
    comment: str, *, reason: str = ClosureReason.DECLINED, required: bool = False, field: str = "comment"
) -> None:
    faults = []
    if reason not in ClosureReason.values:
        faults.append(Fault("reason", _("choose one of the reasons")))
    if not comment.strip() and (required or reason == ClosureReason.OTHER):
        faults.append(Fault(field, _("say why")))
    if message := text_fault(comment):
        faults.append(Fault(field, message))
    if faults:
        raise BadDocument(faults)


def failed_codes(assessment: Assessment) -> list[str]:
    failed = assessment.verdicts.filter(outcome=Outcome.FAIL).order_by("position", "pk")
    return list(failed.values_list("code", flat=True))


def refuse_enrolment(signature: Signature, subject: Subject) -> None:
    revision = signature.assessment.revision
    visit = revision.visit
    if signature.decision != Decision.ELIGIBLE:
        raise Refused("unfit", _("Only a subject who was confirmed eligible can be enrolled."))
    if CONFIRMED_FINDING[Decision.ELIGIBLE] != signature.assessment.overall:
        raise Refused("unfit", _("The signature confirms what the assessment did not find."))
    if Enrolment.objects.filter(subject=subject).exists():
        raise Refused("enrolled", _("This subject is enrolled already."))
    if is_withdrawn(signature):
        raise Refused("withdrawn", _("The signature is withdrawn: the status must be confirmed again."))
    if is_void(signature):
        raise Refused("void", _("The signature is no longer valid: something was saved or assessed after it."))
    refuse_marked(visit)
    if has_later_attempt(visit):
        raise Refused("superseded", _("There is a later attempt of this subject, which must be confirmed first."))
    if is_outdated(signature.assessment):
        raise Refused("superseded", _("Another protocol version applies by now: assess and confirm again."))
    refuse_closed(visit)
    refuse_doubted(signature)
    if not verify_signature(signature):
        raise Refused("broken", _("The signature does not fit the record that it stands on."))
    refuse_ahead(revision)


def refuse_doubted(signature: Signature) -> None:
    """Refuse by what can stand in the way of confirming eligibility after it was signed.

    Something was asked (question), a check has arisen (check), the planned first dose has passed (passed), or somebody
    has said since that a criterion excludes (disagreement).
    """
    confirmation = EligibilityConfirmation(signature.assessment)
    for find in (open_question_reasons, check_reasons, passed_reasons):
        for reason in find(confirmation):
            raise Refused(reason.code, reason.message)
    for held in excluding_disagreements(confirmation.visit):
        if held.created_at > signature.created_at:
            text = _("%(said)s, after the signature: withdraw the signature, or follow the disagreement by another.")
            raise Refused("disagreement", text % {"said": excluding_text(held)})


def refuse_withdrawal(signature: Signature, user: User) -> None:
    """Refuse a withdrawal by somebody else (signer), a second one (withdrawn), one after any enrolment (enrolled).

    Of a signature that is void already there is nothing to withdraw (void).
    """
    if signature.created_by_id != user.pk:
        raise Refused("signer", _("Only the signer can withdraw a signature."))
    if is_withdrawn(signature):
        raise Refused("withdrawn", _("This signature is withdrawn already."))
    if Enrolment.objects.filter(subject=signature.assessment.revision.visit.subject_id).exists():
        raise Refused("enrolled", _("This subject is enrolled: no signature is withdrawn any more."))
    if is_void(signature):
        raise Refused("void", _("This signature is no longer valid: new decision required."))
