"""What Django and django-allauth tell of logins and of second factors, put on record."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_used
from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest
from django.utils.translation import gettext as _, ngettext

from screening.access.accounts import record
from screening.access.attempts import Attempt, client_address, failures_since_login, key_of, tell
from screening.access.sessions import BEGUN, SEEN
from screening.models import AccessKind, AccountStep


def connect() -> None:
    user_logged_in.connect(logged_in)
    user_logged_out.connect(logged_out)
    password_changed.connect(changed_password)
    authenticator_used.connect(used)
    post_save.connect(added, sender=Authenticator)
    post_delete.connect(removed, sender=Authenticator)


def logged_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    request.session[BEGUN] = request.session[SEEN] = int(time.time())
    if failed := failures_since_login(user):
        text = ngettext(
            "%d attempt to log in with your name failed since you were here last: see your account.",
            "%d attempts to log in with your name failed since you were here last: see your account.",
            failed,
        )
        messages.warning(request, text % failed, fail_silently=True)  # no page is shown by a command or a test's client
    tell(attempt_of(user, request), AccessKind.LOGIN)


def logged_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        tell(attempt_of(user, request), getattr(request, "logout_kind", AccessKind.LOGOUT))


def attempt_of(user: User, request: HttpRequest) -> Attempt:
    return Attempt(user, key_of(user.get_username()), client_address(request))


def changed_password(request: HttpRequest, user: User, **kwargs: Any) -> None:
    record(user, AccountStep.PASSWORD, user)
    messages.success(request, _("The password was changed; your sessions elsewhere have ended."), fail_silently=True)


def used(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        record(user, AccountStep.RECOVERY, user)


def added(instance: Authenticator, created: bool, **kwargs: Any) -> None:
    """In the transaction that adds it; django-allauth's own signals come after that."""
    if created:
        is_factor = instance.type == Authenticator.Type.TOTP
        record(instance.user, AccountStep.FACTOR if is_factor else AccountStep.CODES, instance.user)


def removed(instance: Authenticator, **kwargs: Any) -> None:
    if instance.type == Authenticator.Type.TOTP:
        record(instance.user, AccountStep.FACTOR_REMOVED, instance.user)
