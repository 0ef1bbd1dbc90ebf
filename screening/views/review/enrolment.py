"""Enrolment of a subject whose eligibility was signed."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from criteria.records.refusal import Refused
from criteria.versions.versions import protocol_of
from screening.models import Signature
from screening.review.enrol import enrol, enrolment_places
from screening.signatures.refusals import refuse_enrolment
from screening.views.cards.decisions import blocking_reason
from screening.views.cards.revision_checks import revision_checks_context
from screening.views.cards.signatures import signature_history
from screening.views.shared.lookup import author_of, record_refusals

SIGNATURE_RELATED = (
    "assessment__version",
    "assessment__revision__visit__subject__trial",
    "assessment__revision__visit__status",
)


@require_http_methods(["GET", "HEAD", "POST"])
def signature_enrol(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for confirmation first; only a POST allocates the place."""
    signature = get_object_or_404(Signature.objects.select_related(*SIGNATURE_RELATED), pk=pk)
    visit = signature.assessment.revision.visit
    message, status = "", 200
    if request.method == "POST":
        try:
            with record_refusals(request, visit):
                enrolment = enrol(signature, author_of(request))
        except Refused as refused:
            message, status = refused.message, HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            words = {"who": visit.subject, "number": enrolment.number}
            messages.success(request, _("%(who)s is enrolled under %(number)s.") % words)
            return redirect("screening:visit", visit.pk)
    else:
        message = blocking_reason(lambda: refuse_enrolment(signature, visit.subject))
    assessment = signature.assessment
    context = {
        "signature": signature,
        "visit": visit,
        "decided": signature_history(visit.subject, [visit]).for_assessment(assessment),
        "places": enrolment_places(visit.subject.trial),
        "why_not": message,
        **revision_checks_context(protocol_of(assessment.version), assessment.revision),
    }
    return render(request, "screening/review/enrol.html", context, status=status)
