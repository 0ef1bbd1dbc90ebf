"""The worker and the queue, each simulation once whatever becomes of its task."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from screening.models import SimulationProgress
from screening.simulations import request, start_dry_run, worker
from screening.simulations.tasks import requeue_silent
from screening.simulations.worker import Worker

LONG_AGO = timedelta(seconds=61)


@pytest.fixture(autouse=True)
def kept_connection(monkeypatch):
    """The test's transaction is lost with its connection, which the library closes between two tasks."""
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker.connections, "close_all", lambda: None)


@pytest.fixture
def queued(neutrophils, lowered, administrator, committed, monkeypatch):
    monkeypatch.setattr(request, "SMALL_SIMULATION", 0)
    neutrophils(1.2, 3.2)
    with committed():
        return start_dry_run(lowered, administrator)


def state(simulation):
    return SimulationProgress.objects.get(simulation=simulation).state


def test_worker_does_what_is_queued(queued):
    Worker().do_pending_work()
    assert state(queued) == "done"
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_worker_takes_up_what_a_killed_one_left_running(queued):
    """The library's task stays running for ever: the simulation's own row is what counts."""
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now())
    SimulationProgress.objects.update(state="running", worker="dead")
    Worker().do_pending_work()
    assert state(queued) == "running"
    SimulationProgress.objects.update(beat_at=timezone.now() - LONG_AGO)
    Worker().do_pending_work()
    assert state(queued) == "done"
    assert queued.report.people == 2


def test_worker_takes_up_what_waits_and_lost_its_task(queued):
    DBTaskResult.objects.all().delete()
    Worker().do_pending_work()
    assert state(queued) == "waiting"
    SimulationProgress.objects.update(beat_at=timezone.now() - LONG_AGO)
    Worker().do_pending_work()
    assert state(queued) == "done"


def test_simulation_is_queued_again_once_a_minute_at_most(queued):
    SimulationProgress.objects.update(beat_at=timezone.now() - LONG_AGO)
    assert (requeue_silent(), requeue_silent()) == (1, 0)
    assert DBTaskResult.objects.count() == 2
    Worker().do_pending_work()
    assert state(queued) == "done"
    assert queued.report.people == 2


@pytest.mark.parametrize("ended", ["done", "cancelled", "failed"])
def test_what_has_ended_is_not_taken_up(queued, ended):
    SimulationProgress.objects.update(state=ended, beat_at=timezone.now() - LONG_AGO)
    assert requeue_silent() == 0


def test_worker_goes_on_when_the_database_was_away(queued, monkeypatch, caplog):
    def away():
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patch:
        patch.setattr(worker, "requeue_silent", away)
        Worker().do_pending_work()
    assert "cannot reach the database" in caplog.text
    Worker().do_pending_work()
    assert state(queued) == "done"


def test_worker_ends_at_the_first_signal_and_lets_a_second_one_pass():
    stopped = Worker()
    with pytest.raises(SystemExit):
        stopped.shutdown(15, None)
    stopped.shutdown(2, None)
    assert not stopped.running


def test_worker_does_what_is_due_before_each_look_into_the_queue(queued):
    seen = []
    each = Worker(between=lambda: seen.append(state(queued)))
    each.do_pending_work()
    each.do_pending_work()
    assert seen == ["waiting", "done"]


def test_worker_goes_on_when_the_database_is_away_for_what_is_due(queued, caplog):
    def between():
        raise OperationalError

    Worker(between=between).do_pending_work()
    assert "cannot reach the database" in caplog.text
    assert state(queued) == "waiting"
