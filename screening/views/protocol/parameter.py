"""The history of one parameter through all versions of a trial."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from screening.amendments.parameter_history import parameter_history
from screening.views.shared.lookup import trial_or_404, trials_of


@require_safe
def parameter(request: HttpRequest, name: str) -> HttpResponse:
    trial = trial_or_404(request, trials_of(request), request.GET.get("trial"))
    steps = parameter_history(trial, name, timezone.localdate())
    if not steps:
        raise Http404(_("%(trial)s has no parameter %(name)s.") % {"trial": trial.code, "name": name})
    title = next(step.parameter.title for step in steps if step.parameter)
    context = {"trial": trial, "name": name, "title": title, "steps": steps}
    return render(request, "screening/protocol/parameter.html", context)
