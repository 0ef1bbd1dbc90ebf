from typing import Any

from django.conf import settings
from django.http import HttpRequest

from screening.permissions import ROLES, may
from screening.review_queue import awaiting


def nonce(request: HttpRequest) -> dict[str, Any]:
    """`csp_nonce`, which every script and stylesheet must carry. Lazy: the policy names it only where a page does."""
    return {"csp_nonce": getattr(request, "csp_nonce", None)}


def site(request: HttpRequest) -> dict[str, Any]:
    """`demonstration`, and there only: `demonstration_accounts`, triples of user name, password and role title."""
    if not settings.DEMONSTRATION:
        return {"demonstration": False}
    accounts = [(name, password, ROLES[role]) for name, password, role in settings.DEMONSTRATION_ACCOUNTS]
    return {"demonstration": True, "demonstration_accounts": accounts}


def review(request: HttpRequest) -> dict[str, Any]:
    """`waiting_for_review`: how many assessments wait, None for whoever does not review; asked where it is shown."""
    return {"waiting_for_review": lambda: awaiting().count() if may(request.user, "review") else None}
