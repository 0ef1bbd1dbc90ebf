"""Account actions: each page is one form, handled by one verb."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from screening.access import rights
from screening.access.accounts import (
    confirm_identity,
    create_account,
    give_access,
    printed_name,
    rename_account,
    set_account_active,
    unconfirmed_access,
)
from screening.access.permissions import may
from screening.audit.sources import grant_text
from screening.models import Grant
from screening.views.accounts.access_link import link_for
from screening.views.accounts.forms import AccountForm, AccountReasonForm, GrantForm, NamesForm, NewAccountForm
from screening.views.accounts.pages import LINK_SESSION_KEY, account_or_404
from screening.views.shared.form_action import Action, form_page, submit
from screening.views.shared.lookup import author_of

CHANGE = "account/change.html"


@require_http_methods(["GET", "HEAD", "POST"])
def account_new(request: HttpRequest) -> HttpResponse:
    form = NewAccountForm(posted_data(request))
    made: list[User] = []

    def act(typed: dict[str, Any]) -> str:
        created = create_account(**typed, author=author_of(request))
        made.append(give_access(created, typed["reason"], author_of(request)))
        return _("The account %s was created.") % typed["username"]

    if submit(request, form, act):
        return redirect_to_link(request, made[0])
    words = {"title": _("New account"), "button": _("Create the account")}
    return form_page(request, CHANGE, form, words)


@require_http_methods(["GET", "HEAD", "POST"])
def account_rename(request: HttpRequest, pk: int) -> HttpResponse:
    account = other_account(request, pk)
    initial = {"first_name": account.first_name, "last_name": account.last_name}
    form = NamesForm(posted_data(request), initial=initial)
    about = _("The user name stays. What was signed keeps the name of its time.")

    def act(typed: dict[str, Any]) -> str:
        rename_account(account, **typed, author=author_of(request))
        return _("The printed name was changed.")

    return account_form(
        request, account, form, act, {"title": _("Printed name"), "about": about, "button": _("Change")}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def account_grant(request: HttpRequest, pk: int) -> HttpResponse:
    account = other_account(request, pk)
    form = GrantForm(posted_data(request), initial={"holds_from": timezone.localdate().isoformat()})
    about = _("In a trial one user may be study coordinator and investigator at once; no other rights go together.")
    about += " " + _("A trial has one principal investigator at a time; others are sub-investigators.")

    def act(typed: dict[str, Any]) -> str:
        granted = rights.grant_role(account, author=author_of(request), **typed)
        return _("Granted: %s.") % grant_text(granted)

    return account_form(
        request, account, form, act, {"title": _("Grant a right"), "about": about, "button": _("Grant")}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def account_revoke(request: HttpRequest, pk: int, grant: int) -> HttpResponse:
    account = other_account(request, pk)
    granted = get_object_or_404(Grant, pk=grant, account=account)
    about = _("%(role)s: the right ends at once. That it was held stays on record.")

    def act(typed: dict[str, Any]) -> str:
        rights.revoke_grant(granted, typed["reason"], author_of(request))
        return _("Revoked: %s.") % granted.get_role_display()

    words = {"title": _("Revoke a right"), "about": about % {"role": granted.get_role_display()}}
    return account_form(
        request, account, AccountReasonForm(posted_data(request)), act, {**words, "button": _("Revoke")}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def account_activity(request: HttpRequest, pk: int) -> HttpResponse:
    account = other_account(request, pk)
    wanted = request.POST.get("active", "no" if account.is_active else "yes") == "yes"
    title = _("Activate the account again") if wanted else _("Deactivate the account")
    about = (
        _("The rights that were not revoked hold again.")
        if wanted
        else _("The user is logged out at once and can no longer log in. The records keep the name.")
    )

    def act(typed: dict[str, Any]) -> str:
        set_account_active(account, wanted, typed["reason"], author_of(request))
        return _("The account is active again.") if wanted else _("The account is deactivated.")

    words = {"title": title, "about": about, "button": title, "active": "yes" if wanted else "no"}
    return account_form(request, account, AccountReasonForm(posted_data(request)), act, words)


@require_http_methods(["GET", "HEAD", "POST"])
def account_access(request: HttpRequest, pk: int) -> HttpResponse:
    """Give new access to a user who forgot the password or lost the telephone; the answer shows the link once."""
    account = other_account(request, pk)
    form = AccountReasonForm(posted_data(request))

    def act(typed: dict[str, Any]) -> str:
        give_access(account, typed["reason"], author_of(request))
        return _("Access was reset.")

    if submit(request, form, act, account):
        account.refresh_from_db()
        return redirect_to_link(request, account)
    about = _("Password and second factor are no longer valid, and all sessions end. Until another user has confirmed")
    about += " " + _("who took the new access, the account signs nothing.")
    words = {"title": _("Reset access"), "about": about, "button": _("Make a new link")}
    return form_page(request, CHANGE, form, {**words, "account": account})


@require_http_methods(["GET", "HEAD", "POST"])
def account_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    account = account_or_404(pk)
    given = unconfirmed_access(account)
    if request.method != "POST" and given is None:
        messages.info(request, _("Nothing is to be confirmed of this account."))
        return redirect("screening:account", account.pk)
    about = _("%(who)s: confirm only what you know yourself, that password and second factor are in this user's hands.")
    about %= {"who": printed_name(account)}

    def act(typed: dict[str, Any]) -> str:
        confirm_identity(account, typed["reason"], author_of(request))
        return _("Confirmed: this account may do now whatever its rights include.")

    words = {"title": _("Confirm the identity"), "about": about, "button": _("Confirm")}
    form = AccountReasonForm(posted_data(request))
    form.fields["reason"].label = _("How do you know?")
    return account_form(request, account, form, act, words)


def other_account(request: HttpRequest, pk: int) -> User:
    """Return the account of somebody else: nobody administers the own account.

    Raise PermissionDenied for the own account, and without the right to administer accounts.
    """
    account = account_or_404(pk)
    if account.pk == author_of(request).pk or not may(request.user, "accounts"):
        raise PermissionDenied
    return account


def posted_data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def account_form(
    request: HttpRequest, account: User, form: AccountForm, action: Action, context: dict[str, Any]
) -> HttpResponse:
    """Run an action on an account and go back to its page, or show the form."""
    if submit(request, form, action, account):
        return redirect("screening:account", account.pk)
    return form_page(request, CHANGE, form, {**context, "account": account})


def redirect_to_link(request: HttpRequest, account: User) -> HttpResponse:
    """Redirect to the account's page, which shows the new link once.

    Loading a page again must not make another link, which voids the first.
    """
    request.session[LINK_SESSION_KEY] = [account.pk, link_for(request, account)]
    return redirect("screening:account", account.pk)
