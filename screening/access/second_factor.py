"""The step between password and code: a login that waits for the second factor."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.http import HttpRequest

from screening.access import second_factor

TYPED = "typed_password"  # in the state of the stage: what tells that the password is still the one that was typed


class CodeStage(AuthenticateStage):
    """Void once the account was deactivated or got another password: what was typed before it lets nobody in."""

    def handle(self) -> Any:
        if self.login.user is not None:
            self.state[TYPED] = self.login.user.get_session_auth_hash()
        return super().handle()

    def is_resumable(self, request: HttpRequest) -> bool:
        """Without a second factor its page could only lead back to the login."""
        return self.holds() and second_factor.has_one(self.login.user.pk)

    def exit(self) -> Any:
        return super().exit() if self.holds() else self.abort()

    def holds(self) -> bool:
        user = self.login.user
        return user is not None and user.is_active and self.state.get(TYPED) == user.get_session_auth_hash()


def is_missing(request: HttpRequest) -> bool:
    """Whether one is required and the person has none."""
    return settings.SECOND_FACTOR_REQUIRED and not has_one(request.user.pk)


def has_one(account: int | None) -> bool:
    return Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists()


def remove(account: int) -> None:
    """All of it, recovery codes too; the next login asks to set it up anew. `recording` takes a deletion with signals
    for one by the account's own person."""
    rows = Authenticator.objects.filter(user=account)
    rows._raw_delete(rows.db)
