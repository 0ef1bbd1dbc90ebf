"""Assessment of a visit, and display of its verdicts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from criteria.evaluation.outlook import outlook
from criteria.records.refusal import Refused
from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument
from screening.access.permissions import page_rights
from screening.amendments.transition import available_reassessment
from screening.eligibility.assess import assess
from screening.eligibility.replay import Replay, replay
from screening.exceptions import Superseded, UnsavedDrafts
from screening.models import Assessment
from screening.review.enrol import enrolment_places
from screening.views.cards.comparison import assessment_comparison
from screening.views.cards.edit_checks import edit_check_texts
from screening.views.cards.finding_ages import finding_ages_text
from screening.views.cards.signatures import signature_history
from screening.views.cards.verdicts import missing_places, verdict_groups, with_checks
from screening.views.eligibility.unsaved_drafts import drafts_seen, unsaved_drafts_page
from screening.views.shared.lookup import (
    assessment_or_404,
    author_of,
    posted_revision_or_404,
    record_refusals,
    visit_or_404,
)
from screening.visits.entered_in_error import mark_of
from screening.worklist.listing import assessments_of


@require_http_methods(["GET", "HEAD", "POST"])
def visit_assess(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        return redirect(
            "screening:visit", visit_or_404(pk).pk
        )  # where a login leads after the session ended at this button
    revision = posted_revision_or_404(request, pk)
    try:
        with record_refusals(request, revision.visit):
            assessment = assess(revision, author_of(request), drafts_seen(request))
    except UnsavedDrafts as stopped:
        return unsaved_drafts_page(request, revision, stopped.drafts, "screening:visit-assess")
    except Superseded as superseded:
        text = _("Revision %(number)s was saved meanwhile. Look at it, then assess again.")
        messages.error(request, text % {"number": superseded.latest.number})
    except BadDocument as bad:
        messages.error(request, _("This visit cannot be assessed: %(faults)s") % {"faults": bad})
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        return redirect("screening:assessment", assessment.pk)
    return redirect("screening:visit", pk)


@require_safe
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    return assessment_page(request, assessment_or_404(pk), None)


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_replay(request: HttpRequest, pk: int) -> HttpResponse:
    assessment = assessment_or_404(pk)
    if request.method != "POST":
        return redirect("screening:assessment", assessment.pk)
    return assessment_page(request, assessment, replay(assessment))


def assessment_page(request: HttpRequest, assessment: Assessment, replayed: Replay | None) -> HttpResponse:
    visit = assessment.revision.visit
    protocol = protocol_of(assessment.version)
    every = list(assessments_of(visit))
    checks = edit_check_texts(protocol, assessment.revision)
    document = assessment.revision.document
    now = outlook(protocol, document)
    found = with_checks(verdict_groups(assessment, protocol, now), checks)
    texts = [text for group in found for text in group.verdicts]
    context = {
        "assessment": assessment,
        "visit": visit,
        "mark": mark_of(visit),
        "latest_number": visit.latest_revision().number,
        "newest": every[0],
        "is_latest": assessment == every[0],
        "others": [other for other in every if other != assessment],
        "compared": assessment_comparison(assessment, [each for each in every if each.pk < assessment.pk]),
        "reassessment": available_reassessment(visit),
        "groups": found,
        "missing": missing_places(found),
        "final": now.final,
        "retested": [text for text in texts if text.retests],
        "beside": [text for text in texts if text.offsets],
        "ages": finding_ages_text(protocol, document),
        "checks": checks,
        "places": enrolment_places(visit.subject.trial),
        "decided": signature_history(visit.subject, [visit]).for_assessment(assessment),
        "replayed": replayed,
        **page_rights(request, "enter", "assess", "enrol", "replay"),
    }
    return render(request, "screening/eligibility/assessment.html", context)
