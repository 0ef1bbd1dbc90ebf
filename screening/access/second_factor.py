"""The login step between password and code: a login that waits for the second factor."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.http import HttpRequest

from screening.access import second_factor

HASH_KEY = "typed_password"  # in the state of the stage: tells that the password is still the one that was entered


class CodeStage(AuthenticateStage):
    """The stage that asks for the code.

    It is void once the account was deactivated or got another password: a password entered before that is not
    accepted.
    """

    def handle(self) -> Any:
        if self.login.user is not None:
            self.state[HASH_KEY] = self.login.user.get_session_auth_hash()
        return super().handle()

    def is_resumable(self, request: HttpRequest) -> bool:
        """Return whether the login can be resumed.

        Without a second factor the page could only lead back to the login.
        """
        return self.holds() and second_factor.has_second_factor(self.login.user.pk)

    def exit(self) -> Any:
        return super().exit() if self.holds() else self.abort()

    def holds(self) -> bool:
        user = self.login.user
        return user is not None and user.is_active and self.state.get(HASH_KEY) == user.get_session_auth_hash()


def is_second_factor_missing(request: HttpRequest) -> bool:
    """Return whether a second factor is required and the user has none."""
    return settings.SECOND_FACTOR_REQUIRED and not has_second_factor(request.user.pk)


def has_second_factor(account: int | None) -> bool:
    return Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists()


def remove_second_factor(account: int) -> None:
    """Remove the second factor, recovery codes included; the next login asks to set it up again.

    The deletion sends no signals: `screening.access.recording` would record it as one by the account's own
    user.
    """
    rows = Authenticator.objects.filter(user=account)
    rows._raw_delete(rows.db)
