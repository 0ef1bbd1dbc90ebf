from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from screening.access.permissions import ROLES, page_rights
from screening.access.sessions import session_time_left
from screening.access.trials import access_of, switcher_of
from screening.review.queue import awaiting_statuses


def nonce(request: HttpRequest) -> dict[str, Any]:
    """Return `csp_nonce`, which every script and stylesheet must carry.

    It is lazy: the policy names the nonce only where a page uses it.
    """
    return {"csp_nonce": getattr(request, "csp_nonce", None)}


def site(request: HttpRequest) -> dict[str, Any]:
    """Return `demonstration` and, in the demonstration only, `demonstration_accounts`.

    The accounts are triples of user name, password and role title.
    """
    if not settings.DEMONSTRATION:
        return {"demonstration": False}
    accounts = [(name, password, ROLES[role]) for name, password, role in settings.DEMONSTRATION_ACCOUNTS]
    return {"demonstration": True, "demonstration_accounts": accounts}


def access(request: HttpRequest) -> dict[str, Any]:
    """Return `rights`, `session_seconds`, `switcher` and `waiting_for_review`; nothing for a user who is not logged in.

    `rights` is what the user may do, by verb; `session_seconds` the time until the session ends;
    `switcher` the trials among which the user may choose;
    `waiting_for_review` the number of assessments that wait, queried only where it is shown.
    """
    user = getattr(request, "user", None)  # there is none where a request was refused before anybody was looked up
    if user is None or not user.is_authenticated:
        return {}
    return {
        "rights": SimpleLazyObject(lambda: page_rights(request)["rights"]),
        "session_seconds": session_time_left(request).seconds,
        "switcher": lambda: switcher_of(request),
        "waiting_for_review": lambda: awaiting_statuses(access_of(request).seen_trials()).count(),
    }
