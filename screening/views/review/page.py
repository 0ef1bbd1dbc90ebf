"""The review of an assessment: everything the investigator needs for the decision, and the decision."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from criteria.evaluation.dose_dates import next_outcome_change
from criteria.versions.versions import protocol_of
from screening.access.permissions import permission_flags
from screening.amendments.transition import reassessment_offer
from screening.models import Assessment, Outcome, SubjectStatus, Visit
from screening.review.enrol import enrolment_places
from screening.review.flags import review_flags
from screening.review.questions import questions_of
from screening.views.cards.decisions import available_decisions
from screening.views.cards.edit_checks import implausible_values
from screening.views.cards.questions import question_texts
from screening.views.cards.signatures import signature_history
from screening.views.cards.verdicts import VerdictGroup, missing_places, verdict_groups
from screening.views.cards.visit_status import outcome_change_text
from screening.views.review.sheet import changes_since, corrections, review_groups, verdicts_for_flags
from screening.views.shared.lookup import assessment_or_404, author_of
from screening.views.shared.rejected_form import RejectedForm
from screening.views.shared.signer import signer_of
from screening.worklist.listing import assessments_of


@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    return review_page(request, assessment_or_404(pk))


def review_page(
    request: HttpRequest, assessment: Assessment, typed: RejectedForm | None = None, status: int = 200
) -> HttpResponse:
    """Render the review of an assessment; `typed` is a form of the page that was refused."""
    user, visit = author_of(request), assessment.revision.visit
    found = verdict_groups(assessment, protocol_of(assessment.version))
    record = signature_history(visit.subject, [visit])
    context = {
        "assessment": assessment,
        "visit": visit,
        "typed": typed,
        "decided": record.for_assessment(assessment),
        "others": record.other_signatures(assessment),
        "offers": available_decisions(assessment, failed_criteria(found), user),
        "offer": reassessment_offer(visit),
        "latest": SubjectStatus.objects.filter(subject=visit.subject_id).first(),
        "places": enrolment_places(visit.subject.trial),
        **signer_of(user),
        **permission_flags(user, "review", "answer", "enrol", "enter", "assess"),
        **review_context(assessment, visit, found),
    }
    return render(request, "screening/review/page.html", context, status=status)


def review_context(assessment: Assessment, visit: Visit, found: list[VerdictGroup]) -> dict[str, Any]:
    """Return the findings, their origin and the questions as template context."""
    protocol, number = protocol_of(assessment.version), assessment.revision.number
    vocabulary = protocol.vocabulary
    every = visit.revisions.select_related("created_by").order_by("-number")
    revisions = [revision for revision in every if revision.number <= number]
    earlier = [each for each in assessments_of(visit) if each.pk < assessment.pk]
    texts = [text for group in found for text in group.verdicts]
    questions = list(questions_of(visit))
    return {
        "counts": [(group.outcome, group.title, len(group.verdicts)) for group in found],
        "turn": outcome_change_text(next_outcome_change(protocol, assessment.revision.document)),
        "failing": [text for text in texts if text.verdict.outcome == Outcome.FAIL],
        "missing": missing_places(found),
        "flags": review_flags(assessment, verdicts_for_flags(texts)),
        "retested": [text for text in texts if text.retests],
        "implausible": implausible_values(vocabulary, assessment.revision),
        "corrections": corrections(vocabulary, revisions, earlier),
        "since": changes_since(vocabulary, assessment, earlier[0] if earlier else None, revisions),
        "groups": review_groups(vocabulary, found, revisions, questions),
        "questions": question_texts(questions, visit, vocabulary, assessment.revision.document),
    }


def failed_criteria(found: Iterable[VerdictGroup]) -> list[tuple[str, str]]:
    """Return the failed codes with their statements."""
    texts = [text for group in found for text in group.verdicts if group.outcome == Outcome.FAIL]
    return [(text.verdict.code, text.verdict.criterion.statement) for text in texts]
