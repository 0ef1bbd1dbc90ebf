"""Attestation: the investigator says of each recorded judgement that it is so, or sends it back with a question."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from criteria.vocabulary import BadDocument, Fault
from criteria.vocabulary.values import text_fault
from screening.access.permissions import may
from screening.models import Assessment, Attestation, AttestationAnswer, Question
from screening.review.decide import lock_assessment
from screening.review.questions import ask_question
from screening.signals import records_added
from screening.signatures.judgements import RecordedJudgement, judgements_of
from screening.signatures.refusals import refuse_decided


@transaction.atomic
def attest(
    assessment: Assessment, user: User, as_recorded: Collection[str], sent_back: Mapping[str, str] | None = None
) -> list[Attestation]:
    """Attest judgements of the assessed document as recorded, and send others back; return the new records.

    Judgements are given by their key, those sent back with what must be looked at: it becomes a question to the
    coordinator. What is attested already is not recorded twice.

    PermissionDenied; BadDocument with faults by key; or Refused: entered_in_error, superseded, decided, closed.
    """
    if not may(user, "review", assessment.version.trial_id):
        raise PermissionDenied
    back = sent_back or {}
    assessment = lock_assessment(assessment)
    refuse_decided(assessment)
    known = {each.judgement.key: each for each in judgements_of(assessment)}
    if faults := list(attestation_faults(known, as_recorded, back)):
        raise BadDocument(faults)
    answered = [each for key, each in known.items() if key in back or (key in as_recorded and not each.is_attested)]
    made = [
        save_attestation(assessment, user, each, question_about(assessment, user, each, back.get(each.judgement.key)))
        for each in answered
    ]
    if made:
        visit = assessment.revision.visit
        records_added.send(sender=Attestation, subject=visit.subject, visit=visit)
    return made


def attestation_faults(
    known: Mapping[str, RecordedJudgement], as_recorded: Collection[str], sent_back: Mapping[str, str]
) -> Iterator[Fault]:
    if not as_recorded and not sent_back:
        yield Fault("", _("mark a judgement as recorded, or say what must be looked at"))
    for key in dict.fromkeys([*as_recorded, *sent_back]):
        if key not in known:
            yield Fault(key, _("the assessed document has no such judgement"))
        elif key in sent_back and (message := send_back_fault(known[key], sent_back[key], key in as_recorded)):
            yield Fault(key, message)


def send_back_fault(recorded: RecordedJudgement, words: str, is_attested: bool) -> str:
    if is_attested:
        return _("either as recorded or sent back, not both")
    if not words.strip():
        return _("say what must be looked at")
    if recorded.is_sent_back and not recorded.attestation.question.answers.exists():  # type: ignore[union-attr]
        return _("sent back already: the question is not answered yet")
    return text_fault(question_words(recorded, words))


def question_words(recorded: RecordedJudgement, words: str) -> str:
    return _("%(label)s, recorded as “%(value)s”: %(words)s") % {
        "label": recorded.label,
        "value": recorded.words,
        "words": words.strip(),
    }


def question_about(
    assessment: Assessment, user: User, recorded: RecordedJudgement, words: str | None
) -> Question | None:
    """Ask the coordinator about a judgement that is sent back; None where it is not."""
    if words is None:
        return None
    visit, text = assessment.revision.visit, question_words(recorded, words)
    return ask_question(visit, user, text, path=recorded.place, assessment=assessment)


def save_attestation(
    assessment: Assessment, user: User, recorded: RecordedJudgement, question: Question | None
) -> Attestation:
    return Attestation.objects.create(
        revision=assessment.revision,
        path=recorded.place,
        key=recorded.judgement.key,
        label=recorded.label,
        value=recorded.words,
        answer=AttestationAnswer.SENT_BACK if question else AttestationAnswer.AS_RECORDED,
        question=question,
        created_by=user,
    )
