"""Start of an amendment's dry run, and cancellation of a simulation."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from criteria.models import Amendment, long_fields
from criteria.records.refusal import Refused
from screening.access.permissions import may
from screening.models import Simulation
from screening.simulations import cancel_simulation, start_dry_run, unfinished_simulations
from screening.views.shared.lookup import author_of, record_refusals

SIMULATION_RELATED = "created_by", "base__trial", "revision__amendment", "progress", "report"


def simulation_or_404(pk: int) -> Simulation:
    rows = Simulation.objects.select_related(*SIMULATION_RELATED).defer(*long_fields("base__"))
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def dry_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Start a dry run of the amendment's latest revision; while one runs, show that one.

    A GET, to which a login leads back, starts none.
    """
    amendment = get_object_or_404(Amendment, pk=pk)
    if request.method != "POST":
        return redirect("screening:amendment", pk)
    revision = amendment.latest_revision()
    try:
        with record_refusals(request, amendment):
            started = start_dry_run(revision, author_of(request))
    except Refused as why:
        messages.error(request, why.message)
        running = unfinished_simulations().filter(revision=revision).first()
        return redirect("screening:simulation", running.pk) if running else redirect("screening:amendment", pk)
    return redirect("screening:simulation", started.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def simulation_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = simulation_or_404(pk)
    if request.method == "POST":
        if not may_cancel(request, found):
            raise PermissionDenied
        stop_simulation(request, found)
    return redirect("screening:simulation", pk)


def stop_simulation(request: HttpRequest, found: Simulation) -> None:
    try:
        with record_refusals(request):
            cancel_simulation(found, author_of(request))
    except Refused as why:
        messages.error(request, why.message)
    else:
        messages.success(request, _("Cancelled: the report was not made, and nothing was changed."))


def may_cancel(request: HttpRequest, found: Simulation) -> bool:
    """Return whether the user may cancel it: a dry run belongs to the amendment, so to whoever may amend."""
    return found.revision_id is None or may(request.user, "amend", found.base.trial_id)
