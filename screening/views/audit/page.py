"""The audit trail: one page that searches and exports it, and records who reviewed what of it."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from criteria.vocabulary import BadDocument
from screening.access.attempts import client_address
from screening.access.trials import access_of
from screening.audit import audit_trail_page, export_audit_trail, record_review
from screening.audit.filters import trail_filter_text
from screening.audit.reviews import record_opening
from screening.views.audit.forms import AuditReviewForm, AuditTrailForm
from screening.views.shared.lookup import author_of, record_refusals

OPENED_SESSION_KEY = "trail_opened"  # in the session: opening the trail is recorded once in each


@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    if not request.session.get(OPENED_SESSION_KEY):
        request.session[OPENED_SESSION_KEY] = True
        record_opening(author_of(request), client_address(request))
    return render_audit_trail(request, AuditReviewForm())


@require_GET
def trail_export(request: HttpRequest) -> HttpResponseBase:
    """Export the filtered audit trail.

    An invalid filter exports nothing: whoever takes a file away must know what is in it.
    """
    form = AuditTrailForm(request.GET)
    if not form.is_valid():
        messages.error(request, _("Nothing was exported: part of the filter makes no sense."))
        return redirect(f"{reverse('screening:trail')}?{request.GET.urlencode()}")
    file = export_audit_trail(form.selected_filter(access_of(request)), author_of(request))
    disposition = content_disposition_header(True, file.name) or ""
    return StreamingHttpResponse(file.content, file.content_type, headers={"Content-Disposition": disposition})


@require_http_methods(["GET", "HEAD", "POST"])
def trail_review(request: HttpRequest) -> HttpResponse:
    """Record a review of the part of the audit trail that the address filters.

    A GET, to which a login leads back, records nothing.
    """
    address = f"{reverse('screening:trail')}?{request.GET.urlencode()}"
    filters = AuditTrailForm(request.GET)
    if request.method != "POST" or not filters.is_valid():
        return redirect(address)
    form = AuditReviewForm(request.POST)
    if form.is_valid():
        try:
            with record_refusals(request):
                made = record_review(
                    filters.selected_filter(access_of(request)), form.cleaned_data["remark"], author_of(request)
                )
        except BadDocument as bad:
            for fault in bad.faults:
                form.add_error("remark", fault.message)
        else:
            messages.success(request, _("Your review of %d entries is on record.") % made.entries)
            return redirect(address)
    return render_audit_trail(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def render_audit_trail(request: HttpRequest, review: AuditReviewForm, status: int = 200) -> HttpResponse:
    form = AuditTrailForm(request.GET)
    chosen = form.selected_filter(access_of(request))
    found = audit_trail_page(chosen, request.GET.get("page"))
    context = {
        "form": form,
        "review": review,
        "entries": found.entries,
        "previous": found.previous and form.address(page=found.previous),
        "next": found.next and form.address(page=found.next),
        "filters": trail_filter_text(chosen),
        "export": reverse("screening:trail-export") + form.address(),
        "review_address": reverse("screening:trail-review") + form.address(),
    }
    return render(request, "screening/audit/page.html", context, status=status)
