"""One's own account: rights, password, second factor, and what was tried with its name."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from screening.access.accounts import unconfirmed_access
from screening.models import AccessEvent, AccessKind
from screening.permissions import ROLES, roles_of
from screening.views.lookup import author_of

SHOWN = 20
LOGINS = (AccessKind.LOGIN, AccessKind.PASSWORD, AccessKind.CODE, AccessKind.LOCKED)


@require_safe
def own_account(request: HttpRequest) -> HttpResponse:
    account = author_of(request)
    factors = {each.type: each.wrap() for each in Authenticator.objects.filter(user=account)}
    codes = factors.get(Authenticator.Type.RECOVERY_CODES)
    context = {
        "roles": [ROLES[name] for name in roles_of(account)],
        "unconfirmed": unconfirmed_access(account),
        "second_factor": factors.get(Authenticator.Type.TOTP),
        "codes_left": len(codes.get_unused_codes()) if codes else 0,
        "logins": AccessEvent.objects.filter(created_by=account, kind__in=LOGINS).order_by("-pk")[:SHOWN],
    }
    return render(request, "account/own.html", context)
