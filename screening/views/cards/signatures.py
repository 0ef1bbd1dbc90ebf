"""The signature history of a subject, as it is shown with the record: signatures, send-backs and enrolment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from screening.models import Assessment, Closure, Decision, Enrolment, SendBack, Signature, Subject, Visit
from screening.signatures.seals import closures_of, signatures_of, verify_signature
from screening.visits.applicable_version import is_outdated

VALID, VOID, BROKEN = "valid", "void", "broken"


class SignatureText(NamedTuple):
    """A signature with what makes it readable.

    `state` is valid; void, where something newer exists; or broken, where its seal does not fit. `is_earlier` is
    true where the subject has a later attempt, about which it says nothing. `may_lead_to_enrolment` is true where
    the subject was confirmed eligible by it and has no place yet.
    """

    signed: Signature | Closure
    words: str
    state: str
    visit: Visit
    assessment: Assessment | None
    is_earlier: bool
    may_lead_to_enrolment: bool = False


class SignatureHistory(NamedTuple):
    """The signatures, send-backs and enrolment of a subject, the latest first."""

    signed: list[SignatureText]
    sent_back: list[SendBack]
    enrolment: Enrolment | None

    @property
    def is_empty(self) -> bool:
        return not (self.signed or self.sent_back or self.enrolment)

    def for_assessment(self, assessment: Assessment) -> SignatureHistory:
        """Return only what was decided on an assessment or on its revision.

        The send-backs are those of this assessment and of earlier ones.
        """
        revision = assessment.revision_id
        return self._replace(
            signed=[
                text
                for text in self.signed
                if text.assessment == assessment
                or (isinstance(text.signed, Closure) and text.signed.revision_id == revision)
            ],
            sent_back=[sent for sent in self.sent_back if sent.assessment_id <= assessment.pk],
        )

    def other_signatures(self, assessment: Assessment) -> list[SignatureText]:
        """Return the signatures on anything else."""
        shown = {id(text) for text in self.for_assessment(assessment).signed}
        return [text for text in self.signed if id(text) not in shown]


def signature_history(subject: Subject, visits: Sequence[Visit]) -> SignatureHistory:
    """Return the signature history of a subject.

    In five queries, one less where nothing was signed, one more where somebody may be enrolled.
    """
    enrolment = Enrolment.objects.filter(subject=subject).select_related("created_by").first()
    closures = list(closures_of(visits))
    closed = {closure.revision_id for closure in closures if not closure.void}
    signed = [signature_text(each, closed, enrolment) for each in signatures_of(visits)]
    signed += [closure_text(each) for each in closures]
    latest_first = sorted(signed, key=lambda text: text.signed.created_at, reverse=True)
    return SignatureHistory(latest_first, list(send_backs_of(visits)), enrolment)


def send_backs_of(visits: Sequence[Visit]) -> QuerySet[Any]:
    """Return the send-backs of the visits, the latest first.

    `assessed_since` is true where the visit was assessed again afterwards.
    """
    later = Assessment.objects.filter(
        revision__visit=OuterRef("assessment__revision__visit"), pk__gt=OuterRef("assessment")
    )
    found = SendBack.objects.filter(assessment__revision__visit__in=visits).annotate(assessed_since=Exists(later))
    return found.select_related("created_by", "assessment__revision").order_by("-pk")


def signature_text(signature: Any, closed: set[int], enrolment: Enrolment | None) -> SignatureText:
    state, assessment = signature_state(signature), signature.assessment
    visit = assessment.revision.visit
    leads = signature.decision == Decision.ELIGIBLE and state == VALID and not signature.earlier
    leads = leads and not enrolment and assessment.revision_id not in closed and not is_outdated(assessment)
    return SignatureText(
        signature, signature.get_decision_display(), state, visit, assessment, signature.earlier, bool(leads)
    )


def closure_text(closure: Any) -> SignatureText:
    words = f"{closure.get_reason_display()}: {closure.comment}" if closure.comment else closure.get_reason_display()
    return SignatureText(closure, words, signature_state(closure), closure.revision.visit, None, closure.earlier)


def signature_state(signed: Any) -> str:
    """Return the state of a signature from `screening.signatures.seals.signatures_of` or `closures_of`."""
    if not verify_signature(signed):
        return BROKEN
    return VOID if signed.void else VALID
