"""The job: chunk after chunk of people, each kept in one short transaction with how far it has come.

What is interrupted between two chunks goes on after the last one, so nobody is left out or counted twice. People are
evaluated outside of transactions: meanwhile everybody else can save.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta
from uuid import uuid4

from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from criteria.versions.versions import edition_of
from screening.models import SimulatedChange, SimulationProgress, SimulationReport, SimulationState
from screening.models.subject_status import listed
from screening.simulations.editions import comparison_of_simulation, edition_of_simulation
from screening.simulations.evaluation import Evaluation, effect_of, is_held
from screening.simulations.people import Person, next_people
from screening.simulations.tally import count

CHUNK = 200
SILENCE = timedelta(seconds=60)  # many times what a chunk takes

logger = logging.getLogger(__name__)


class Lost(Exception):
    """The simulation was cancelled, or is another worker's by now: this one stops, and keeps nothing more."""


def run(simulation_id: int) -> None:
    """To the end, unless it is cancelled. Does nothing where it is not waiting: another worker has it, or it ended."""
    progress = claim(simulation_id)
    if progress is None:
        return
    try:
        complete(progress)
    except Lost:
        return
    except OperationalError:  # the database went away or was busy: taken up again after a while, like any interruption
        logger.exception("Simulation %s was interrupted", simulation_id)
    except Exception as error:
        logger.exception("Simulation %s failed", simulation_id)
        held(progress).update(state=SimulationState.FAILED, error=f"{type(error).__name__}: {error}")
    except BaseException:  # the worker is told to stop
        release(progress)
        raise


@transaction.atomic
def claim(simulation_id: int) -> SimulationProgress | None:
    waiting = SimulationProgress.objects.select_for_update(of=["self"], no_key=True).select_related(
        "simulation__base__trial", "simulation__revision"
    )
    progress = waiting.filter(pk=simulation_id, state=SimulationState.WAITING).first()
    if progress is not None:
        progress.state, progress.worker, progress.beat_at = SimulationState.RUNNING, uuid4().hex, timezone.now()
        progress.save()
    return progress


def held(progress: SimulationProgress) -> QuerySet[SimulationProgress]:
    """The row, as long as it is this worker's."""
    return SimulationProgress.objects.filter(pk=progress.pk, state=SimulationState.RUNNING, worker=progress.worker)


def release(progress: SimulationProgress) -> None:
    """To be taken up at once by whoever starts next."""
    held(progress).update(state=SimulationState.WAITING, worker="", beat_at=timezone.now() - SILENCE)


def complete(progress: SimulationProgress) -> None:
    simulation = progress.simulation
    editions = edition_of(simulation.base), edition_of_simulation(simulation)
    evaluation = Evaluation(*editions, comparison_of_simulation(simulation))
    while people := next_people(simulation, progress.last, CHUNK):
        changes = look_at(people, evaluation, progress)
        keep(progress, changes)
    finish(progress)


def look_at(people: Iterable[Person], evaluation: Evaluation, progress: SimulationProgress) -> list[SimulatedChange]:
    """Who of a chunk would change; counts everybody in `progress`, which is not saved here."""
    changes = []
    for person in people:
        shift = evaluation.shift(person.document)
        effect = effect_of(person, shift) if shift.changed else None
        count(progress.counts, shift, effect, held=is_held(person, shift))
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
                    codes=listed(list(shift.changes)),
                    changes=shift.changes,
                )
            )
    return changes


@transaction.atomic
def keep(progress: SimulationProgress, changes: list[SimulatedChange]) -> None:
    make_sure(progress)
    SimulatedChange.objects.bulk_create(changes)
    progress.total = max(progress.total, progress.done)  # people may have come since it was asked for
    progress.beat_at = timezone.now()
    progress.save()


@transaction.atomic
def finish(progress: SimulationProgress) -> None:
    make_sure(progress)
    SimulationReport.objects.create(
        simulation=progress.simulation,
        people=progress.done,
        counts=progress.counts,
        created_by_id=progress.simulation.created_by_id,
    )
    progress.state, progress.total, progress.beat_at = SimulationState.DONE, progress.done, timezone.now()
    progress.save()


def make_sure(progress: SimulationProgress) -> None:
    """Locks the row until the end of the transaction; Lost where it is no longer this worker's."""
    if held(progress).select_for_update(no_key=True).first() is None:
        raise Lost
