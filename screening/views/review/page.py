"""The review of an assessment: everything the investigator needs to decide, and the decision."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from criteria.evaluation.dose_dates import next_turn
from criteria.versions.versions import protocol_of
from screening.access.permissions import allowed
from screening.amendments.transition import offer_for
from screening.models import Assessment, Outcome, Standing, Visit
from screening.review.enrol import places
from screening.review.flags import marks
from screening.review.questions import questions_of
from screening.views.cards.decisions import offers
from screening.views.cards.edit_checks import implausible
from screening.views.cards.questions import question_texts
from screening.views.cards.signatures import decided
from screening.views.cards.verdicts import VerdictGroup, groups, missing_places
from screening.views.cards.visit_status import turn_text
from screening.views.review.sheet import corrections, review_groups, seen, since
from screening.views.shared.lookup import assessment_or_404, author_of
from screening.views.shared.rejected_form import Typed
from screening.views.shared.signer import signer_of
from screening.worklist.listing import assessments_of


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
    return render(request, "screening/review/page.html", context, status=status)


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
