"""What Django and django-allauth tell of logins and of second factors, put on record."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from screening.access.accounts import record
from screening.access.attempts import Attempt, client_address, key_of, tell
from screening.access.second_factor import PRESENT
from screening.access.session_limits import BEGUN, SEEN
from screening.models import AccessKind, AccountStep


def connect() -> None:
    user_logged_in.connect(logged_in)
    user_logged_out.connect(logged_out)
    password_changed.connect(changed_password)
    authenticator_added.connect(added)
    authenticator_removed.connect(removed)
    authenticator_reset.connect(renewed)


def logged_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    request.session[BEGUN] = request.session[SEEN] = int(time.time())
    tell(attempt_of(user, request), AccessKind.LOGIN)


def logged_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        tell(attempt_of(user, request), getattr(request, "logout_kind", AccessKind.LOGOUT))


def attempt_of(user: User, request: HttpRequest) -> Attempt:
    return Attempt(user, key_of(user.get_username()), client_address(request))


def changed_password(request: HttpRequest, user: User, **kwargs: Any) -> None:
    record(user, AccountStep.PASSWORD, user)


def added(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    is_factor = authenticator.type == Authenticator.Type.TOTP
    record(user, AccountStep.FACTOR if is_factor else AccountStep.CODES, user)


def removed(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        request.session.pop(PRESENT, None)
        record(user, AccountStep.FACTOR_REMOVED, user)


def renewed(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    record(user, AccountStep.CODES, user)
