"""How long a session lasts: so long without anything done in it, and so long at all. The server's clock decides."""

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

BEGUN, SEEN = "begun_at", "seen_at"  # in the session, in seconds
SPARING = 60  # seconds within which being seen again is not written down
UNATTENDED = {"screening:session", "screening:simulation-progress"}  # what a page asks by itself


class Left(NamedTuple):
    """Seconds until a session ends, and whether going on can put that off."""

    seconds: int
    extendable: bool


def left(request: HttpRequest) -> Left:
    """Nothing where the session does not say when it began: it must not go on for ever."""
    now, session = time.time(), request.session
    idle = session.get(SEEN, 0) + settings.SESSION_IDLE_SECONDS - now
    whole = session.get(BEGUN, 0) + settings.SESSION_LONGEST_SECONDS - now
    return Left(max(0, ceil(min(idle, whole))), idle <= whole)


def keep_alive(request: HttpRequest) -> None:
    request.session[SEEN] = int(time.time())


class SessionLimits:
    """Logs out whoever comes back too late, before a view is chosen; what is asked of them then is to log in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and left(request).seconds == 0:
            request.logout_kind = AccessKind.EXPIRED  # type: ignore[attr-defined]
            logout(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        attended = request.resolver_match is None or request.resolver_match.view_name not in UNATTENDED
        if request.user.is_authenticated and attended and time.time() - request.session.get(SEEN, 0) > SPARING:
            keep_alive(request)


def end_sessions(account: User) -> None:
    """Whose a session is stands inside it, so all that last are read: a site has few."""
    own = str(account.pk)
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == own:
            session.delete()
