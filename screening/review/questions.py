"""What is asked, answered and remarked at the review; every word stays on record."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument, Fault
from criteria.vocabulary.values import text_fault
from screening.access.permissions import may
from screening.models import Answer, Assessment, Disagreement, Question, Verdict, Visit
from screening.signals import records_added
from screening.visits.applicable_version import version_of
from screening.visits.labels import is_asked


@transaction.atomic
def ask(
    visit: Visit, user: User, text: str, criterion: str = "", path: str = "", assessment: Assessment | None = None
) -> Question:
    """PermissionDenied; BadDocument where there are no words, or where no such criterion, field or assessment is."""
    if not may(user, "review"):
        raise PermissionDenied
    refuse_faulty(text, about_fault(visit, criterion, path, assessment))
    question = Question.objects.create(
        visit=visit, assessment=assessment, criterion=criterion, path=path, text=text.strip(), created_by=user
    )
    records_added.send(sender=Question, subject=visit.subject)
    return question


@transaction.atomic
def answer(question: Question, user: User, text: str) -> Answer:
    """PermissionDenied; BadDocument where there are no words, or where nobody but the asker has answered so far. More
    than one answer may be given."""
    if not may(user, "answer"):
        raise PermissionDenied
    own = question.created_by_id == user.pk and not question.answers.exists()
    refuse_faulty(text, Fault("text", _("your own question: somebody else answers it first")) if own else None)
    given = Answer.objects.create(question=question, text=text.strip(), created_by=user)
    records_added.send(sender=Answer, subject=question.visit.subject)
    return given


@transaction.atomic
def disagree(verdict: Verdict, user: User, text: str) -> Disagreement:
    """Beside an outcome, never over it. PermissionDenied; BadDocument where there are no words."""
    if not may(user, "review"):
        raise PermissionDenied
    refuse_faulty(text)
    return Disagreement.objects.create(verdict=verdict, text=text.strip(), created_by=user)


def questions_of(visit: Visit) -> QuerySet[Question]:
    """Every question of a visit with its answers, the latest first, and what is still open of other attempts."""
    answered = Exists(Answer.objects.filter(question=OuterRef("pk")))
    asked = Question.objects.filter(Q(visit=visit) | Q(~answered, visit__subject=visit.subject_id))
    return asked.select_related("created_by", "visit").prefetch_related("answers__created_by").order_by("-pk")


def refuse_faulty(text: str, about: Fault | None = None) -> None:
    message = text_fault(text) if text.strip() else _("say it in words")
    faults = [Fault("text", message)] if message else []
    if about:
        faults.append(about)
    if faults:
        raise BadDocument(faults)


def about_fault(visit: Visit, criterion: str, path: str, assessment: Assessment | None) -> Fault | None:
    """What is wrong with what a question is about; a form that was tampered with must not reach another person."""
    if assessment and assessment.revision.visit_id != visit.pk:
        return Fault("assessment", _("this assessment is of another visit"))
    document = visit.latest_revision().document
    protocol = protocol_of(assessment.version if assessment else version_of(visit, document))
    if criterion and criterion not in {each.code for each in protocol.criteria}:
        return Fault("criterion", _("there is no such criterion"))
    if path and not is_asked(protocol.vocabulary, path, document):
        return Fault("path", _("there is no such field"))
    return None
