"""People with passwords and second factors, and what they send to get in."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from screening.access import secrets

PASSWORD = "correct horse battery"
LOGIN = reverse("account_login")
CODE = reverse("mfa_authenticate")


def with_password(user: User, password: str = PASSWORD) -> User:
    user.set_password(password)
    user.save()
    return user


def with_second_factor(user: User) -> User:
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    return user


def code_of(user: User, steps: int = 0) -> str:
    """What the authenticator shows now, or so many half minutes later."""
    kept = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    return format_hotp_value(hotp_value(secrets.decrypt_secret(kept.data["secret"]), int(time.time()) // 30 + steps))


def recovery_code_of(user: User) -> str:
    kept = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    return str(kept.wrap().get_unused_codes()[0])


def type_password(client: Client, name: str = "li.na", password: str = PASSWORD, **more: Any) -> Any:
    return client.post(LOGIN, {"login": name, "password": password}, **more)


def type_code(client: Client, code: str) -> Any:
    return client.post(CODE, {"code": code})


def is_in(client: Client) -> bool:
    """Whether pages are open to this browser."""
    return bool(client.get("/").status_code == 200)


def logged_in(user: User) -> Client:
    """A browser that went through password and code."""
    client = Client()
    type_password(client, user.get_username())
    type_code(client, code_of(user))
    return client
