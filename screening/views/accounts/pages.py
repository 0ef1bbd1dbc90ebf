"""Everybody's accounts, and one of them with all that was done to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from screening.access.accounts import unconfirmed_access
from screening.access.attempts import FAILURES
from screening.access.permissions import ROLES, allowed, holding, roles_of
from screening.models import AccessEvent, AccessKind, AccountChange, AccountStep, Grant
from screening.views.shared.lookup import author_of

LINK = "access_link"  # in the session: whose, and the link, until it was shown
RECENT = timedelta(days=1)


class Listed(NamedTuple):
    account: User
    roles: list[Any]


@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    roles: dict[int, list[Any]] = {}
    for account, role in holding(timezone.localdate()).order_by("pk").values_list("account", "role"):
        roles.setdefault(account, []).append(ROLES[role])
    rows = [Listed(account, roles.get(account.pk, [])) for account in everybody()]
    return render(request, "account/accounts.html", {"rows": rows})


def everybody() -> QuerySet[User, Any]:
    """Each with `failures`, the failed logins of the last day, `has_factor`, and `unconfirmed`."""
    failed = Q(events__kind__in=FAILURES, events__created_at__gt=timezone.now() - RECENT)
    factor = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    confirmed = AccountChange.objects.filter(
        account=OuterRef("account"), step=AccountStep.CONFIRMED, pk__gt=OuterRef("pk")
    )
    given = AccountChange.objects.filter(account=OuterRef("pk"), step=AccountStep.ACCESS)
    return User.objects.order_by("-is_active", "username").annotate(
        failures=Count("events", filter=failed),
        has_factor=Exists(factor),
        unconfirmed=Exists(given.filter(~Exists(confirmed))),
    )


@require_safe
def account(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "account/account.html", context_of(request, account_or_404(pk)))


def link_of(request: HttpRequest, shown: User) -> str:
    """The link to a first password, once after it was made."""
    account, link = request.session.get(LINK) or (None, "")
    if account != shown.pk:
        return ""
    del request.session[LINK]
    return str(link)


def account_or_404(pk: int) -> User:
    return get_object_or_404(User, pk=pk)


def context_of(request: HttpRequest, shown: User) -> dict[str, Any]:
    grants = Grant.objects.filter(account=shown).select_related("created_by", "revocation__created_by").order_by("-pk")
    events = AccessEvent.objects.filter(created_by=shown).order_by("-pk")
    rights = allowed(request.user, "accounts", "confirm", "trail")
    given = unconfirmed_access(shown)
    own = author_of(request).pk
    may_confirm = rights["may_confirm"] and given is not None and own not in (given.created_by_id, shown.pk)
    return {
        "account": shown,
        "link": link_of(request, shown),
        "grants": grants,
        "changes": AccountChange.objects.filter(account=shown).select_related("created_by").order_by("-pk"),
        "events": events[:20],
        "failures": events.filter(kind__in=FAILURES, created_at__gt=timezone.now() - RECENT).count(),
        "unconfirmed": given,
        **rights,
        "may_confirm": may_confirm and shown.has_usable_password(),
        "may_keep": rights["may_accounts"] and own != shown.pk,
        "today": timezone.localdate(),
    }


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
