"""Simulations of other limits over the subjects in screening: dry runs of an amendment, or what-ifs.

A simulation is a job: it evaluates the subjects in chunks, saves its progress after each, and continues after
its last chunk when it was interrupted.
"""

from screening.simulations.editions import comparison_of_simulation, edition_of_simulation
from screening.simulations.headline import Headline, headline
from screening.simulations.job import run_simulation
from screening.simulations.people import filters_of
from screening.simulations.queries import (
    changes_page,
    dry_run_under_way,
    has_complete_dry_run,
    latest_dry_run_report,
    people_now,
    unfinished_simulations,
)
from screening.simulations.request import SMALL_SIMULATION, cancel_simulation, start_dry_run, start_what_if

__all__ = [
    "SMALL_SIMULATION",
    "Headline",
    "cancel_simulation",
    "changes_page",
    "comparison_of_simulation",
    "dry_run_under_way",
    "edition_of_simulation",
    "filters_of",
    "has_complete_dry_run",
    "headline",
    "latest_dry_run_report",
    "people_now",
    "run_simulation",
    "start_dry_run",
    "start_what_if",
    "unfinished_simulations",
]
