"""The protocol of a trial: its versions, the open amendment, and what became of the others."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from criteria.amendments.state import amendment_state, open_amendment
from screening.access.permissions import page_rights
from screening.amendments.version_states import past_amendments, states_of
from screening.views.shared.lookup import trial_or_404, trials_of


@require_safe
def protocol(request: HttpRequest) -> HttpResponse:
    """Render the protocol of a trial.

    The page also exists before any definition file was loaded, since every page links to it.
    """
    trials = trials_of(request)
    if not trials and "trial" not in request.GET:
        return render(request, "screening/protocol/none.html", page_rights(request, "amend"))
    trial = trial_or_404(request, trials, request.GET.get("trial"))
    states = states_of(trial, timezone.localdate())
    amendment = open_amendment(trial)
    context = {
        "trial": trial,
        "trials": trials,
        "states": states,
        "amendment": amendment,
        "amendment_state": amendment_state(amendment) if amendment else None,
        "past": past_amendments(trial, states),
        **page_rights(request, "amend", "simulate"),
    }
    return render(request, "screening/protocol/overview.html", context)
