"""The simulation job: chunk after chunk of subjects, each saved with the progress in one short transaction.

A job that is interrupted between two chunks continues after the last one, so that nobody is left out or
counted twice. Subjects are evaluated outside of transactions, so that other users can save meanwhile.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import closing
from datetime import timedelta
from itertools import islice
from uuid import uuid4

from django.db import OperationalError, connections, transaction
from django.db.models import QuerySet
from django.utils import timezone

from criteria.evaluation.in_order import map_in_order
from criteria.versions.versions import edition_of
from screening.models import SimulatedChange, SimulationProgress, SimulationReport, SimulationState
from screening.models.subject_status import join_codes
from screening.simulations.editions import comparison_of_simulation, edition_of_simulation
from screening.simulations.evaluation import Evaluation, OutcomeShift, effect_of, was_ineligible_before
from screening.simulations.people import Person, people_after
from screening.simulations.tally import count_person

PEOPLE_PER_CHUNK = 200
SILENCE = timedelta(seconds=60)  # many times what a chunk takes

logger = logging.getLogger(__name__)


class ClaimLost(Exception):
    """The simulation was cancelled, or is now another worker's: this one stops, and saves nothing more."""


def run_simulation(simulation_id: int, processes: int = 1) -> None:
    """Run a simulation to its end, unless it is cancelled.

    Does nothing where it is not waiting: another worker has it, or it has ended. With several processes, the others
    evaluate; only this one reads and writes the database.
    """
    progress = claim_simulation(simulation_id)
    if progress is None:
        return
    try:
        run_chunks(progress, processes)
    except ClaimLost:
        return
    except OperationalError:  # the database went away or was busy: taken up again after a while, like any interruption
        logger.exception("Simulation %s was interrupted", simulation_id)
    except Exception as error:
        logger.exception("Simulation %s failed", simulation_id)
        own_progress(progress).update(state=SimulationState.FAILED, error=f"{type(error).__name__}: {error}")
    except BaseException:  # the worker is told to stop
        release_simulation(progress)
        raise


@transaction.atomic
def claim_simulation(simulation_id: int) -> SimulationProgress | None:
    waiting = SimulationProgress.objects.select_for_update(of=["self"], no_key=True).select_related(
        "simulation__base__trial", "simulation__revision"
    )
    progress = waiting.filter(pk=simulation_id, state=SimulationState.WAITING).first()
    if progress is not None:
        progress.state, progress.worker, progress.beat_at = SimulationState.RUNNING, uuid4().hex, timezone.now()
        progress.save()
    return progress


def own_progress(progress: SimulationProgress) -> QuerySet[SimulationProgress]:
    """Return the progress row as a queryset, which is empty once the row is no longer this worker's."""
    return SimulationProgress.objects.filter(pk=progress.pk, state=SimulationState.RUNNING, worker=progress.worker)


def release_simulation(progress: SimulationProgress) -> None:
    """Release the simulation, so that the next worker that starts can claim it at once."""
    own_progress(progress).update(state=SimulationState.WAITING, worker="", beat_at=timezone.now() - SILENCE)


def run_chunks(progress: SimulationProgress, processes: int) -> None:
    simulation = progress.simulation
    editions = edition_of(simulation.base), edition_of_simulation(simulation)
    evaluation = Evaluation(*editions, comparison_of_simulation(simulation))
    if processes > 1:
        evaluation.compile()
        connections.close_all()  # the others must not share one
    people = people_after(simulation, progress.last, PEOPLE_PER_CHUNK)
    with closing(map_in_order(evaluation.person_shift, people, processes)) as shifts:
        while chunk := list(islice(shifts, PEOPLE_PER_CHUNK)):
            save_chunk(progress, count_chunk(chunk, progress))
    finish_simulation(progress)


def count_chunk(chunk: Iterable[tuple[Person, OutcomeShift]], progress: SimulationProgress) -> list[SimulatedChange]:
    """Return the changes in a chunk of subjects.

    Counts every subject in `progress`, which is not saved here.
    """
    changes = []
    for person, shift in chunk:
        effect = effect_of(person, shift) if shift.is_changed else None
        count_person(progress.counts, shift, effect, held=was_ineligible_before(person, shift))
        progress.done, progress.last = progress.done + 1, person.subject
        if effect is not None:
            changes.append(
                SimulatedChange(
                    simulation=progress.simulation,
                    subject_id=person.subject,
                    revision_id=person.revision,
                    before=shift.before,
                    after=shift.after,
                    effect=effect,
                    codes=join_codes(list(shift.changes)),
                    changes=shift.changes,
                )
            )
    return changes


@transaction.atomic
def save_chunk(progress: SimulationProgress, changes: list[SimulatedChange]) -> None:
    lock_claim(progress)
    SimulatedChange.objects.bulk_create(changes)
    progress.total = max(progress.total, progress.done)  # people may have come since it was asked for
    progress.beat_at = timezone.now()
    progress.save()


@transaction.atomic
def finish_simulation(progress: SimulationProgress) -> None:
    lock_claim(progress)
    SimulationReport.objects.create(
        simulation=progress.simulation,
        people=progress.done,
        counts=progress.counts,
        created_by_id=progress.simulation.created_by_id,
    )
    progress.state, progress.total, progress.beat_at = SimulationState.DONE, progress.done, timezone.now()
    progress.save()


def lock_claim(progress: SimulationProgress) -> None:
    """Lock the row until the end of the transaction.

    Raises ClaimLost where it is no longer this worker's.
    """
    if own_progress(progress).select_for_update(no_key=True).first() is None:
        raise ClaimLost
