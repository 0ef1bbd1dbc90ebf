"""Simulations in the task queue, which only carries them: the status of each is in its own row."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from screening.models import SimulationProgress, SimulationState
from screening.simulations.job import SILENCE, run_simulation

UNDER_WAY = (SimulationState.WAITING, SimulationState.RUNNING)


@task()
def simulate(simulation_id: int) -> None:
    run_simulation(simulation_id, settings.SIMULATION_PROCESSES)


def requeue_silent() -> int:
    """Queue again every simulation that gave no sign of life for a while, and return how many.

    Its worker was killed (the library then leaves the task running for ever), or its task was lost. One that is
    queued twice is still run once.
    """
    silent = SimulationProgress.objects.filter(state__in=UNDER_WAY, beat_at__lt=timezone.now() - SILENCE)
    taken = 0
    for key in list(silent.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            if silent.filter(pk=key).update(state=SimulationState.WAITING, worker="", beat_at=timezone.now()):
                simulate.enqueue(key)
                taken += 1
    return taken
