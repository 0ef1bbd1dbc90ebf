"""A dry run over some people: what it finds, and that it survives whatever comes between two chunks."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import OperationalError
from django.utils import timezone

from screening.models import SimulatedChange, SimulationProgress, SimulationReport
from screening.simulations import cancel_simulation, job, run_simulation, start_dry_run
from screening.simulations.job import claim_simulation
from screening.simulations.tasks import requeue_silent
from screening.visits.save import register_subject
from tests.screening.simulations.people import screen

COUNTS = (0.9, 1.2, 1.6, 1.4, 3.2, None, 1.0)  # of which 1.2, 1.4 and 1.0 pass only by the lower limit


class Killed(BaseException):
    """The process is gone: nothing is cleaned up after it."""


@pytest.fixture
def asked(neutrophils, lowered, administrator, monkeypatch):
    """A dry run of seven people, two in a chunk, that waits."""
    monkeypatch.setattr(job, "PEOPLE_PER_CHUNK", 2)
    neutrophils(*COUNTS)
    return start_dry_run(lowered, administrator)


def progress(simulation):
    return SimulationProgress.objects.get(simulation=simulation)


def after(chunks, act):
    """`keep`, but `act` comes in the chunk after so many."""
    keep, kept = job.save_chunk, []

    def keep_or_act(*args):
        if len(kept) == chunks:
            act()
        kept.append(keep(*args))

    return keep_or_act


def stop_after(chunks, error):
    def fall():
        raise error

    return after(chunks, fall)


def assert_complete(simulation):
    """Everybody once, with the right outcomes."""
    report = SimulationReport.objects.get(simulation=simulation)
    counts = {pair: people for pair, people in report.counts["overall"].items() if people}
    assert counts == {
        "ineligible>ineligible": 1,
        "ineligible>eligible": 3,
        "eligible>eligible": 2,
        "undetermined>undetermined": 1,
    }
    assert len(report.counts["overall"]) == 9
    assert report.counts["criteria"] == {"I08": {"fail>pass": 3}}
    assert {name: report.counts[name] for name in ("changed", "lost", "gained", "unfit")} == {
        "changed": 3,
        "lost": 0,
        "gained": 0,
        "unfit": 0,
    }
    assert report.people == len(COUNTS)
    numbers = [change.subject.screening_number for change in simulation.changes.select_related("subject")]
    assert numbers == ["S-0002", "S-0004", "S-0007"]
    row = progress(simulation)
    assert (row.state, row.done, row.total) == ("done", len(COUNTS), len(COUNTS))


def test_everybody_is_evaluated_under_both_limits(asked):
    run_simulation(asked.pk)
    assert_complete(asked)
    change = asked.changes.first()
    assert (change.before, change.after, change.effect) == ("ineligible", "eligible", "other")
    assert (change.codes, change.changes) == ("|I08|", {"I08": ["fail", "pass"]})
    assert change.revision == change.subject.status.revision


def test_nothing_is_done_twice_when_the_task_comes_twice(asked):
    run_simulation(asked.pk)
    run_simulation(asked.pk)
    assert_complete(asked)


def test_several_processes_find_the_same_as_one(asked, monkeypatch):
    monkeypatch.setattr(job.connections, "close_all", lambda: None)  # the test's transaction is kept
    run_simulation(asked.pk, 2)
    assert_complete(asked)


@pytest.mark.parametrize("chunks", range(4))
def test_run_goes_on_after_the_last_chunk_when_the_worker_was_killed(asked, monkeypatch, chunks):
    with monkeypatch.context() as patch:
        patch.setattr(job, "save_chunk", stop_after(chunks, Killed()))
        patch.setattr(job, "release_simulation", lambda progress: None)
        with pytest.raises(Killed):
            run_simulation(asked.pk)
    assert (progress(asked).state, progress(asked).done) == ("running", 2 * chunks)
    assert not SimulationReport.objects.exists()
    run_simulation(asked.pk)  # which could be its old task: nobody knows yet that the worker is gone
    assert progress(asked).done == 2 * chunks
    assert requeue_silent() == 0
    SimulationProgress.objects.update(beat_at=timezone.now() - timedelta(seconds=61))
    assert requeue_silent() == 1
    run_simulation(asked.pk)
    assert_complete(asked)


def test_run_is_taken_up_at_once_when_the_worker_was_stopped(asked, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(job, "save_chunk", stop_after(1, SystemExit(0)))
        with pytest.raises(SystemExit):
            run_simulation(asked.pk)
    assert (progress(asked).state, progress(asked).done, progress(asked).worker) == ("waiting", 2, "")
    assert requeue_silent() == 1
    run_simulation(asked.pk)
    assert_complete(asked)


def test_run_is_taken_up_when_the_database_was_away_for_a_moment(asked, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(job, "save_chunk", stop_after(2, OperationalError("database is locked")))
        run_simulation(asked.pk)
    assert (progress(asked).state, progress(asked).done) == ("running", 4)
    SimulationProgress.objects.update(beat_at=timezone.now() - timedelta(seconds=61))
    assert requeue_silent() == 1
    run_simulation(asked.pk)
    assert_complete(asked)


def test_chunk_leaves_nothing_when_it_cannot_be_kept_whole(asked, monkeypatch):
    """Who would change and how far it has come are kept together."""
    claimed = claim_simulation(asked.pk)
    monkeypatch.setattr(job, "claim_simulation", lambda key: claimed)
    monkeypatch.setattr(SimulationProgress, "save", stop_after(0, Killed()))
    with pytest.raises(Killed):
        run_simulation(asked.pk)
    assert (progress(asked).done, SimulatedChange.objects.count()) == (0, 0)


def test_worker_stops_when_another_one_has_taken_over(asked, monkeypatch):
    def take_over():
        SimulationProgress.objects.update(worker="another")

    monkeypatch.setattr(job, "save_chunk", after(1, take_over))
    run_simulation(asked.pk)
    assert (progress(asked).state, progress(asked).worker, progress(asked).done) == ("running", "another", 2)


def test_simulation_is_claimed_once(asked):
    assert claim_simulation(asked.pk) is not None
    assert claim_simulation(asked.pk) is None


def test_no_report_is_made_when_it_is_cancelled_on_the_way(asked, monkeypatch, investigator):
    monkeypatch.setattr(job, "save_chunk", after(2, lambda: cancel_simulation(asked, investigator)))
    run_simulation(asked.pk)
    row = progress(asked)
    assert (row.state, row.done) == ("cancelled", 4)
    assert investigator.username in row.error
    assert not SimulationReport.objects.exists()
    run_simulation(asked.pk)
    assert progress(asked).done == 4


def test_error_is_told_and_logged_when_the_run_fails(asked, monkeypatch, caplog):
    monkeypatch.setattr(job, "save_chunk", stop_after(1, ZeroDivisionError("by nothing")))
    run_simulation(asked.pk)
    assert (progress(asked).state, progress(asked).error) == ("failed", "ZeroDivisionError: by nothing")
    assert "Traceback" in caplog.text
    assert not SimulationReport.objects.exists()
    assert requeue_silent() == 0


def test_nothing_else_changes_whatever_becomes_of_the_run(asked, monkeypatch, investigator):
    """No verdict, no standing, no version: a simulation adds to its own tables only."""
    before = everything()
    with monkeypatch.context() as patch:
        patch.setattr(job, "save_chunk", stop_after(2, SystemExit(0)))
        with pytest.raises(SystemExit):
            run_simulation(asked.pk)
    assert everything() == before
    requeue_silent()
    run_simulation(asked.pk)
    assert_complete(asked)
    assert everything() == before


def everything():
    """Every row of every table of records and of work, but those of simulations."""
    models = [model for app in ("criteria", "screening", "auth") for model in apps.get_app_config(app).get_models()]
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in models
        if not model.__name__.startswith(("Simulat",))
    }


def test_people_without_a_visit_are_not_counted(asked, trial, coordinator):
    register_subject(trial, coordinator)
    run_simulation(asked.pk)
    assert_complete(asked)


def test_who_comes_meanwhile_is_looked_at_too(asked, version, coordinator, man):
    screen(version, coordinator, [man])
    run_simulation(asked.pk)
    row = progress(asked)
    assert (row.done, row.total, asked.report.people) == (8, 8, 8)
