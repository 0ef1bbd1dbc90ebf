from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

UNAUTHORIZED = 401

CLOSED_DOORS = {
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def closed_doors(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """On every answer, files too: no device of the reader is asked for, and no other site may embed what is sent."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in CLOSED_DOORS.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def no_store(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Keeps pages out of every cache: a shared computer must not show a person's data after logging out."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        return response

    return middleware


class LoginRequired(LoginRequiredMiddleware):
    """Sends whoever is not logged in to the login page, but tells a script so: it would swap that page into its own."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        if getattr(request, "htmx", False):
            return HttpResponse(_("You are not logged in."), status=UNAUTHORIZED, content_type="text/plain")
        return super().handle_no_permission(request, view_func)
