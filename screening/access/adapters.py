"""Where django-allauth asks this application: what a login needs, and how secrets are kept."""

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
from screening.access.attempts import attempt_as, is_locked, settle, tell
from screening.access.sessions import BEGUN
from screening.models import AccessKind

FRESH = 5 * 60  # seconds
SET_UP = {"mfa_activate_totp", "mfa_view_recovery_codes"}
LOCKED = _("Too many attempts failed. Wait a quarter of an hour, or ask whoever keeps the accounts.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": LOCKED,
        "username_password_mismatch": _("This user name and password do not fit together."),
        "incorrect_password": _("The password is wrong. The attempt was recorded."),
    }

    def get_login_stages(self) -> list[str]:
        own = {"allauth.mfa.stages.AuthenticateStage": "screening.access.second_factor.CodeStage"}
        return [own.get(stage, stage) for stage in super().get_login_stages()]

    def is_ajax(self, request: HttpRequest) -> bool:
        """No page of ours asks for that; its answer would send back the password that was typed."""
        return False

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The slow check of the password comes first, then the count: as many at once as one after another."""
        attempt = attempt_as(credentials.get("username", ""), request)
        if is_locked(attempt):
            tell(attempt, AccessKind.LOCKED)
            raise self.validation_error("too_many_login_attempts")
        found: Any = super().authenticate(request, **credentials)
        if settle(attempt, found is not None, AccessKind.PASSWORD) == AccessKind.LOCKED:
            raise self.validation_error("too_many_login_attempts")
        return found

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not of who has just logged in and sets it up, for that took the password; what is there is never taken away
        without it."""
        page = self.request.resolver_match.view_name
        is_fresh = page in SET_UP and time.time() - self.request.session.get(BEGUN, 0) < FRESH
        return not is_fresh and bool(super().is_reauthentication_required(app=app, **kwargs))

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Pages of this application say themselves what was done."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail: no address of anybody is kept."""


class PasswordForm(ChangePasswordForm):
    """Another password: a wrong present one counts as one at the login does."""

    def clean_oldpassword(self) -> str:
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
        return secrets.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.decrypt(encrypted_text)


class CodeForm(allauth_forms.AuthenticateForm):
    """The code at the login: a wrong one counts as a wrong password does."""

    def clean_code(self) -> str:
        request = context.request
        attempt = attempt_as(self.user.get_username(), request)
        adapter = AccountAdapter(request)
        if is_locked(attempt):
            tell(attempt, AccessKind.LOCKED)
            raise adapter.validation_error("too_many_login_attempts")
        wrong = None
        try:
            code: str = super().clean_code()
        except forms.ValidationError as error:
            wrong, code = error, ""
        if settle(attempt, wrong is None, AccessKind.CODE) == AccessKind.LOCKED:
            raise adapter.validation_error("too_many_login_attempts")
        if wrong:
            raise wrong
        return code
