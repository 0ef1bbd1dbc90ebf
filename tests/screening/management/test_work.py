"""`manage.py work` as it runs beside the server: killed in the middle, stopped, and never in anybody's way."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from screening.models import SimulationProgress
from screening.simulations import start_dry_run
from screening.visits.save import register_subject
from tests.screening.simulations.people import draft, screen, with_neutrophils

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).parents[3]
PEOPLE = 900
PATIENCE = 60  # seconds, on a machine that is busy with other things


@pytest.fixture
def simulation(version, coordinator, administrator, cases):
    """A dry run that takes a worker a second or more; every third person fails by the old limit only."""
    man = cases["base-man"]["document"]
    few = with_neutrophils(man, 1.2)
    screen(version, coordinator, [man if number % 3 else few for number in range(PEOPLE)])
    return start_dry_run(draft(version, administrator, min_anc=1000), administrator)


def database():
    """The test's database as an address."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    account = f"{quote(known['USER'])}:{quote(known['PASSWORD'])}@" if known["USER"] else ""
    return f"postgres://{account}{known['HOST']}:{known['PORT'] or 5432}/{known['NAME']}"


@contextmanager
def working():
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "trialsite.settings.test", "DATABASE_URL": database()}
    process = subprocess.Popen([sys.executable, "manage.py", "work"], cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE)


def progress():
    return SimulationProgress.objects.get()


def wait_until(reached):
    until = monotonic() + PATIENCE
    while not reached(progress()):
        assert monotonic() < until, vars(progress())
        sleep(0.02)


def assert_complete(simulation):
    assert (simulation.report.people, progress().done) == (PEOPLE, PEOPLE)
    assert simulation.report.counts["criteria"] == {"I08": {"fail>pass": PEOPLE // 3}}
    assert simulation.changes.count() == PEOPLE // 3


def test_each_person_is_counted_once_when_the_worker_is_killed_in_the_middle(simulation):
    with working() as worker:
        wait_until(lambda row: row.done > 0)
        worker.send_signal(signal.SIGKILL)
        worker.wait(PATIENCE)
    assert 0 < progress().done < PEOPLE
    assert progress().state == "running"
    SimulationProgress.objects.update(beat_at=timezone.now() - timedelta(seconds=61))
    with working():
        wait_until(lambda row: row.state == "done")
    assert_complete(simulation)


def test_stopped_worker_ends_at_once_and_the_next_one_goes_on(simulation):
    with working() as worker:
        wait_until(lambda row: row.done > 0)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE) == 0
    assert 0 < progress().done < PEOPLE
    assert progress().state == "waiting"
    with working():
        wait_until(lambda row: row.state == "done")
    assert_complete(simulation)


def test_others_save_while_it_runs(simulation, trial, coordinator):
    with working():
        wait_until(lambda row: row.done > 0)
        register_subject(trial, coordinator)
        assert progress().state == "running"
        wait_until(lambda row: row.state == "done")
    assert_complete(simulation)
