"""The answer to a request for which the user has no right; the denial is recorded."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from screening.access.attempts import client_address
from screening.models import AccessEvent, AccessKind

MAX_PLACE_LENGTH = 100
DENIAL_INTERVAL = timedelta(minutes=1)


def deny_access(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(request.user, User):
        record_denial(request.user, requested_place(request), client_address(request))
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN)


def requested_place(request: HttpRequest) -> str:
    """Return the page with the numbers and codes of its address; empty if the address fits no page."""
    found = request.resolver_match
    return " ".join([found.view_name, *map(str, found.kwargs.values())])[:MAX_PLACE_LENGTH] if found else ""


def record_denial(user: User, place: str, address: str) -> None:
    """Record the denial, once a minute for each page: repeated requests must not fill the records."""
    since = timezone.now() - DENIAL_INTERVAL
    same = AccessEvent.objects.filter(created_by=user, created_at__gt=since, kind=AccessKind.DENIED, place=place)
    if not same.exists():
        AccessEvent.objects.create(created_by=user, kind=AccessKind.DENIED, place=place, address=address)
