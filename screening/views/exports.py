"""The log as a file to take away: exactly what its page shows under the same filter."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from criteria.refusal import Refused
from screening.exports import FORMATS, export_log
from screening.views.log import log_form
from screening.views.lookup import author_of, on_record


@require_GET
def log_export(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """A filter that makes no sense exports nothing: who takes a file away must know what is in it."""
    if file_format not in FORMATS:
        raise Http404(_("There is no export as %(name)s.") % {"name": file_format})
    form = log_form(request)
    if not form.is_valid():
        return refused(request, _("Nothing was exported: part of the filter makes no sense."))
    try:
        with on_record(request):
            file = export_log(form.chosen(), file_format, author_of(request))
    except Refused as refusal:
        return refused(request, refusal.message)
    disposition = content_disposition_header(True, file.name) or ""
    return StreamingHttpResponse(file.content, file.content_type, headers={"Content-Disposition": disposition})


def refused(request: HttpRequest, message: str) -> HttpResponseBase:
    """Back to the page under the same filter, where its faults are named."""
    messages.error(request, message)
    return redirect(f"{reverse('screening:log')}?{request.GET.urlencode()}")
