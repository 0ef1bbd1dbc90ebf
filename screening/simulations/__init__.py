"""What other limits would do to the people in screening: of an amendment (dry run), or only tried (what if).

A simulation is a job: it goes over the people in chunks, keeps after each how far it has come, and is taken up again
after its last chunk when it was interrupted.
"""

from screening.simulations.editions import comparison_of_simulation, edition_of_simulation
from screening.simulations.headline import Headline, headline
from screening.simulations.job import run
from screening.simulations.people import filters_of
from screening.simulations.queries import changes_page, is_complete, latest_report, people_now, under_way, unfinished
from screening.simulations.request import SMALL, cancel, start_dry_run, start_what_if

__all__ = [
    "SMALL",
    "Headline",
    "cancel",
    "changes_page",
    "comparison_of_simulation",
    "edition_of_simulation",
    "filters_of",
    "headline",
    "is_complete",
    "latest_report",
    "people_now",
    "run",
    "start_dry_run",
    "start_what_if",
    "under_way",
    "unfinished",
]
