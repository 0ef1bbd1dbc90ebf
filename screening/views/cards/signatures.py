"""What was decided of a person, as it is shown wherever the record is: signatures, what was sent back, enrolment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from screening.models import Assessment, Closure, Decision, Enrolment, SendBack, Signature, Subject, Visit
from screening.signatures.seals import closures_of, signatures_of, verify
from screening.visits.applicable_version import is_outdated

VALID, VOID, BROKEN = "valid", "void", "broken"


class SignedText(NamedTuple):
    """A signature with what makes it readable. `state`: it holds; something newer stands; its seal does not fit.

    `is_earlier` where there is a later attempt of the person, for which it says nothing. `may_lead_to_enrolment`
    where a person was confirmed eligible by it and has no place yet.
    """

    signed: Signature | Closure
    words: str
    state: str
    visit: Visit
    assessment: Assessment | None
    is_earlier: bool
    may_lead_to_enrolment: bool = False


class Decided(NamedTuple):
    """The latest first."""

    signed: list[SignedText]
    sent_back: list[SendBack]
    enrolment: Enrolment | None

    @property
    def is_empty(self) -> bool:
        return not (self.signed or self.sent_back or self.enrolment)

    def on(self, assessment: Assessment) -> Decided:
        """Only what was decided of an assessment or of its revision, and why it or earlier ones were sent back."""
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

    def beside(self, assessment: Assessment) -> list[SignedText]:
        """What else was signed."""
        shown = {id(text) for text in self.on(assessment).signed}
        return [text for text in self.signed if id(text) not in shown]


def decided(subject: Subject, visits: Sequence[Visit]) -> Decided:
    """In five queries, one less where nothing was signed, one more where somebody may be enrolled."""
    enrolment = Enrolment.objects.filter(subject=subject).select_related("created_by").first()
    closures = list(closures_of(visits))
    closed = {closure.revision_id for closure in closures if not closure.void}
    signed = [signature_text(each, closed, enrolment) for each in signatures_of(visits)]
    signed += [closure_text(each) for each in closures]
    latest_first = sorted(signed, key=lambda text: text.signed.created_at, reverse=True)
    return Decided(latest_first, list(sent_back_of(visits)), enrolment)


def sent_back_of(visits: Sequence[Visit]) -> QuerySet[Any]:
    """`assessed_since` where the visit was assessed again afterwards."""
    later = Assessment.objects.filter(
        revision__visit=OuterRef("assessment__revision__visit"), pk__gt=OuterRef("assessment")
    )
    found = SendBack.objects.filter(assessment__revision__visit__in=visits).annotate(assessed_since=Exists(later))
    return found.select_related("created_by", "assessment__revision").order_by("-pk")


def signature_text(signature: Any, closed: set[int], enrolment: Enrolment | None) -> SignedText:
    state, assessment = state_of(signature), signature.assessment
    visit = assessment.revision.visit
    leads = signature.decision == Decision.ELIGIBLE and state == VALID and not signature.earlier
    leads = leads and not enrolment and assessment.revision_id not in closed and not is_outdated(assessment)
    return SignedText(
        signature, signature.get_decision_display(), state, visit, assessment, signature.earlier, bool(leads)
    )


def closure_text(closure: Any) -> SignedText:
    words = f"{closure.get_reason_display()}: {closure.comment}" if closure.comment else closure.get_reason_display()
    return SignedText(closure, words, state_of(closure), closure.revision.visit, None, closure.earlier)


def state_of(signed: Any) -> str:
    """Of one that was read by `screening.signatures.seals.signatures_of` or `closures_of`."""
    if not verify(signed):
        return BROKEN
    return VOID if signed.void else VALID
