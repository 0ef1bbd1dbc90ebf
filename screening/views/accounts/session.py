"""How long the session still lasts, for the page that warns; and going on with it."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_http_methods

from screening.access.sessions import keep_alive, left


@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    if request.method == "POST":
        keep_alive(request)
    return JsonResponse(left(request)._asdict())
