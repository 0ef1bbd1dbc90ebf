"""The signature history of a subject, as it is shown with the record: signatures, send-backs and enrolment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from screening.models import (
    Answer,
    Assessment,
    Closure,
    Decision,
    Enrolment,
    Question,
    Reopening,
    Revision,
    SendBack,
    Signature,
    SignatureWithdrawal,
    Subject,
    Visit,
)
from screening.signatures.seals import closures_of, is_withdrawn, seal_fits, signatures_of, verify_signature
from screening.visits.applicable_version import is_outdated
from screening.visits.closure import is_reopened

VALID, VOID, ENDED, BROKEN = "valid", "void", "ended", "broken"


class SignatureText(NamedTuple):
    """A signature with what makes it readable.

    `state` is valid; void, where something newer exists; ended, by `ended`, where it was withdrawn or the case
    reopened; or broken, where a seal does not fit. `is_earlier` is true where the subject has a later attempt, about
    which it says nothing. `may_lead_to_enrolment` is true where the subject was confirmed eligible by it and has no
    place yet, `may_be_ended` where its signer may withdraw it, or an investigator reopen the case. `corrections` are
    the revisions saved after a case was closed, which stays closed.
    """

    signed: Signature | Closure
    words: str
    state: str
    visit: Visit
    assessment: Assessment | None
    is_earlier: bool
    ended: SignatureWithdrawal | Reopening | None = None
    may_lead_to_enrolment: bool = False
    may_be_ended: bool = False
    corrections: Sequence[Revision] = ()


class SignatureHistory(NamedTuple):
    """The signatures, send-backs and enrolment of a subject, the latest first."""

    signed: list[SignatureText]
    sent_back: list[SendBack]
    enrolment: Enrolment | None

    @property
    def is_empty(self) -> bool:
        return not (self.signed or self.sent_back or self.enrolment)

    @property
    def is_closed(self) -> bool:
        """True where the case of the latest attempt is closed."""
        return any(text.assessment is None and text.may_be_ended for text in self.signed)

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

    In five queries, one less where nothing was signed, one more where somebody may be enrolled, and one more for each
    case that is closed.
    """
    enrolment = Enrolment.objects.filter(subject=subject).select_related("created_by").first()
    closures = list(closures_of(visits))
    closed = {closure.revision.visit_id for closure in closures if not closure.void}
    signed = [signature_text(each, closed, enrolment) for each in signatures_of(visits)]
    signed += [closure_text(each) for each in closures]
    latest_first = sorted(signed, key=lambda text: text.signed.created_at, reverse=True)
    return SignatureHistory(latest_first, list(send_backs_of(visits)), enrolment)


def send_backs_of(visits: Sequence[Visit]) -> QuerySet[Any]:
    """Return the send-backs of the visits, the latest first.

    `assessed_since` is true where the visit was assessed again afterwards, `answered_since` where an answer came
    afterwards and no question is left open.
    """
    later = Assessment.objects.filter(
        revision__visit=OuterRef("assessment__revision__visit"), pk__gt=OuterRef("assessment")
    )
    asked = Question.objects.filter(visit=OuterRef("assessment__revision__visit"), answers=None)
    answers = Answer.objects.filter(
        question__visit=OuterRef("assessment__revision__visit"), created_at__gt=OuterRef("created_at")
    )
    found = SendBack.objects.filter(assessment__revision__visit__in=visits)
    found = found.annotate(assessed_since=Exists(later), answered_since=Exists(answers) & ~Exists(asked))
    return found.select_related("created_by", "assessment__revision").order_by("-pk")


def signature_text(signature: Any, closed: set[int], enrolment: Enrolment | None) -> SignatureText:
    state, assessment = signature_state(signature), signature.assessment
    visit = assessment.revision.visit
    leads = signature.decision == Decision.ELIGIBLE and state == VALID and not signature.earlier
    leads = leads and not enrolment and visit.pk not in closed and not is_outdated(assessment)
    return SignatureText(
        signature,
        signature.get_decision_display(),
        state,
        visit,
        assessment,
        signature.earlier,
        ended=ended_by(signature),
        may_lead_to_enrolment=bool(leads),
        may_be_ended=state == VALID and not enrolment,
    )


def closure_text(closure: Any) -> SignatureText:
    words = f"{closure.get_reason_display()}: {closure.comment}" if closure.comment else closure.get_reason_display()
    state, visit = signature_state(closure), closure.revision.visit
    later = visit.revisions.filter(number__gt=closure.revision.number).select_related("created_by")
    return SignatureText(
        closure,
        words,
        state,
        visit,
        None,
        closure.earlier,
        ended=ended_by(closure),
        may_be_ended=not closure.void and not closure.earlier,
        corrections=[] if closure.void else list(later.defer("document").order_by("number")),
    )


def signature_state(signed: Any) -> str:
    """Return the state of a signature from `screening.signatures.seals.signatures_of` or `closures_of`."""
    ended = ended_by(signed)
    if not verify_signature(signed) or (ended and not seal_fits(ended)):
        return BROKEN
    if ended:
        return ENDED
    return VOID if signed.void else VALID


def ended_by(signed: Signature | Closure) -> SignatureWithdrawal | Reopening | None:
    if isinstance(signed, Closure):
        return signed.reopening if is_reopened(signed) else None
    return signed.withdrawal if is_withdrawn(signed) else None
