"""Session limits: an idle time and an absolute time.

The server's clock decides.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from math import ceil
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from screening.models import AccessKind

BEGUN_AT, SEEN_AT = "begun_at", "seen_at"  # in the session, in seconds
SEEN_INTERVAL = 60  # seconds within which being seen again is not written down
UNATTENDED_PAGES = {"screening:session", "screening:simulation-progress"}  # what a page asks by itself


class SessionTimeLeft(NamedTuple):
    """Seconds until a session ends, and whether activity can extend it."""

    seconds: int
    extendable: bool


def session_time_left(request: HttpRequest) -> SessionTimeLeft:
    """Return the time left of a session.

    It is zero where the session does not say when it began: it must not go on for ever.
    """
    now, session = time.time(), request.session
    idle = session.get(SEEN_AT, 0) + settings.SESSION_IDLE_SECONDS - now
    whole = session.get(BEGUN_AT, 0) + settings.SESSION_LONGEST_SECONDS - now
    return SessionTimeLeft(max(0, ceil(min(idle, whole))), idle <= whole)


def keep_alive(request: HttpRequest) -> None:
    request.session[SEEN_AT] = int(time.time())


class SessionLimits:
    """Middleware that logs out expired sessions before a view is chosen.

    The user is then asked to log in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and session_time_left(request).seconds == 0:
            request.logout_kind = AccessKind.EXPIRED  # type: ignore[attr-defined]
            logout(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        attended = request.resolver_match is None or request.resolver_match.view_name not in UNATTENDED_PAGES
        if request.user.is_authenticated and attended and time.time() - request.session.get(SEEN_AT, 0) > SEEN_INTERVAL:
            keep_alive(request)


def end_sessions(account: User) -> None:
    """Delete the sessions of an account.

    The account is stored inside the session, so every unexpired session is read: a site has few.
    """
    own = str(account.pk)
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == own:
            session.delete()
