"""The investigator's questions with what each is about, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from criteria.vocabulary import Vocabulary
from screening.models import Answer, Question, Visit
from screening.visits.labels import FormPlace, form_place


class QuestionText(NamedTuple):
    """A question with its answers.

    `place` is the field that it is about, if any; `elsewhere` is true where it was asked at another attempt.
    """

    question: Question
    answers: list[Answer]
    place: FormPlace | None
    elsewhere: bool


def question_texts(
    questions: Iterable[Question], visit: Visit, vocabulary: Vocabulary, document: Mapping[str, Any]
) -> list[QuestionText]:
    """Return the questions as texts; `document` decides which record an indexed path means."""
    return [
        QuestionText(
            question,
            sorted(question.answers.all(), key=lambda given: given.pk),
            form_place(vocabulary, question.path, document) if question.path else None,
            question.visit_id != visit.pk,
        )
        for question in questions
    ]
