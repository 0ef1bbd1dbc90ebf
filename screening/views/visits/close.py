"""Close a case from the page of its visit, assessed or not."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument
from screening.crf.rows import whole_number
from screening.views.shared.lookup import posted_values, record_refusals, revision_or_404, visit_or_404
from screening.views.shared.rejected_form import rejected_form
from screening.views.shared.signer import sign_closure
from screening.views.visits.visit import visit_page


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def visit_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the case from the page of the visit, by the revision that was shown there.

    This is possible for a subject who was not assessed, too.
    """
    visit = visit_or_404(pk)
    address = reverse("screening:visit", args=[visit.pk])
    if request.method != "POST":
        return redirect(address)
    revision = revision_or_404(visit, whole_number(request.POST.get("revision")) or 0)
    typed = posted_values(request, "reason", "comment")
    try:
        with record_refusals(request, visit):
            message = sign_closure(request, revision, typed)
    except (Refused, BadDocument) as why:
        return visit_page(request, visit, rejected_form("close", typed, why), HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, message)
    return redirect(f"{address}#decided")
