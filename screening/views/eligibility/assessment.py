"""Assessment of a visit, and display of its verdicts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument
from screening.access.permissions import permission_flags
from screening.amendments.transition import reassessment_offer
from screening.crf.rows import whole_number
from screening.eligibility.assess import assess
from screening.eligibility.replay import Replay, replay
from screening.exceptions import Superseded
from screening.models import Assessment
from screening.review.enrol import enrolment_places
from screening.views.cards.comparison import assessment_comparison
from screening.views.cards.edit_checks import implausible_values
from screening.views.cards.signatures import signature_history
from screening.views.cards.verdicts import missing_places, verdict_groups
from screening.views.shared.lookup import assessment_or_404, author_of, record_refusals, revision_or_404, visit_or_404
from screening.worklist.listing import assessments_of


@require_http_methods(["GET", "HEAD", "POST"])
def visit_assess(request: HttpRequest, pk: int) -> HttpResponse:
    visit = visit_or_404(pk)
    if request.method != "POST":
        return redirect("screening:visit", visit.pk)  # where a login leads after the session ended at this button
    revision = revision_or_404(visit, whole_number(request.POST.get("revision")) or 0)
    try:
        with record_refusals(request, visit):
            assessment = assess(revision, author_of(request))
    except Superseded as superseded:
        text = _("Revision %(number)s was saved meanwhile. Look at it, then assess again.")
        messages.error(request, text % {"number": superseded.latest.number})
    except BadDocument as bad:
        messages.error(request, _("This visit cannot be assessed: %(faults)s") % {"faults": bad})
    else:
        return redirect("screening:assessment", assessment.pk)
    return redirect("screening:visit", visit.pk)


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
    found = verdict_groups(assessment, protocol)
    context = {
        "assessment": assessment,
        "visit": visit,
        "latest_number": visit.latest_revision().number,
        "newest": every[0],
        "is_latest": assessment == every[0],
        "others": [other for other in every if other != assessment],
        "compared": assessment_comparison(assessment, [each for each in every if each.pk < assessment.pk]),
        "offer": reassessment_offer(visit),
        "groups": found,
        "missing": missing_places(found),
        "retested": [text for group in found for text in group.verdicts if text.retests],
        "implausible": implausible_values(protocol.vocabulary, assessment.revision),
        "places": enrolment_places(visit.subject.trial),
        "decided": signature_history(visit.subject, [visit]).for_assessment(assessment),
        "replayed": replayed,
        **permission_flags(request.user, "enter", "assess", "enrol", "replay"),
    }
    return render(request, "screening/eligibility/assessment.html", context)
