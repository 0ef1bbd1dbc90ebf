"""The accounts of all users, and one account with everything that was done to it."""

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
from screening.access.attempts import FAILED_LOGIN_KINDS
from screening.access.permissions import ROLES, grants_on, ordered_roles, page_rights
from screening.access.trials import access_of
from screening.models import AccessEvent, AccessKind, AccountChange, AccountStep, Grant
from screening.views.shared.lookup import author_of

LINK_SESSION_KEY = "access_link"  # in the session: whose, and the link, until it was shown
RECENT_PERIOD = timedelta(days=1)


class AccountRow(NamedTuple):
    account: User
    roles: list[Any]


@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    roles: dict[int, list[Any]] = {}
    for account, role, code in (
        grants_on(timezone.localdate()).order_by("pk").values_list("account", "role", "trial__code")
    ):
        roles.setdefault(account, []).append(f"{ROLES[role]} ({code})" if code else ROLES[role])
    rows = [AccountRow(account, roles.get(account.pk, [])) for account in annotated_accounts()]
    return render(request, "account/accounts.html", {"rows": rows})


def annotated_accounts() -> QuerySet[User, Any]:
    """Return every account with `failures`, the failed logins of the last day, `has_factor`, and `unconfirmed`."""
    failed = Q(events__kind__in=FAILED_LOGIN_KINDS, events__created_at__gt=timezone.now() - RECENT_PERIOD)
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
    return render(request, "account/account.html", account_context(request, account_or_404(pk)))


def pop_access_link(request: HttpRequest, shown: User) -> str:
    """Return the link to a first password, once after it was made; empty otherwise."""
    account, link = request.session.get(LINK_SESSION_KEY) or (None, "")
    if account != shown.pk:
        return ""
    del request.session[LINK_SESSION_KEY]
    return str(link)


def account_or_404(pk: int) -> User:
    return get_object_or_404(User, pk=pk)


def account_context(request: HttpRequest, shown: User) -> dict[str, Any]:
    grants = (
        Grant.objects.filter(account=shown)
        .select_related("created_by", "trial", "revocation__created_by")
        .order_by("-pk")
    )
    trials = access_of(request).shown_rights()
    if trials is not None:
        grants = grants.filter(Q(trial__in=trials) | Q(trial=None))
    events = AccessEvent.objects.filter(created_by=shown).order_by("-pk")
    rights = page_rights(request, "accounts", "confirm", "trail")
    given = unconfirmed_access(shown)
    own = author_of(request).pk
    may_confirm = rights["may_confirm"] and given is not None and own not in (given.created_by_id, shown.pk)
    return {
        "account": shown,
        "link": pop_access_link(request, shown),
        "grants": grants,
        "changes": AccountChange.objects.filter(account=shown).select_related("created_by").order_by("-pk"),
        "events": events[:20],
        "failures": events.filter(kind__in=FAILED_LOGIN_KINDS, created_at__gt=timezone.now() - RECENT_PERIOD).count(),
        "unconfirmed": given,
        **rights,
        "may_confirm": may_confirm and shown.has_usable_password(),
        "may_keep": rights["may_accounts"] and own != shown.pk,
        "today": timezone.localdate(),
    }


MAX_LOGINS = 20
LOGIN_KINDS = (AccessKind.LOGIN, AccessKind.PASSWORD, AccessKind.CODE, AccessKind.LOCKED)


@require_safe
def own_account(request: HttpRequest) -> HttpResponse:
    account = author_of(request)
    factors = {each.type: each.wrap() for each in Authenticator.objects.filter(user=account)}
    codes = factors.get(Authenticator.Type.RECOVERY_CODES)
    context = {
        "roles": [ROLES[name] for name in ordered_roles(account)],
        "unconfirmed": unconfirmed_access(account),
        "second_factor": factors.get(Authenticator.Type.TOTP),
        "codes_left": len(codes.get_unused_codes()) if codes else 0,
        "logins": AccessEvent.objects.filter(created_by=account, kind__in=LOGIN_KINDS).order_by("-pk")[:MAX_LOGINS],
    }
    return render(request, "account/own.html", context)
