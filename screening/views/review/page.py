"""The review of an assessment: everything the investigator needs for the decision, and the decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from criteria.evaluation.outlook import Outlook, outlook
from criteria.versions.versions import protocol_of
from screening.access.permissions import page_rights
from screening.access.trials import access_of
from screening.amendments.transition import available_reassessment
from screening.models import Assessment, Opinion, Outcome
from screening.review.enrol import enrolment_places
from screening.review.flags import review_flags
from screening.review.questions import questions_of
from screening.review.queue import next_awaiting
from screening.signatures.judgements import RecordedJudgement, judgements_of
from screening.views.cards.decisions import AvailableDecisions, available_decisions
from screening.views.cards.edit_checks import edit_check_texts, open_ones
from screening.views.cards.finding_ages import finding_ages_text
from screening.views.cards.judgements import judgement_texts
from screening.views.cards.questions import question_texts
from screening.views.cards.range_checks import limits_of_verdicts, mismatched_limits
from screening.views.cards.signatures import signature_history
from screening.views.cards.verdicts import VerdictGroup, VerdictText, missing_places, verdict_groups, with_checks
from screening.views.cards.visit_status import outcome_change_text
from screening.views.review.forms import QueueForm
from screening.views.review.notices import Surroundings, decision_notices
from screening.views.review.sheet import (
    beside_assessment,
    changes_since,
    corrections,
    review_groups,
    verdicts_for_flags,
)
from screening.views.shared.lookup import assessment_or_404, author_of
from screening.views.shared.rejected_form import RejectedForm
from screening.views.shared.signer import signer_of
from screening.visits.consent import consent_forms_of, reconsent_text
from screening.visits.drafts import drafts_on
from screening.visits.entered_in_error import mark_of
from screening.visits.field_history import ValueSources
from screening.visits.reference_ranges import ranges_of
from screening.worklist.listing import assessments_of


@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    return review_page(request, assessment_or_404(pk))


def review_page(
    request: HttpRequest, assessment: Assessment, typed: RejectedForm | None = None, status: int = 200
) -> HttpResponse:
    """Render the review of an assessment; `typed` is a form of the page that was refused."""
    user, visit, queue = author_of(request), assessment.revision.visit, QueueForm(request.GET)
    protocol, document = protocol_of(assessment.version), assessment.revision.document
    now = outlook(protocol, document)
    ranges, forms = ranges_of(visit.subject.trial), consent_forms_of(visit.subject.trial)
    checks = edit_check_texts(protocol, assessment.revision, ranges, forms)
    found = with_checks(verdict_groups(assessment, protocol, now), checks)
    sources = ValueSources(assessment.revision)
    recorded = judgements_of(assessment)
    available = available_decisions(assessment, failed_criteria(found), user, recorded, open_ones(checks))
    texts = [text for group in found for text in group.verdicts]
    reassessment = available_reassessment(visit)
    beside = Surroundings(
        outcome_change_text(now),
        available.expired,
        checks,
        mismatched_limits(ranges, protocol.vocabulary, document),
        reconsent_text(forms, document, timezone.localdate()),
        beside_assessment(protocol.vocabulary, assessment, drafts_on(visit)),
        reassessment.current if reassessment else None,
    )
    context = {
        "typed": typed,
        "about": request.GET.get("about", ""),  # the criterion whose forms are shown
        "forms_address": f"{reverse('screening:review', args=[assessment.pk])}{queue.with_order}about=",
        "reassessment": reassessment,
        "judgements": judgement_texts(recorded, texts, sources, typed),
        "kept_order": queue.kept_order,
        **case_context(assessment),
        **decision_context(request, assessment, available, recorded, queue),
        **notice_context(assessment, texts, now, beside),
        **review_context(assessment, found, sources),
    }
    return render(request, "screening/review/page.html", context, status=status)


def case_context(assessment: Assessment) -> dict[str, Any]:
    """Return whose assessment it is, and what was decided so far, as template context."""
    visit = assessment.revision.visit
    record = signature_history(visit.subject, [visit])
    return {
        "assessment": assessment,
        "visit": visit,
        "mark": mark_of(visit),
        "decided": record.for_assessment(assessment),
        "is_closed": record.is_closed,
        "others": record.other_signatures(assessment),
        "latest": getattr(visit.subject, "status", None),
        "places": enrolment_places(visit.subject.trial),
    }


def decision_context(
    request: HttpRequest,
    assessment: Assessment,
    available: AvailableDecisions,
    recorded: Sequence[RecordedJudgement],
    queue: QueueForm,
) -> dict[str, Any]:
    """Return what the user can decide now, with what rights, and who is next, as template context."""
    rights = page_rights(request, "review", "answer", "enrol", "enter", "assess", "sign")
    status = getattr(assessment.revision.visit, "status", None)
    return {
        "available": available,
        "opinions": Opinion.choices,
        "unattested": sum(not each.is_attested for each in recorded),
        "may_attest": rights["may_review"] and not available.superseded and not available.not_sent_back,
        "next_waiting": next_awaiting(status, queue.order, access_of(request).seen_trials())
        if rights["may_review"]
        else None,
        **signer_of(request),
        **rights,
    }


def notice_context(
    assessment: Assessment, texts: Sequence[VerdictText], now: Outlook, beside: Surroundings
) -> dict[str, Any]:
    """Return what the investigator must not overlook, as template context."""
    protocol, document = protocol_of(assessment.version), assessment.revision.document
    return {
        "summary": protocol.summary(document),
        "notices": decision_notices(protocol.vocabulary, document, texts, now.steps, beside),
        "turn": beside.turn,
        "checks": beside.checks,
        "limits": limits_of_verdicts(beside.limits, [text.verdict for text in texts]),
        "unseen": beside.unseen,
        "reconsent": beside.reconsent,
    }


def review_context(assessment: Assessment, found: list[VerdictGroup], sources: ValueSources) -> dict[str, Any]:
    """Return the findings, their origin and the questions as template context."""
    protocol, visit = protocol_of(assessment.version), assessment.revision.visit
    vocabulary = protocol.vocabulary
    earlier = [each for each in assessments_of(visit) if each.pk < assessment.pk]
    texts = [text for group in found for text in group.verdicts]
    questions = list(questions_of(visit))
    return {
        "counts": found,
        "failing": [text for text in texts if text.verdict.outcome == Outcome.FAIL],
        "missing": missing_places(found),
        "flags": review_flags(assessment, verdicts_for_flags(texts)),
        "retested": [text for text in texts if text.retests],
        "beside": [text for text in texts if text.offsets],
        "ages": finding_ages_text(protocol, assessment.revision.document),
        "corrections": corrections(vocabulary, assessment.revision, earlier),
        "since": changes_since(vocabulary, assessment, earlier[0] if earlier else None),
        "groups": review_groups(vocabulary, found, sources, questions),
        "questions": question_texts(questions, visit, vocabulary, assessment.revision.document),
    }


def failed_criteria(found: Iterable[VerdictGroup]) -> list[tuple[str, str]]:
    """Return the failed codes with their statements."""
    texts = [text for group in found for text in group.verdicts if group.outcome == Outcome.FAIL]
    return [(text.verdict.code, text.verdict.criterion.statement) for text in texts]
