"""Two versions of a trial's protocol compared, as text."""

from __future__ import annotations

from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from criteria.models import ProtocolVersion, Trial
from criteria.versions.comparison import compare as compared
from criteria.versions.versions import edition_of
from screening.amendments.version_states import VersionState, states_of
from screening.views.protocol.version import version_or_404
from screening.views.shared.lookup import trial_or_404, trials_of


class VersionPair(NamedTuple):
    """The compared versions; `old` is None for the only version, or the first, if no other was chosen."""

    old: ProtocolVersion | None
    new: ProtocolVersion


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    given = {side: version_from_text(request.GET[side]) for side in ("old", "new") if request.GET.get(side)}
    trial = compared_trial(request, list(given.values()))
    states = states_of(trial, timezone.localdate())
    pair = version_pair(given, states)
    context = {"trial": trial, "states": states, "old": pair.old, "new": pair.new}
    if pair.old and pair.old != pair.new:
        context["comparison"] = compared(edition_of(pair.old), edition_of(pair.new))
    return render(request, "screening/protocol/compare.html", context)


def version_from_text(typed: str) -> ProtocolVersion:
    try:
        return version_or_404(int(typed))
    except ValueError:
        raise Http404(_("There is no version %(number)s.") % {"number": typed}) from None


def compared_trial(request: HttpRequest, given: list[ProtocolVersion]) -> Trial:
    if len({version.trial_id for version in given}) > 1:
        raise Http404(_("Versions of two trials cannot be compared."))
    code = given[0].trial.code if given else request.GET.get("trial")
    return trial_or_404(request, trials_of(request), code)


def version_pair(given: dict[str, ProtocolVersion], states: list[VersionState]) -> VersionPair:
    """Return the versions to compare.

    If none is chosen: the version in force (the latest if none is in force yet) and the one before it.
    """
    in_force = next((state for state in states if state.kind == "in_force"), states[0])
    new = given.get("new") or in_force.version
    before = next(state.before for state in states if state.version == new)
    return VersionPair(given.get("old") or before, new)
