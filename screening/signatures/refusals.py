"""Conditions under which a signature, another decision of the investigator or an enrolment is refused."""

from __future__ import annotations

from django.utils.translation import gettext as _

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument, Fault
from criteria.vocabulary.values import text_fault
from screening.eligibility.validity import expired_on
from screening.models import (
    CONFIRMED_FINDING,
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
from screening.signatures.seals import is_intact, is_void, verify_signature
from screening.visits.applicable_version import is_outdated


def refuse_superseded(visit: Visit, revision: Revision) -> None:
    if visit.subject.visits.filter(number__gt=visit.number).exists():
        raise Refused("superseded", _("There is a later attempt of this person: decide on that one."))
    if visit.latest_revision().pk != revision.pk:
        raise Refused("superseded", _("Something was saved after this: it must be assessed anew before it is decided."))


def refuse_reassessed(assessment: Assessment) -> None:
    if assessment.revision.assessments.filter(pk__gt=assessment.pk).exists():
        raise Refused("superseded", _("There is a later assessment: decide on that one."))


def refuse_outdated(assessment: Assessment) -> None:
    if is_outdated(assessment):
        raise Refused("superseded", _("Another protocol version applies by now: assess anew."))


def refuse_unfit(assessment: Assessment, decision: str, primary: str, failed: list[str]) -> None:
    if assessment.overall == Overall.UNDETERMINED:
        raise Refused("undetermined", _("The finding is undetermined: nobody can sign it."))
    if decision not in CONFIRMED_FINDING or CONFIRMED_FINDING[Decision(decision)] != assessment.overall:
        words = {"finding": Overall(assessment.overall).label}
        raise Refused("unfit", _("This decision does not fit the finding: %(finding)s.") % words)
    if decision == Decision.FAILURE and is_enrolled(assessment.revision):
        raise Refused("enrolled", _("This person is enrolled: a failure found since is a deviation to report."))
    if primary and primary not in failed:
        raise Refused("unfit", _("The primary reason must be one of the failed criteria."))


def is_enrolled(revision: Revision) -> bool:
    return Enrolment.objects.filter(subject=revision.visit.subject_id).exists()


def refuse_decided(assessment: Assessment) -> None:
    if assessment.signatures.exists():
        raise Refused("decided", _("This assessment is signed already."))
    if assessment.send_backs.exists():
        raise Refused("decided", _("This assessment was sent back: it must be assessed anew."))
    if assessment.revision.closures.exists():
        raise Refused("decided", _("This case is closed already: not enrolled for another reason."))


def refuse_settled(revision: Revision) -> None:
    """Refuse where the decision on a revision is final: a failure, a closed case or an enrolment. Code: decided.

    A subject who was confirmed eligible may still decline.
    """
    signatures = Signature.objects.filter(assessment__revision=revision).order_by("-assessment")
    last = signatures.first()
    if last and last.decision == Decision.FAILURE and not is_void(last):
        raise Refused("decided", _("This person is confirmed as a screen failure already."))
    if revision.closures.exists():
        raise Refused("decided", _("This case is closed already: not enrolled for another reason."))
    if is_enrolled(revision):
        raise Refused("decided", _("This person is enrolled."))


def refuse_broken(assessment: Assessment) -> None:
    if not is_intact(assessment):
        raise Refused("broken", _("The fingerprint does not fit what is stored: this assessment must not be signed."))


def refuse_expired(assessment: Assessment, expired_seen: bool) -> str:
    """Return what the signature says of findings that no longer hold; empty where they do. Refused: expired."""
    last = expired_on(assessment)
    if last is None:
        return ""
    if not expired_seen:
        raise Refused("expired", _("The findings held until %(day)s only.") % {"day": last.isoformat()})
    return " " + _("I know that the findings held until %(day)s only.") % {"day": last.isoformat()}


def refuse_words(comment: str, *, reason: str = ClosureReason.DECLINED, required: bool = False) -> None:
    faults = []
    if reason not in ClosureReason.values:
        faults.append(Fault("reason", _("choose one of the reasons")))
    if not comment.strip() and (required or reason == ClosureReason.OTHER):
        faults.append(Fault("comment", _("say why")))
    if message := text_fault(comment):
        faults.append(Fault("comment", message))
    if faults:
        raise BadDocument(faults)


def failed_codes(assessment: Assessment) -> list[str]:
    failed = assessment.verdicts.filter(outcome=Outcome.FAIL).order_by("position", "pk")
    return list(failed.values_list("code", flat=True))


def refuse_enrolment(signature: Signature, subject: Subject) -> None:
    revision = signature.assessment.revision
    if signature.decision != Decision.ELIGIBLE:
        raise Refused("unfit", _("Only somebody who was confirmed eligible can be enrolled."))
    if CONFIRMED_FINDING[Decision.ELIGIBLE] != signature.assessment.overall:
        raise Refused("unfit", _("The signature confirms what the assessment did not find."))
    if Enrolment.objects.filter(subject=subject).exists():
        raise Refused("enrolled", _("This person is enrolled already."))
    if is_void(signature):
        raise Refused("void", _("The signature is void: something was saved or assessed after it."))
    if subject.visits.filter(number__gt=revision.visit.number).exists():
        raise Refused("superseded", _("There is a later attempt of this person, which must be confirmed first."))
    if is_outdated(signature.assessment):
        raise Refused("superseded", _("Another protocol version applies by now: assess anew, to be confirmed anew."))
    if revision.closures.exists():
        raise Refused("closed", _("The investigator has decided that this person is not enrolled."))
    if not verify_signature(signature):
        raise Refused("broken", _("The signature does not fit the record that it stands on."))
