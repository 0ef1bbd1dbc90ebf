"""Assessing a visit, and reading the verdicts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument
from screening.access.permissions import allowed
from screening.amendments.transition import offer_for
from screening.crf.rows import whole
from screening.eligibility.assess import assess
from screening.eligibility.replay import Replay, replay
from screening.exceptions import Superseded
from screening.models import Assessment
from screening.review.enrol import places
from screening.views.cards.comparison import compared
from screening.views.cards.edit_checks import implausible
from screening.views.cards.signatures import decided
from screening.views.cards.verdicts import groups, missing_places
from screening.views.shared.lookup import assessment_or_404, author_of, on_record, revision_or_404, visit_or_404
from screening.worklist.listing import assessments_of


@require_http_methods(["GET", "HEAD", "POST"])
def visit_assess(request: HttpRequest, pk: int) -> HttpResponse:
    visit = visit_or_404(pk)
    if request.method != "POST":
        return redirect("screening:visit", visit.pk)  # where a login leads after the session ended at this button
    revision = revision_or_404(visit, whole(request.POST.get("revision")) or 0)
    try:
        with on_record(request, visit):
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
    return page(request, assessment_or_404(pk), None)


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_replay(request: HttpRequest, pk: int) -> HttpResponse:
    assessment = assessment_or_404(pk)
    if request.method != "POST":
        return redirect("screening:assessment", assessment.pk)
    return page(request, assessment, replay(assessment))


def page(request: HttpRequest, assessment: Assessment, replayed: Replay | None) -> HttpResponse:
    visit = assessment.revision.visit
    protocol = protocol_of(assessment.version)
    every = list(assessments_of(visit))
    found = groups(assessment, protocol)
    context = {
        "assessment": assessment,
        "visit": visit,
        "latest_number": visit.latest_revision().number,
        "newest": every[0],
        "is_latest": assessment == every[0],
        "others": [other for other in every if other != assessment],
        "compared": compared(assessment, [each for each in every if each.pk < assessment.pk]),
        "offer": offer_for(visit),
        "groups": found,
        "missing": missing_places(found),
        "retested": [text for group in found for text in group.verdicts if text.retests],
        "implausible": implausible(protocol.vocabulary, assessment.revision),
        "places": places(visit.subject.trial),
        "decided": decided(visit.subject, [visit]).on(assessment),
        "replayed": replayed,
        **allowed(request.user, "enter", "assess", "enrol", "replay"),
    }
    return render(request, "screening/eligibility/assessment.html", context)
