from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

UPLOAD_PAGES = {"screening:amendment-file", "screening:definition-preview"}

CLOSED_DOORS = {
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def closed_doors(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Add the headers of `CLOSED_DOORS` to every response, files included.

    No device of the reader is asked for, and no other site may embed what is sent.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in CLOSED_DOORS.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def no_store(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Keep pages out of every cache.

    A shared computer must not show a subject's data after the logout.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        return response

    return middleware


class Uploads:
    """Middleware that refuses a body that is too large before any of it is read.

    A file is kept only where a page accepts one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *args: Any) -> HttpResponse | None:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if (sent := body_length(request)) > most:
            return render(request, "413.html", {"sent": sent, "most": most}, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if request.resolver_match and request.resolver_match.view_name in UPLOAD_PAGES:
            request.upload_handlers = [MemoryFileUploadHandler(request)]
        return None


def body_length(request: HttpRequest) -> int:
    """Return the announced bytes of the body, which is all that Django will read of it."""
    try:
        return int(request.META.get("CONTENT_LENGTH", 0))
    except ValueError:
        return 0


class LoginRequired(LoginRequiredMiddleware):
    """Middleware that sends users who are not logged in to the login page.

    A script gets 401 instead, because it would insert that page into its own.
    """

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        if getattr(request, "htmx", False):
            return HttpResponse(_("You are not logged in."), status=HTTPStatus.UNAUTHORIZED, content_type="text/plain")
        return super().handle_no_permission(request, view_func)
