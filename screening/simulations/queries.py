"""What the pages show of simulations, each in a constant number of queries."""

from __future__ import annotations

from django.db.models import QuerySet

from criteria.models import AmendmentRevision
from screening.models import SimulatedChange, Simulation, SimulationReport
from screening.shared.pagination import Page, page_of
from screening.simulations.people import people_of
from screening.simulations.tasks import UNDER_WAY

PAGE_SIZE = 50


def changes_page(
    simulation: Simulation, effect: str = "", code: str = "", cursor: str | None = None
) -> Page[SimulatedChange]:
    """Who would change, in the order of registration, which is that of the keys; empty filters nothing."""
    rows = simulation.changes.select_related("subject__standing", "revision__visit").defer("revision__document")
    if effect:
        rows = rows.filter(effect=effect)
    if code:
        rows = rows.filter(codes__contains=f"|{code}|") if code.isidentifier() else rows.none()
    return page_of(rows, "subject", cursor, PAGE_SIZE)


def unfinished() -> QuerySet[Simulation]:
    """Those that wait or run, the first ones first."""
    return simulations().filter(progress__state__in=UNDER_WAY).order_by("pk")


def latest_report(revision: AmendmentRevision) -> SimulationReport | None:
    """That of the last dry run of exactly this revision that came to its end."""
    reports = SimulationReport.objects.filter(simulation__revision=revision)
    return reports.select_related("simulation__base").order_by("-pk").first()


def under_way(revision: AmendmentRevision) -> Simulation | None:
    """The dry run of exactly this revision that waits or runs: there is never more than one."""
    return unfinished().filter(revision=revision).first()


def people_now(simulation: Simulation) -> int:
    """How many people it would look at today."""
    return people_of(simulation).count()


def is_complete(revision: AmendmentRevision) -> bool:
    """Whether a dry run of exactly this revision has come to its end, and looked at somebody if there is anybody.

    Those who came since do not void it: on a busy site nothing could be proposed. The page says how many they are.
    """
    found = latest_report(revision)
    return found is not None and (found.people > 0 or people_now(found.simulation) == 0)


def simulations() -> QuerySet[Simulation]:
    return Simulation.objects.select_related("progress", "base", "revision__amendment", "created_by")
