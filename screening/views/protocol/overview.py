"""The protocol of a trial: its versions, the open amendment, and what became of the others."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from criteria.amendments.state import open_amendment, state_of
from criteria.models import Trial
from screening.access.permissions import allowed
from screening.amendments.version_states import past_amendments, states_of
from screening.views.shared.lookup import author_of, chosen


@require_safe
def protocol(request: HttpRequest) -> HttpResponse:
    """Also where no definition file was loaded yet, since every page leads here."""
    trials = list(Trial.objects.all())
    if not trials and "trial" not in request.GET:
        return render(request, "screening/protocol/none.html")
    trial = chosen(trials, request.GET.get("trial"))
    states = states_of(trial, timezone.localdate())
    amendment = open_amendment(trial)
    context = {
        "trial": trial,
        "trials": trials,
        "states": states,
        "amendment": amendment,
        "amendment_state": state_of(amendment) if amendment else None,
        "past": past_amendments(trial, states),
        **allowed(author_of(request), "amend", "simulate"),
    }
    return render(request, "screening/protocol/overview.html", context)
