"""A simulation: its progress, and then its report; nothing of it is a verdict."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from criteria.amendments.feasibility import feasibility_issues
from criteria.amendments.stale_wording import find_stale_wording
from criteria.definition.reader import Edition
from criteria.versions.versions import edition_of
from screening.models import Effect, Overall, Simulation, SimulationProgress
from screening.simulations import changes_page, comparison_of_simulation, edition_of_simulation, headline
from screening.simulations.tasks import UNDER_WAY
from screening.views.simulations.report import (
    ChangeSelection,
    affected_group,
    affected_subjects,
    change_selection,
    compared_criteria,
    criterion_changes,
    finding_rows,
)
from screening.views.simulations.start import may_cancel, simulation_or_404
from screening.views.simulations.text import report_or_none, subjects_text

SILENCE_LIMIT = timedelta(seconds=20)  # without a sign of life; then the page says what must run


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
        "people": subjects_text(found),
        "is_superseded": is_superseded(found),
        "may_cancel": found.progress.state in UNDER_WAY and may_cancel(request, found),
    }
    if report_or_none(found):
        context |= report_context(request, found, old, new)
    return render(request, "screening/simulations/simulation.html", context)


@require_safe
def simulation_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Render the part of the page that is refreshed during a run; at the end redirect to the whole page."""
    found = simulation_or_404(pk)
    page = redirect("screening:simulation", pk)
    if not getattr(request, "htmx", False):
        return page
    if found.progress.state not in UNDER_WAY:
        return HttpResponseClientRedirect(page.url)
    context = {"simulation": found, "progress": found.progress, "silent": is_silent(found.progress)}
    return render(request, "screening/simulations/progress.html", context)


def is_silent(progress: SimulationProgress) -> bool:
    """Return whether the worker gave no sign of life for too long; it gives one after every chunk."""
    return timezone.now() - progress.beat_at > SILENCE_LIMIT


def is_superseded(found: Simulation) -> bool:
    """Return whether the draft was changed after this dry run of it."""
    return found.revision is not None and found.revision.amendment.latest_revision() != found.revision


def report_context(request: HttpRequest, found: Simulation, old: Edition, new: Edition) -> dict[str, Any]:
    criteria = compared_criteria(old.protocol, new.protocol)
    counts, at = found.report.counts, change_selection(request, criteria)
    page = changes_page(found, at.effect, at.code, request.GET.get("after"))
    return {
        "report": found.report,
        "found": headline(found.report),
        "affected": [
            affected_group(found, effect, counts[effect], criteria) for effect in (Effect.LOST, Effect.GAINED)
        ],
        "columns": Overall.labels,
        "lines": finding_rows(counts["overall"]),
        "criteria": criterion_changes(counts["criteria"], criteria, at),
        "at": at,
        "effects": effect_links(at),
        "all_criteria": at.address(code=""),
        "rows": affected_subjects(page, criteria),
        "previous": page.previous and at.address(after=page.previous),
        "next": page.next and at.address(after=page.next),
        "warnings": [] if found.revision else value_warnings(old, new),
    }


def value_warnings(old: Edition, new: Edition) -> list[str]:
    """Return the warnings about the values.

    Stale wording of a criterion is left out: it does not concern somebody who only tries values, since no wording
    was written.
    """
    found = feasibility_issues(old, new)
    names = tuple(each.parameter for each in found)
    words = {each.text for each in find_stale_wording(old.protocol, new.protocol, names) if each.code}
    return [each.text for each in found if each.text not in words]


def effect_links(at: ChangeSelection) -> list[tuple[str, str]]:
    """Return the kinds of change as text, each with its address; empty for the selected one."""
    labels = {"": _("all changes"), **dict(Effect.choices)}
    return [(str(label), "" if effect == at.effect else at.address(effect=effect)) for effect, label in labels.items()]
