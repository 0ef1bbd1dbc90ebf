"""The remaining time of the session, for the page that warns, and its extension."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_http_methods

from screening.access.sessions import keep_alive, session_time_left


@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    if request.method == "POST":
        keep_alive(request)
    return JsonResponse(session_time_left(request)._asdict())
