"""The investigator's questions with what each is about, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from criteria.vocabulary import Vocabulary
from screening.models import Answer, Question, Visit
from screening.visits.labels import Place, place_of


class QuestionText(NamedTuple):
    """`place` is the field that it is about, if any; `elsewhere` where it was asked at another attempt."""

    question: Question
    answers: list[Answer]
    place: Place | None
    elsewhere: bool


def question_texts(
    questions: Iterable[Question], visit: Visit, vocabulary: Vocabulary, document: Mapping[str, Any]
) -> list[QuestionText]:
    """`document` tells which record an indexed path means."""
    return [
        QuestionText(
            question,
            sorted(question.answers.all(), key=lambda given: given.pk),
            place_of(vocabulary, question.path, document) if question.path else None,
            question.visit_id != visit.pk,
        )
        for question in questions
    ]


def still_open(texts: Iterable[QuestionText]) -> list[QuestionText]:
    return [text for text in texts if not text.answers]
