"""Starting the dry run of an amendment, and stopping a simulation."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from criteria.models import Amendment
from criteria.records.refusal import Refused
from screening.access.permissions import may
from screening.models import Simulation
from screening.simulations import cancel, start_dry_run, unfinished
from screening.views.shared.lookup import author_of, on_record

RELATED = "created_by", "base__trial", "revision__amendment", "progress", "report"


def simulation_or_404(pk: int) -> Simulation:
    rows = Simulation.objects.select_related(*RELATED).defer("base__codes", "base__sections", "base__terms")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def dry_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Of the amendment as it stands; while one runs, that one is shown. A GET, where a login leads on, starts none."""
    amendment = get_object_or_404(Amendment, pk=pk)
    if request.method != "POST":
        return redirect("screening:amendment", pk)
    revision = amendment.latest_revision()
    try:
        with on_record(request, amendment):
            started = start_dry_run(revision, author_of(request))
    except Refused as why:
        messages.error(request, why.message)
        running = unfinished().filter(revision=revision).first()
        return redirect("screening:simulation", running.pk) if running else redirect("screening:amendment", pk)
    return redirect("screening:simulation", started.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def simulation_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = simulation_or_404(pk)
    if request.method == "POST":
        if not may_cancel(request, found):
            raise PermissionDenied
        stop(request, found)
    return redirect("screening:simulation", pk)


def stop(request: HttpRequest, found: Simulation) -> None:
    try:
        with on_record(request):
            cancel(found, author_of(request))
    except Refused as why:
        messages.error(request, why.message)
    else:
        messages.success(request, _("Cancelled: the report was not made, and nothing was changed."))


def may_cancel(request: HttpRequest, found: Simulation) -> bool:
    """A dry run belongs to the amendment, and so to whoever may amend."""
    return found.revision_id is None or may(request.user, "amend")
