"""The answer to a request that somebody has no right to, put on record."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from screening.access.attempts import client_address
from screening.models import AccessEvent, AccessKind

LONGEST = 100
ONE_MINUTE = timedelta(minutes=1)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(request.user, User):
        tell(request.user, place_of(request), client_address(request))
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN)


def place_of(request: HttpRequest) -> str:
    """The page with the numbers and codes of its address: what it was about."""
    found = request.resolver_match
    return " ".join([found.view_name, *map(str, found.kwargs.values())])[:LONGEST] if found else ""


def tell(user: User, place: str, address: str) -> None:
    """Once a minute for each page: asking over and over must not fill the records."""
    since = timezone.now() - ONE_MINUTE
    same = AccessEvent.objects.filter(created_by=user, created_at__gt=since, kind=AccessKind.DENIED, place=place)
    if not same.exists():
        AccessEvent.objects.create(created_by=user, kind=AccessKind.DENIED, place=place, address=address)
