"""Signals of Django and django-allauth about logins and second factors, recorded."""

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

from screening.access.accounts import record_account_change
from screening.access.attempts import LoginAttempt, client_address, failures_since_login, name_key_of, record_access
from screening.access.sessions import BEGUN_AT, SEEN_AT
from screening.models import AccessKind, AccountStep


def connect_signals() -> None:
    user_logged_in.connect(record_login)
    user_logged_out.connect(record_logout)
    password_changed.connect(record_password_change)
    authenticator_used.connect(record_recovery_code)
    post_save.connect(record_factor_setup, sender=Authenticator)
    post_delete.connect(record_factor_removal, sender=Authenticator)


def record_login(request: HttpRequest, user: User, **kwargs: Any) -> None:
    request.session[BEGUN_AT] = request.session[SEEN_AT] = int(time.time())
    if failed := failures_since_login(user):
        text = ngettext(
            "%d attempt to log in with your name failed since you were here last: see your account.",
            "%d attempts to log in with your name failed since you were here last: see your account.",
            failed,
        )
        messages.warning(request, text % failed, fail_silently=True)  # no page is shown by a command or a test's client
    record_access(attempt_of(user, request), AccessKind.LOGIN)


def record_logout(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        record_access(attempt_of(user, request), getattr(request, "logout_kind", AccessKind.LOGOUT))


def attempt_of(user: User, request: HttpRequest) -> LoginAttempt:
    return LoginAttempt(user, name_key_of(user.get_username()), client_address(request))


def record_password_change(request: HttpRequest, user: User, **kwargs: Any) -> None:
    record_account_change(user, AccountStep.PASSWORD, user)
    messages.success(request, _("The password was changed; your sessions elsewhere have ended."), fail_silently=True)


def record_recovery_code(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        record_account_change(user, AccountStep.RECOVERY, user)


def record_factor_setup(instance: Authenticator, created: bool, **kwargs: Any) -> None:
    """Record the set-up of a second factor or of recovery codes.

    It runs in the transaction that adds them; django-allauth's own signals are sent after that.
    """
    if created:
        is_factor = instance.type == Authenticator.Type.TOTP
        record_account_change(instance.user, AccountStep.FACTOR if is_factor else AccountStep.CODES, instance.user)


def record_factor_removal(instance: Authenticator, **kwargs: Any) -> None:
    if instance.type == Authenticator.Type.TOTP:
        record_account_change(instance.user, AccountStep.FACTOR_REMOVED, instance.user)
