from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from screening.access.permissions import ROLES, VERBS, held_by
from screening.access.sessions import left
from screening.review.queue import awaiting


def nonce(request: HttpRequest) -> dict[str, Any]:
    """`csp_nonce`, which every script and stylesheet must carry. Lazy: the policy names it only where a page does."""
    return {"csp_nonce": getattr(request, "csp_nonce", None)}


def site(request: HttpRequest) -> dict[str, Any]:
    """`demonstration`, and there only: `demonstration_accounts`, triples of user name, password and role title."""
    if not settings.DEMONSTRATION:
        return {"demonstration": False}
    accounts = [(name, password, ROLES[role]) for name, password, role in settings.DEMONSTRATION_ACCOUNTS]
    return {"demonstration": True, "demonstration_accounts": accounts}


def access(request: HttpRequest) -> dict[str, Any]:
    """`rights`: what the person may do, by verb; `session_seconds` until the session ends; `waiting_for_review`: how
    many assessments wait, asked where it is shown.
    """
    user = getattr(request, "user", None)  # there is none where a request was refused before anybody was looked up
    if user is None or not user.is_authenticated:
        return {}
    return {
        "rights": SimpleLazyObject(lambda: rights_of(request)),
        "session_seconds": left(request).seconds,
        "waiting_for_review": lambda: awaiting().count(),
    }


def rights_of(request: HttpRequest) -> dict[str, bool]:
    held = held_by(request.user)
    return {verb: bool(roles & held) for verb, roles in VERBS.items()}
