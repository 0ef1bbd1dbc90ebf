"""A simulation: how far it has come, and then its report. Nothing of it is a verdict."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from criteria.amendments.parameter_input import objections
from criteria.amendments.stale_wording import left_behind
from criteria.definition.reader import Edition
from criteria.versions.versions import edition_of
from screening.models import Effect, Overall, Simulation, SimulationProgress
from screening.simulations import changes_page, comparison_of_simulation, edition_of_simulation, headline
from screening.simulations.tasks import UNDER_WAY
from screening.views.simulations.report import Shown, affected, criterion_changes, findings, rows_of, shown, statements
from screening.views.simulations.start import may_cancel, simulation_or_404
from screening.views.simulations.text import people_in_words, report_of

PATIENCE = timedelta(seconds=20)  # without a sign of life; then the page says what must run


@require_safe
def simulation(request: HttpRequest, pk: int) -> HttpResponse:
    found = simulation_or_404(pk)
    old, new = edition_of(found.base), edition_of_simulation(found)
    context = {
        "simulation": found,
        "progress": found.progress,
        "under_way": found.progress.state in UNDER_WAY,
        "silent": is_silent(found.progress),
        "compared": comparison_of_simulation(found),
        "people": people_in_words(found),
        "is_superseded": is_superseded(found),
        "may_cancel": found.progress.state in UNDER_WAY and may_cancel(request, found),
    }
    if report_of(found):
        context |= report(request, found, old, new)
    return render(request, "screening/simulations/simulation.html", context)


@require_safe
def simulation_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that is renewed while it runs; at the end the whole page."""
    found = simulation_or_404(pk)
    page = redirect("screening:simulation", pk)
    if not getattr(request, "htmx", False):
        return page
    if found.progress.state not in UNDER_WAY:
        return HttpResponseClientRedirect(page.url)
    context = {"simulation": found, "progress": found.progress, "silent": is_silent(found.progress)}
    return render(request, "screening/simulations/progress.html", context)


def is_silent(progress: SimulationProgress) -> bool:
    """A worker gives a sign of life after every chunk of people."""
    return timezone.now() - progress.beat_at > PATIENCE


def is_superseded(found: Simulation) -> bool:
    """Whether the draft was changed after this dry run of it."""
    return found.revision is not None and found.revision.amendment.latest_revision() != found.revision


def report(request: HttpRequest, found: Simulation, old: Edition, new: Edition) -> dict[str, Any]:
    texts = statements(old.protocol, new.protocol)
    counts, at = found.report.counts, shown(request, texts)
    page = changes_page(found, at.effect, at.code, request.GET.get("after"))
    return {
        "report": found.report,
        "found": headline(found.report),
        "affected": [affected(found, effect, counts[effect]) for effect in (Effect.LOST, Effect.GAINED)],
        "columns": Overall.labels,
        "lines": findings(counts["overall"]),
        "criteria": criterion_changes(counts["criteria"], texts, at),
        "at": at,
        "effects": effects(at),
        "all_criteria": at.address(code=""),
        "rows": rows_of(page),
        "previous": page.previous and at.address(after=page.previous),
        "next": page.next and at.address(after=page.next),
        "warnings": [] if found.revision else warnings(old, new),
    }


def warnings(old: Edition, new: Edition) -> list[str]:
    """What is to be known of the values. That a criterion's words still say the old ones is nothing to somebody who
    only tries: no words were written.
    """
    found = objections(old, new)
    names = tuple(each.parameter for each in found)
    words = {each.text for each in left_behind(old.protocol, new.protocol, names) if each.code}
    return [each.text for each in found if each.text not in words]


def effects(at: Shown) -> list[tuple[str, str]]:
    """The kinds of change in words, each with its address; empty for the one that is shown."""
    labels = {"": _("all changes"), **dict(Effect.choices)}
    return [(str(label), "" if effect == at.effect else at.address(effect=effect)) for effect, label in labels.items()]
