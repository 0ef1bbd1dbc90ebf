"""The review of an assessment: everything the investigator needs to decide, and the decision."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from criteria.dose_days import next_turn
from criteria.versions import protocol_of
from screening.enrol import places
from screening.marks import marks
from screening.models import Assessment, Outcome, Standing, Visit
from screening.permissions import allowed
from screening.queries import assessments_of
from screening.review import questions_of
from screening.transfers import offer_for
from screening.views.assessments import VerdictGroup, groups, missing_places
from screening.views.decided import decided
from screening.views.implausible import implausible
from screening.views.lookup import assessment_or_404, author_of
from screening.views.offers import offers
from screening.views.question_texts import question_texts
from screening.views.review_sheet import corrections, review_groups, seen, since
from screening.views.signing import signer_of
from screening.views.standings import turn_text
from screening.views.typed import Typed


@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    return review_page(request, assessment_or_404(pk))


def review_page(
    request: HttpRequest, assessment: Assessment, typed: Typed | None = None, status: int = 200
) -> HttpResponse:
    """`typed` is a form of the page that came back."""
    user, visit = author_of(request), assessment.revision.visit
    found = groups(assessment, protocol_of(assessment.version))
    record = decided(visit.subject, [visit])
    context = {
        "assessment": assessment,
        "visit": visit,
        "typed": typed,
        "decided": record.on(assessment),
        "others": record.beside(assessment),
        "offers": offers(assessment, failures(found), user),
        "offer": offer_for(visit),
        "latest": Standing.objects.filter(subject=visit.subject_id).first(),
        "places": places(visit.subject.trial),
        **signer_of(user),
        **allowed(user, "review", "answer", "enrol", "enter", "assess"),
        **sheet(assessment, visit, found),
    }
    return render(request, "screening/review.html", context, status=status)


def sheet(assessment: Assessment, visit: Visit, found: list[VerdictGroup]) -> dict[str, Any]:
    """What was found, how it came about, and what was asked."""
    protocol, number = protocol_of(assessment.version), assessment.revision.number
    vocabulary = protocol.vocabulary
    every = visit.revisions.select_related("created_by").order_by("-number")
    revisions = [revision for revision in every if revision.number <= number]
    earlier = [each for each in assessments_of(visit) if each.pk < assessment.pk]
    texts = [text for group in found for text in group.verdicts]
    questions = list(questions_of(visit))
    return {
        "counts": [(group.outcome, group.title, len(group.verdicts)) for group in found],
        "turn": turn_text(next_turn(protocol, assessment.revision.document)),
        "failing": [text for text in texts if text.verdict.outcome == Outcome.FAIL],
        "missing": missing_places(found),
        "marks": marks(assessment, seen(texts)),
        "retested": [text for text in texts if text.retests],
        "implausible": implausible(vocabulary, assessment.revision),
        "corrections": corrections(vocabulary, revisions, earlier),
        "since": since(vocabulary, assessment, earlier[0] if earlier else None, revisions),
        "groups": review_groups(vocabulary, found, revisions, questions),
        "questions": question_texts(questions, visit, vocabulary, assessment.revision.document),
    }


def failures(found: Iterable[VerdictGroup]) -> list[tuple[str, str]]:
    """The failed codes with their statements."""
    texts = [text for group in found for text in group.verdicts if group.outcome == Outcome.FAIL]
    return [(text.verdict.code, text.verdict.criterion.statement) for text in texts]
