"""Adapters for django-allauth: requirements of a login, and encryption of secrets."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms as allauth_forms
from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from screening.access import secrets
from screening.access.attempts import attempt_as, is_locked, record_access, settle_attempt
from screening.access.sessions import BEGUN_AT
from screening.models import AccessKind
from screening.submissions.keys import refuse_repeated

FRESH_LOGIN_SECONDS = 5 * 60  # seconds
SET_UP_PAGES = {"mfa_activate_totp", "mfa_view_recovery_codes"}
LOCKED_MESSAGE = _("Too many failed attempts. Wait a quarter of an hour, or ask whoever keeps the accounts.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": LOCKED_MESSAGE,
        "username_password_mismatch": _("Incorrect user name or password."),
        "incorrect_password": _("Incorrect password. The failed attempt was logged."),
    }

    def get_login_stages(self) -> list[str]:
        own = {"allauth.mfa.stages.AuthenticateStage": "screening.access.second_factor.CodeStage"}
        return [own.get(stage, stage) for stage in super().get_login_stages()]

    def is_ajax(self, request: HttpRequest) -> bool:
        """Return False: no page of this application uses it.

        The answer to such a request would send back the password that was entered.
        """
        return False

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Check the password and record a failed attempt; refuse where the name or address is locked.

        The slow check of the password comes before the count, so that many attempts at once are no more than
        one after another.
        """
        attempt = attempt_as(credentials.get("username", ""), request)
        if is_locked(attempt):
            record_access(attempt, AccessKind.LOCKED)
            raise self.validation_error("too_many_login_attempts")
        found: Any = super().authenticate(request, **credentials)
        if settle_attempt(attempt, found is not None, AccessKind.PASSWORD) == AccessKind.LOCKED:
            raise self.validation_error("too_many_login_attempts")
        return found

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Return whether the password must be entered again.

        It need not be on a set-up page just after the login, which asked for the password; a second factor is
        never removed without it.
        """
        page = self.request.resolver_match.view_name
        is_fresh = page in SET_UP_PAGES and time.time() - self.request.session.get(BEGUN_AT, 0) < FRESH_LOGIN_SECONDS
        return not is_fresh and bool(super().is_reauthentication_required(app=app, **kwargs))

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Add nothing: the pages of this application report what was done themselves."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send no mail: no e-mail address is stored."""


class PasswordForm(ChangePasswordForm):
    """A change of password, in which a wrong current password counts as a failed attempt like one at the login."""

    def clean_oldpassword(self) -> str:
        refuse_repeated()  # or the password that it changed itself would count as a failed attempt
        typed: str = self.cleaned_data["oldpassword"]
        adapter = AccountAdapter(context.request)
        if not adapter.reauthenticate(self.user, typed):
            raise adapter.validation_error("incorrect_password")
        return typed


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is wrong, or was used already: wait for the next one."),
    }

    def get_totp_issuer(self) -> str:
        return "trialsite"

    def encrypt(self, text: str) -> str:
        return secrets.encrypt_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.decrypt_secret(encrypted_text)


class CodeForm(allauth_forms.AuthenticateForm):
    """The code at the login: a wrong one counts as a failed attempt as a wrong password does."""

    def clean_code(self) -> str:
        request = context.request
        attempt = attempt_as(self.user.get_username(), request)
        adapter = AccountAdapter(request)
        if is_locked(attempt):
            record_access(attempt, AccessKind.LOCKED)
            raise adapter.validation_error("too_many_login_attempts")
        wrong = None
        try:
            code: str = super().clean_code()
        except forms.ValidationError as error:
            wrong, code = error, ""
        if settle_attempt(attempt, wrong is None, AccessKind.CODE) == AccessKind.LOCKED:
            raise adapter.validation_error("too_many_login_attempts")
        if wrong:
            raise wrong
        return code
