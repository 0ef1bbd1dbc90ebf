"""The judgements of a revision, each with what the investigator has said to it: attested, sent back, or nothing yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from criteria.versions.versions import protocol_of
from criteria.vocabulary import Vocabulary, validate
from criteria.vocabulary.judgements import Judgement, judgements
from screening.models import Assessment, Attestation, AttestationAnswer, Revision
from screening.visits.labels import CODE_KEYS, STEP, answer_text, form_place


class RecordedJudgement(NamedTuple):
    """A judgement that a revision answers.

    `place` is its path as a question can name it, `attestation` the latest that holds for it, None where there is none.
    """

    judgement: Judgement
    place: str
    label: str
    words: str
    attestation: Attestation | None

    @property
    def is_attested(self) -> bool:
        return self.attestation is not None and self.attestation.answer == AttestationAnswer.AS_RECORDED

    @property
    def is_sent_back(self) -> bool:
        return self.attestation is not None and self.attestation.answer == AttestationAnswer.SENT_BACK


def judgements_of(assessment: Assessment) -> list[RecordedJudgement]:
    """Return the judgements of an assessed revision, as the version of the assessment declares them."""
    return recorded_judgements(protocol_of(assessment.version).vocabulary, assessment.revision)


def recorded_judgements(vocabulary: Vocabulary, revision: Revision) -> list[RecordedJudgement]:
    """Return the judgements of a revision, in the order of the vocabulary.

    In one query, or two where one was attested at an earlier revision.
    """
    found = judgements(vocabulary, revision.document)
    held = attestations_holding(vocabulary, revision, found) if found else {}
    return [recorded_judgement(vocabulary, revision.document, each, held.get(each.key)) for each in found]


def recorded_judgement(
    vocabulary: Vocabulary, document: Mapping[str, Any], judgement: Judgement, attestation: Attestation | None
) -> RecordedJudgement:
    """Return the judgement in words; the status of a condition is named by the condition alone."""
    key, *steps = STEP.findall(judgement.name)
    is_coded = vocabulary.parts[key].kind in CODE_KEYS
    place = f"{key}.{steps[0]}" if is_coded else judgement.path
    whole = form_place(vocabulary, judgement.path, document)
    label = form_place(vocabulary, place).label if is_coded and steps[1:] == ["status"] else whole.label
    return RecordedJudgement(judgement, place, label, answer_text(whole.field, judgement.value), attestation)


def attestations_holding(
    vocabulary: Vocabulary, revision: Revision, found: Iterable[Judgement]
) -> dict[str, Attestation]:
    """Return by key the latest attestation of each judgement that no revision since has changed.

    An answer that was changed and changed back was another one in between: it is attested anew.
    """
    made = Attestation.objects.filter(revision__visit=revision.visit_id, revision__number__lte=revision.number)
    latest = {each.key: each for each in made.select_related("created_by", "revision", "question").order_by("pk")}
    earlier = [latest[each.key].revision.number for each in found if each.key in latest]
    keys = keys_by_number(vocabulary, revision, min(earlier, default=revision.number))
    return {
        key: each
        for key, each in latest.items()
        if all(key in there for number, there in keys.items() if number >= each.revision.number)
    }


def keys_by_number(vocabulary: Vocabulary, revision: Revision, first: int) -> dict[int, frozenset[str]]:
    """Return the keys of the judgements of each revision from the number `first` to the given one.

    None of a revision that an earlier version of the protocol accepted and this one does not.
    """
    if first == revision.number:
        return {}
    between = Revision.objects.filter(visit=revision.visit_id, number__gte=first, number__lt=revision.number)
    documents = dict(between.values_list("number", "document"))
    return {
        number: frozenset(each.key for each in judgements(vocabulary, document))
        if not validate(vocabulary, document)
        else frozenset()
        for number, document in documents.items()
    }
