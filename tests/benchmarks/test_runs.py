"""Every benchmark runs, with tiny numbers; how quick anything is, no test says."""

import importlib
import os
import pkgutil
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

import benchmarks
from benchmarks import engine, handwritten, live, load, panel, people, revisions, saving, simulation, tight, trail, way
from benchmarks.log import measure
from tests.support.random_documents import random_document

RUN_ALONE = ("engine", "panel", "saving", "live", "load", "revisions", "way", "simulation", "trail", "log/__main__")
MODULES = [found.name for found in pkgutil.walk_packages(benchmarks.__path__, "benchmarks.")]


@pytest.fixture
def tiny(monkeypatch):
    for module in (engine, panel, saving, live, revisions, measure):
        monkeypatch.setattr(module, "ROUNDS", 1)
    monkeypatch.setattr(engine, "DOCUMENTS", 2)
    monkeypatch.setattr(panel, "RANDOM", 2)
    monkeypatch.setattr(revisions, "REVISIONS", 3)
    monkeypatch.setattr(people, "BY_THE_VERBS", 1)
    monkeypatch.setattr(people, "Case", people.Case)  # restored afterwards
    for module in (simulation, trail, measure):
        monkeypatch.setattr(module, "analyse", lambda: None)  # PostgreSQL refuses it within a test's transaction


@pytest.mark.parametrize("name", MODULES)
def test_benchmark_can_be_imported(name):
    importlib.import_module(name)


def test_benchmarks_set_django_up_themselves_when_run_alone():
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    imports = "".join(f"import {name}\n" for name in MODULES)
    subprocess.run([sys.executable, "-c", imports], env=environment, check=True)  # noqa: S603, our own command


@pytest.mark.parametrize("name", RUN_ALONE)
def test_benchmark_measures_something_when_run_alone(name):
    text = Path(benchmarks.__path__[0], f"{name}.py").read_text(encoding="utf-8")
    assert 'if __name__ == "__main__":\n' in text


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 2**32))
def test_yardstick_says_what_the_readable_functions_say(seed):
    document = random_document(random.Random(seed))
    assert tight.outcomes(document) == handwritten.outcomes(document)


def test_steps_of_one_visit_are_compared_with_the_yardstick(tiny, capsys):
    engine.main()
    lines = capsys.readouterr().out.splitlines()
    assert sum("us  x" in line for line in lines) == 2 * len(engine.steps(engine.protocol(), []))


def test_what_is_worked_out_while_somebody_types_is_timed(tiny, capsys):
    panel.main()
    assert "next turn, within a year: a full visit" in capsys.readouterr().out


@pytest.mark.django_db
def test_saving_assessing_and_the_panel_beside_each_form_are_timed(tiny, capsys):
    saving.measure()
    found = capsys.readouterr().out
    assert "assessing and saving a visit" in found
    assert "slowest answer of all" in found


@pytest.mark.django_db
def test_panel_beside_each_form_is_timed_alone(tiny, capsys):
    live.main()
    assert "slowest answer of all" in capsys.readouterr().out


@pytest.mark.django_db
def test_pages_of_a_visit_with_many_revisions_are_timed(tiny, capsys):
    revisions.measure()
    found = capsys.readouterr().out
    assert "review at 3 revisions" in found
    assert " 0 queries" not in found


@pytest.mark.django_db(transaction=True)
def test_coordinators_save_and_assess_and_nothing_is_lost(live_server, capsys):
    accounts = [load.account(number) for number in range(2)]
    load.measure(accounts, "127.0.0.1", live_server.thread.port, 3, "localhost")
    found = capsys.readouterr().out
    assert "answers {302: " in found
    (kept,) = re.findall(r"(\d+) of (\d+) saves that were answered are there exactly once", found)
    assert kept[0] == kept[1] != "0"


@pytest.mark.django_db
def test_way_of_one_value_is_counted(capsys):
    way.measure()
    assert "assessing one laboratory value" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize("full", [True, False])
def test_dry_run_over_everybody_is_timed(tiny, capsys, full):
    simulation.main(6, full=full)
    assert "dry run of 6 people" in capsys.readouterr().out


@pytest.mark.django_db
def test_log_is_timed(tiny, capsys):
    measure.main(6)
    assert "everybody, page 1" in capsys.readouterr().out


@pytest.mark.django_db
def test_audit_trail_is_timed(tiny, capsys):
    trail.main(6)
    assert "signatures, page 1" in capsys.readouterr().out
