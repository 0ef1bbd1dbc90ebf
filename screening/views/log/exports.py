"""Exports of the log as files.

One holds exactly what the page shows under the same filter, the other the findings of the same subjects without
what identifies them.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from criteria.records.refusal import Refused
from screening.exports import FORMATS, export_log
from screening.exports.deidentified import export_deidentified
from screening.log.filter import LogFilter
from screening.shared.csv import ExportedFile
from screening.views.log.page import log_form
from screening.views.shared.lookup import author_of, record_refusals


@require_GET
def log_export(request: HttpRequest, file_format: str) -> HttpResponseBase:
    if file_format not in FORMATS:
        raise Http404(_("There is no export as %(name)s.") % {"name": file_format})
    return stream_log_export(request, lambda filters: export_log(filters, file_format, author_of(request)))


@require_GET
def deidentified_export(request: HttpRequest) -> HttpResponseBase:
    """Export without identity; refused for a search, because the file would tell whose data it holds."""
    if request.GET.get("search"):
        return redirect_to_log(request, _("De-identified data are not exported for a search: show all first."))
    return stream_log_export(request, lambda filters: export_deidentified(filters, author_of(request)))


def stream_log_export(request: HttpRequest, export: Callable[[LogFilter], ExportedFile]) -> HttpResponseBase:
    """Return the export as a download, or redirect to the page with the reason of a refusal.

    An invalid filter exports nothing: whoever takes a file away must know what is in it.
    """
    form = log_form(request)
    if not form.is_valid():
        return redirect_to_log(request, _("Nothing was exported: part of the filter makes no sense."))
    try:
        with record_refusals(request):
            file = export(form.selected_filter())
    except Refused as refusal:
        return redirect_to_log(request, refusal.message)
    disposition = content_disposition_header(True, file.name) or ""
    return StreamingHttpResponse(file.content, file.content_type, headers={"Content-Disposition": disposition})


def redirect_to_log(request: HttpRequest, message: str) -> HttpResponseBase:
    """Redirect to the page under the same filter, where its faults are named."""
    messages.error(request, message)
    return redirect(f"{reverse('screening:log')}?{request.GET.urlencode()}")
