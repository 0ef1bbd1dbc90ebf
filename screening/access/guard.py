"""Check of every request against the matrix of `screening.access.permissions`, before its view is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render

from screening.access.permissions import ACCOUNT, ADDRESSES, ANYONE
from screening.access.second_factor import is_second_factor_missing
from screening.access.trials import TrialNotChosen, named_rows, read_access

START_PAGE = "screening:subjects"
SET_UP_PAGE = "mfa_activate_totp"
WITHOUT_SECOND_FACTOR = {"mfa_index", SET_UP_PAGE, "account_logout", "account_reauthenticate", "screening:session"}


class Guard:
    """Middleware that refuses requests outside the permission matrix.

    403 for an address that the matrix lacks or for which the user lacks the right in the trial of what the address
    names, 405 for a method. A user without a second factor, where one is required, can only set one up. A page that
    shows one trial, asked for by somebody who has several and has chosen none, asks which.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        row = ADDRESSES.get(name)
        if row is None:
            raise PermissionDenied
        verb = row.get("GET" if request.method == "HEAD" else str(request.method))
        if verb is None:
            return HttpResponseNotAllowed(row)
        return None if verb == ANYONE else check_permission(request, name, verb, kwargs)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, TrialNotChosen):
            return None
        return render(request, "screening/shared/choose_trial.html")


def check_permission(request: HttpRequest, name: str, verb: str, keys: dict[str, Any]) -> HttpResponse | None:
    """Return None where the view may answer, or a redirect; PermissionDenied without the right."""
    if not isinstance(request.user, User):
        raise PermissionDenied  # never reached behind LoginRequired; without it nothing must stand open
    if name not in WITHOUT_SECOND_FACTOR and is_second_factor_missing(request):
        return redirect(SET_UP_PAGE)
    if verb == ACCOUNT:
        return None
    route = request.resolver_match.route if request.resolver_match else ""
    access = request.access = read_access(request.user, named_rows(route, keys))  # type: ignore[attr-defined]
    access.verb = verb
    if access.has(verb):
        return None
    if name == START_PAGE:
        return redirect("screening:accounts" if access.has("accounts") else "mfa_index")
    raise PermissionDenied
