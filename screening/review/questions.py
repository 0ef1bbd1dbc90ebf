"""Questions, answers and disagreements of the review; every text stays on record."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument, Fault
from criteria.vocabulary.values import required_text_fault
from screening.access.permissions import may
from screening.models import Answer, Assessment, Disagreement, Opinion, Question, Verdict, Visit
from screening.signals import records_added
from screening.visits.applicable_version import applicable_version
from screening.visits.labels import is_asked
from screening.visits.lock import lock_visit


@transaction.atomic
def ask_question(
    visit: Visit, user: User, text: str, criterion: str = "", path: str = "", assessment: Assessment | None = None
) -> Question:
    """Ask a question about a visit, a criterion, a field or an assessment.

    PermissionDenied; BadDocument where the text is empty or faulty, or where the criterion, field or assessment
    does not exist; Refused: entered_in_error.
    """
    if not may(user, "review", visit.subject.trial_id):
        raise PermissionDenied
    lock_visit(visit.pk)  # nobody confirms eligible meanwhile
    refuse_faulty(text, about_fault(visit, criterion, path, assessment))
    question = Question.objects.create(
        visit=visit, assessment=assessment, criterion=criterion, path=path, text=text.strip(), created_by=user
    )
    records_added.send(sender=Question, subject=visit.subject, visit=visit)
    return question


@transaction.atomic
def answer_question(question: Question, user: User, text: str) -> Answer:
    """Answer a question; it can have more than one answer.

    PermissionDenied; BadDocument where the text is empty or faulty, or where the asker would be the first to
    answer; Refused: entered_in_error.
    """
    if not may(user, "answer", question.visit.subject.trial_id):
        raise PermissionDenied
    lock_visit(question.visit_id)  # nobody decides meanwhile
    own = question.created_by_id == user.pk and not question.answers.exists()
    refuse_faulty(text, Fault("text", _("your own question: somebody else answers it first")) if own else None)
    given = Answer.objects.create(question=question, text=text.strip(), created_by=user)
    records_added.send(sender=Answer, subject=question.visit.subject, visit=question.visit)
    return given


@transaction.atomic
def record_disagreement(verdict: Verdict, user: User, text: str, opinion: str) -> Disagreement:
    """Record a disagreement beside an outcome, which it never replaces.

    `opinion` is what the criterion does in the user's judgement, one of Opinion; of each user the last one counts.
    PermissionDenied; BadDocument where the text is empty or faulty, or the opinion is none; Refused:
    entered_in_error.
    """
    if not may(user, "review", verdict.assessment.version.trial_id):
        raise PermissionDenied
    message = _("choose what the criterion does in your judgement")
    refuse_faulty(text, None if opinion in Opinion.values else Fault("opinion", message))
    lock_visit(verdict.assessment.revision.visit_id)  # nobody confirms eligible meanwhile
    return Disagreement.objects.create(verdict=verdict, text=text.strip(), opinion=opinion, created_by=user)


def questions_of(visit: Visit) -> QuerySet[Question]:
    """Return every question of a visit with its answers, and the unanswered ones of other attempts.

    The latest question comes first.
    """
    answered = Exists(Answer.objects.filter(question=OuterRef("pk")))
    asked = Question.objects.filter(
        Q(visit=visit) | Q(~answered, visit__subject=visit.subject_id, visit__in_error=None)
    )
    return asked.select_related("created_by", "visit").prefetch_related("answers__created_by").order_by("-pk")


def refuse_faulty(text: str, about: Fault | None = None) -> None:
    message = required_text_fault(text, _("say it in words"))
    faults = [Fault("text", message)] if message else []
    if about:
        faults.append(about)
    if faults:
        raise BadDocument(faults)


def about_fault(visit: Visit, criterion: str, path: str, assessment: Assessment | None) -> Fault | None:
    """Return the fault in a question's reference to a criterion, field or assessment, None where it is valid.

    A form that was tampered with must not reach another subject's data.
    """
    if assessment and assessment.revision.visit_id != visit.pk:
        return Fault("assessment", _("this assessment is of another visit"))
    document = visit.latest_revision().document
    protocol = protocol_of(assessment.version if assessment else applicable_version(visit, document))
    if criterion and criterion not in {each.code for each in protocol.criteria}:
        return Fault("criterion", _("there is no such criterion"))
    if path and not is_asked(protocol.vocabulary, path, document):
        return Fault("path", _("there is no such field"))
    return None
