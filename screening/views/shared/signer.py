"""What a signature is made with: the password each time, and at the first of a session the user name too (11.200)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import gettext as _

from screening.access.accounts import printed_name, unconfirmed_access
from screening.access.permissions import ROLES
from screening.models import Revision
from screening.review.decide import close_case
from screening.views.shared.lookup import author_of

SIGNED = "has_signed"  # in the session, which a time-out ends; templates ask it for the user name


def signer_of(user: User) -> dict[str, Any]:
    """What a form of signing tells about who would sign: name and role as printed, and what still stands in the way."""
    return {
        "signer": printed_name(user),
        "role": ROLES["investigator"],
        "unconfirmed": unconfirmed_access(user),
    }


def password_of(request: HttpRequest) -> str:
    """What was typed as the password; nothing, which fits nobody, where the user name had to be typed and does not."""
    named = request.POST.get("user_name", "").strip() == author_of(request).get_username()
    return request.POST.get("password", "") if named or request.session.get(SIGNED) else ""


def ask_name(request: HttpRequest, form: Form) -> None:
    """Takes the user name out of a form that need not ask it."""
    if request.session.get(SIGNED):
        form.fields.pop("user_name", None)


def has_signed(request: HttpRequest) -> None:
    request.session[SIGNED] = True


def sign_closure(request: HttpRequest, revision: Revision, typed: dict[str, str]) -> str:
    closure = close_case(revision, author_of(request), password_of(request), typed["reason"], typed["comment"])
    has_signed(request)
    return _("Signed: not enrolled for another reason (%(reason)s).") % {"reason": closure.get_reason_display()}
