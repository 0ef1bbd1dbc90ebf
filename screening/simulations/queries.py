"""Queries on simulations for the pages, each in a constant number of queries."""

from __future__ import annotations

from django.db.models import QuerySet

from criteria.models import AmendmentRevision
from screening.models import SimulatedChange, Simulation, SimulationReport
from screening.shared.pagination import Page, page_of
from screening.simulations.people import people_of
from screening.simulations.tasks import UNDER_WAY

CHANGES_PAGE_SIZE = 50


def changes_page(
    simulation: Simulation, effect: str = "", code: str = "", cursor: str | None = None
) -> Page[SimulatedChange]:
    """Return a page of the subjects who would change, in the order of registration.

    That is the order of the keys. An empty `effect` or `code` filters nothing.
    """
    rows = simulation.changes.select_related("subject__status", "revision__visit").defer("revision__document")
    if effect:
        rows = rows.filter(effect=effect)
    if code:
        rows = rows.filter(codes__contains=f"|{code}|") if code.isidentifier() else rows.none()
    return page_of(rows, "subject", cursor, CHANGES_PAGE_SIZE)


def unfinished_simulations() -> QuerySet[Simulation]:
    """Return the simulations that wait or run, the oldest first."""
    return all_simulations().filter(progress__state__in=UNDER_WAY).order_by("pk")


def latest_dry_run_report(revision: AmendmentRevision) -> SimulationReport | None:
    """Return the report of the last completed dry run of exactly this revision, None where there is none."""
    reports = SimulationReport.objects.filter(simulation__revision=revision)
    return reports.select_related("simulation__base").order_by("-pk").first()


def dry_run_under_way(revision: AmendmentRevision) -> Simulation | None:
    """Return the dry run of exactly this revision that waits or runs: there is never more than one."""
    return unfinished_simulations().filter(revision=revision).first()


def people_now(simulation: Simulation) -> int:
    """Return how many subjects the simulation would evaluate today."""
    return people_of(simulation).count()


def has_complete_dry_run(revision: AmendmentRevision) -> bool:
    """Return whether a dry run of exactly this revision has ended, and evaluated somebody if there is anybody.

    Subjects who were registered since do not void it: on a busy site nothing could be proposed. The page shows
    how many they are.
    """
    found = latest_dry_run_report(revision)
    return found is not None and (found.people > 0 or people_now(found.simulation) == 0)


def all_simulations() -> QuerySet[Simulation]:
    return Simulation.objects.select_related("progress", "base", "revision__amendment", "created_by")
