"""Questions about a visit: which are open, and whether what was sent back is answered."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Max, Q, QuerySet

from screening.models import Question, SendBack, Visit


class QuestionState(NamedTuple):
    """The numbers of questions that nobody answered, of all visits of a subject that stand and `here` at one of them.

    `answered_at` is the time of the latest answer at that visit, None where there is none.
    """

    everywhere: int
    here: int
    answered_at: datetime | None

    def settles(self, sent: SendBack) -> bool:
        """Return whether an answer came after an assessment was sent back, and no question is left open."""
        return not self.here and self.answered_at is not None and self.answered_at > sent.created_at


def question_state(subject: int, visit: int) -> QuestionState:
    """Return the state of the questions about a subject and a visit, by their keys, in one query."""
    is_open, here = Q(answers=None, visit__in_error=None), Q(visit=visit)
    found = Question.objects.filter(visit__subject=subject).aggregate(
        everywhere=Count("pk", filter=is_open),
        here=Count("pk", filter=is_open & here),
        answered_at=Max("answers__created_at", filter=here),
    )
    return QuestionState(**found)


def open_questions(visit: Visit) -> QuerySet[Question]:
    """Return the questions about a visit that nobody has answered, the first one first."""
    return Question.objects.filter(visit=visit, answers=None).order_by("pk")


def is_settled(sent: SendBack, visit: Visit) -> bool:
    return question_state(visit.subject_id, visit.pk).settles(sent)
