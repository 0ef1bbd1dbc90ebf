"""Answer a check of the visit's latest revision: keep what it asks about, with a reason."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument
from screening.views.shared.lookup import author_of, posted_values, record_refusals, visit_or_404
from screening.views.shared.rejected_form import rejected_form
from screening.views.visits.visit import visit_page
from screening.visits.edit_checks import answer_check


@require_http_methods(["GET", "HEAD", "POST"])
def visit_answer_check(request: HttpRequest, pk: int) -> HttpResponse:
    visit = visit_or_404(pk)
    address = reverse("screening:visit", args=[visit.pk])
    if request.method != "POST":
        return redirect(address)
    typed = posted_values(request, "key", "reason")
    try:
        with record_refusals(request, visit):
            answer_check(visit, typed["key"], typed["reason"], author_of(request))
    except (Refused, BadDocument) as why:
        refused = rejected_form("check", typed, why, about=typed["key"])
        if refused.message:
            messages.error(request, refused.message)
            return redirect(address)
        return visit_page(request, visit, refused, HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("Kept, with your reason."))
    return redirect(f"{address}#checks")
