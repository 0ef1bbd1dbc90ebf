"""The components of a signature: the password each time, and first in a session the user name too (11.200)."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import gettext as _

from screening.access.accounts import printed_name, unconfirmed_access
from screening.access.permissions import signing_role
from screening.access.trials import access_of
from screening.models import Revision
from screening.review.decide import close_case
from screening.views.shared.lookup import author_of

SIGNED = "has_signed"  # in the session, which a time-out ends; templates ask it for the user name


def signer_of(request: HttpRequest) -> dict[str, Any]:
    """Return what a signing form shows of the signer.

    Name and role as printed, and what still prevents signing.
    """
    user = author_of(request)
    return {
        "signer": printed_name(user),
        "role": signing_role(access_of(request).roles_here()),
        "unconfirmed": unconfirmed_access(user),
    }


def password_of(request: HttpRequest) -> str:
    """Return the posted password.

    Empty, which fits nobody, where the user name was required and does not match.
    """
    named = request.POST.get("user_name", "").strip() == author_of(request).get_username()
    return request.POST.get("password", "") if named or request.session.get(SIGNED) else ""


def drop_user_name(request: HttpRequest, form: Form) -> None:
    """Remove the user name from a form that need not ask it."""
    if request.session.get(SIGNED):
        form.fields.pop("user_name", None)


def remember_signing(request: HttpRequest) -> None:
    request.session[SIGNED] = True


def sign_closure(request: HttpRequest, revision: Revision, typed: dict[str, str]) -> str:
    closure = close_case(revision, author_of(request), password_of(request), typed["reason"], typed["comment"])
    remember_signing(request)
    return _("Signed: not enrolled for another reason (%(reason)s).") % {"reason": closure.get_reason_display()}
