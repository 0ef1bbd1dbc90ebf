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
from screening.audit import export_trail, record_review, trail_page
from screening.audit.filters import described
from screening.audit.reviews import record_opening
from screening.views.audit.forms import ReviewForm, TrailForm
from screening.views.shared.lookup import author_of, on_record

OPENED = "trail_opened"  # in the session: opening the trail is recorded once in each


@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    if not request.session.get(OPENED):
        request.session[OPENED] = True
        record_opening(author_of(request), client_address(request))
    return trail_shown(request, ReviewForm())


@require_GET
def trail_export(request: HttpRequest) -> HttpResponseBase:
    """A filter that makes no sense exports nothing: who takes a file away must know what is in it."""
    form = TrailForm(request.GET)
    if not form.is_valid():
        messages.error(request, _("Nothing was exported: part of the filter makes no sense."))
        return redirect(f"{reverse('screening:trail')}?{request.GET.urlencode()}")
    file = export_trail(form.chosen(), author_of(request))
    disposition = content_disposition_header(True, file.name) or ""
    return StreamingHttpResponse(file.content, file.content_type, headers={"Content-Disposition": disposition})


@require_http_methods(["GET", "HEAD", "POST"])
def trail_review(request: HttpRequest) -> HttpResponse:
    """Of what the address filters. A GET, where a login leads on, records nothing."""
    address = f"{reverse('screening:trail')}?{request.GET.urlencode()}"
    filters = TrailForm(request.GET)
    if request.method != "POST" or not filters.is_valid():
        return redirect(address)
    form = ReviewForm(request.POST)
    if form.is_valid():
        try:
            with on_record(request):
                made = record_review(filters.chosen(), form.cleaned_data["remark"], author_of(request))
        except BadDocument as bad:
            for fault in bad.faults:
                form.add_error("remark", fault.message)
        else:
            messages.success(request, _("Your review of %d entries is on record.") % made.entries)
            return redirect(address)
    return trail_shown(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def trail_shown(request: HttpRequest, review: ReviewForm, status: int = 200) -> HttpResponse:
    form = TrailForm(request.GET)
    chosen = form.chosen()
    found = trail_page(chosen, request.GET.get("page"))
    context = {
        "form": form,
        "review": review,
        "entries": found.entries,
        "previous": found.previous and form.address(page=found.previous),
        "next": found.next and form.address(page=found.next),
        "filters": described(chosen),
        "export": reverse("screening:trail-export") + form.address(),
        "review_address": reverse("screening:trail-review") + form.address(),
    }
    return render(request, "screening/audit/page.html", context, status=status)
