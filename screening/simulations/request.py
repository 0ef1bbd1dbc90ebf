"""The start and the cancellation of simulations."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from criteria.models import AmendmentRevision, ProtocolVersion
from criteria.records.refusal import Refused
from screening.log.filter import LogFilter
from screening.models import Simulation, SimulationProgress, SimulationState
from screening.simulations.editions import definition_values, edition_with
from screening.simulations.job import run_simulation
from screening.simulations.people import filter_data, people_of
from screening.simulations.tally import empty_counts
from screening.simulations.tasks import UNDER_WAY, simulate
from screening.submissions.keys import claim_form_key

SMALL_SIMULATION = 200  # people whose simulation is not worth a wait for a worker


@transaction.atomic
def start_dry_run(revision: AmendmentRevision, author: User) -> Simulation:
    """Start a dry run of a revision of an amendment over every subject in the trial.

    Refused: running, where one is under way already.
    """
    AmendmentRevision.objects.select_for_update(no_key=True).get(pk=revision.pk)
    if SimulationProgress.objects.filter(simulation__revision=revision, state__in=UNDER_WAY).exists():
        raise Refused("running", _("A dry run of this draft is under way already."))
    return create_simulation(author, base=revision.amendment.base, revision=revision, filters={})


@transaction.atomic
def start_what_if(
    base: ProtocolVersion, values: Mapping[str, Decimal | None], filters: LogFilter, author: User
) -> Simulation:
    """Start a simulation of other parameter values over the subjects whom the filter selects.

    A value of None is `any time`. Raises BadDefinition where a value is faulty.
    """
    written = definition_values(values)
    edition_with(base, written)
    return create_simulation(author, base=base, values=written, filters=filter_data(filters))


def create_simulation(author: User, **asked: Any) -> Simulation:
    simulation = Simulation.objects.create(created_by=author, **asked)
    total = people_of(simulation).count()
    SimulationProgress.objects.create(simulation=simulation, total=total, counts=empty_counts())
    begin = run_simulation if total <= SMALL_SIMULATION else simulate.enqueue
    transaction.on_commit(partial(begin, simulation.pk))
    return simulation


@transaction.atomic
def cancel_simulation(simulation: Simulation, user: User) -> None:
    """Cancel a simulation.

    Refused: ended, where it has ended. The changes found among the subjects evaluated so far stay on record,
    without a report.
    """
    under_way = SimulationProgress.objects.filter(simulation=simulation, state__in=UNDER_WAY)
    by = _("Cancelled by %(name)s.") % {"name": user.username}
    if not under_way.update(state=SimulationState.CANCELLED, error=by):
        raise Refused("ended", _("The simulation has ended already."))
    claim_form_key()  # what was computed so far is no record
