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
from screening.crf.rows import whole
from screening.views.shared.lookup import on_record, posted_values, revision_or_404, visit_or_404
from screening.views.shared.rejected_form import refused
from screening.views.shared.signer import sign_closure
from screening.views.visits.visit import visit_page


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def visit_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a person who was not assessed, too: from the page of the visit, by the revision that was shown there."""
    visit = visit_or_404(pk)
    address = reverse("screening:visit", args=[visit.pk])
    if request.method != "POST":
        return redirect(address)
    revision = revision_or_404(visit, whole(request.POST.get("revision")) or 0)
    typed = posted_values(request, "reason", "comment")
    try:
        with on_record(request, visit):
            said = sign_closure(request, revision, typed)
    except (Refused, BadDocument) as why:
        return visit_page(request, visit, refused("close", typed, why), HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, said)
    return redirect(f"{address}#decided")
