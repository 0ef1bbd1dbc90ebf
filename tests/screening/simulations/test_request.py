from datetime import date
from decimal import Decimal

import pytest
from django_tasks_db.models import DBTaskResult

from criteria.definition.reader import BadDefinition
from criteria.records import canonical
from criteria.records.refusal import Refused
from criteria.versions.versions import protocol_of
from screening.log.filter import LogFilter
from screening.models import Simulation, SimulationProgress, SubjectStatus
from screening.simulations import (
    cancel_simulation,
    edition_of_simulation,
    filters_of,
    request,
    run_simulation,
    start_dry_run,
    start_what_if,
)


def state(simulation):
    return SimulationProgress.objects.get(simulation=simulation).state


def test_few_people_are_looked_at_at_once(neutrophils, lowered, administrator, committed):
    neutrophils(1.2, 3.2)
    with committed():
        simulation = start_dry_run(lowered, administrator)
        assert state(simulation) == "waiting"
    assert state(simulation) == "done"
    assert not DBTaskResult.objects.exists()
    assert simulation.created_by == simulation.report.created_by == administrator


def test_many_people_wait_for_a_worker(neutrophils, lowered, administrator, committed, monkeypatch):
    monkeypatch.setattr(request, "SMALL_SIMULATION", 1)
    neutrophils(1.2, 3.2)
    with committed():
        simulation = start_dry_run(lowered, administrator)
    progress = SimulationProgress.objects.get(simulation=simulation)
    assert (progress.state, progress.total, progress.done) == ("waiting", 2, 0)
    assert DBTaskResult.objects.get().args_kwargs == {"args": [simulation.pk], "kwargs": {}}


def test_dry_run_is_refused_while_one_of_the_same_revision_is_under_way(lowered, administrator):
    simulation = start_dry_run(lowered, administrator)
    with pytest.raises(Refused) as refused:
        start_dry_run(lowered, administrator)
    assert refused.value.code == "running"
    run_simulation(simulation.pk)
    assert start_dry_run(lowered, administrator) != simulation


def test_dry_run_is_of_the_draft_s_definition(lowered, administrator, version):
    simulation = start_dry_run(lowered, administrator)
    assert (simulation.base, simulation.values, simulation.filters) == (version, None, {})
    assert edition_of_simulation(simulation).protocol.limits["min_anc"].value == 1000


def test_what_if_keeps_its_values_as_a_definition_writes_them(version, investigator):
    values = {"min_anc": Decimal("1000"), "max_creatinine": Decimal("1.50")}
    asked = start_what_if(version, values, LogFilter(), investigator)
    simulation = Simulation.objects.get(pk=asked.pk)
    assert canonical.dump(simulation.values) == '{"min_anc":1000,"max_creatinine":1.50}'
    tried = edition_of_simulation(simulation).protocol.limits
    assert (tried["min_anc"].value, tried["max_creatinine"].value) == (1000, Decimal("1.5"))
    assert tried["min_platelets"] == protocol_of(version).limits["min_platelets"]


def test_window_can_be_closed_and_opened_again(version, investigator, opened_window):
    tried = start_what_if(version, {opened_window: Decimal(28)}, LogFilter(), investigator)
    assert edition_of_simulation(tried).protocol.limits[opened_window].value == 28
    tried = start_what_if(version, {opened_window: None}, LogFilter(), investigator)
    assert Simulation.objects.get(pk=tried.pk).values == {opened_window: "any time"}
    assert edition_of_simulation(tried).protocol.limits[opened_window].value is None


@pytest.fixture
def opened_window(version):
    return next(name for name, limit in protocol_of(version).limits.items() if limit.value is None)


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"min_anc": Decimal("-1")}, "parameters.min_anc.value"),
        ({"min_anc": Decimal("NaN")}, "parameters.min_anc"),
        ({"min_anc": Decimal("Infinity")}, "parameters.min_anc"),
        ({"min_amc": Decimal("1000")}, "parameters.min_amc"),
    ],
)
def test_what_if_is_refused_when_a_value_is_faulty(version, investigator, values, place):
    with pytest.raises(BadDefinition) as refused:
        start_what_if(version, values, LogFilter(), investigator)
    assert {fault.path for fault in refused.value.faults} == {place}
    assert not Simulation.objects.exists()


def test_limit_that_is_no_window_cannot_be_open(version, investigator):
    with pytest.raises(BadDefinition, match="any time"):
        start_what_if(version, {"min_anc": None}, LogFilter(), investigator)


@pytest.mark.parametrize(
    "filters",
    [
        LogFilter(),
        LogFilter(sort="-visit_date"),
        LogFilter("NCT05990231", date(2026, 1, 1), date(2026, 2, 1), "I08", "ineligible", "failure", "user1", "1.1"),
        LogFilter(screened_from=date(2026, 1, 1)),
    ],
)
def test_filter_is_read_back_as_it_was_asked(version, investigator, filters):
    simulation = start_what_if(version, {}, filters, investigator)
    assert filters_of(Simulation.objects.get(pk=simulation.pk)) == filters


def test_only_what_was_asked_is_stored_of_a_filter(version, investigator):
    filters = LogFilter(screened_from=date(2026, 1, 1), outcome="ineligible")
    simulation = start_what_if(version, {}, filters, investigator)
    assert simulation.filters == {"screened_from": "2026-01-01", "outcome": "ineligible"}


def test_what_if_looks_only_at_those_whom_the_filter_lets_through(neutrophils, version, investigator, committed):
    rows = neutrophils(1.2, 1.3, 1.4, 1.2)
    SubjectStatus.objects.filter(pk__in=[rows[1].pk, rows[3].pk]).update(
        decision="failure", visit_date=date(2026, 3, 9)
    )
    SubjectStatus.objects.filter(pk=rows[2].pk).update(visit_date=date(2026, 3, 10))
    filters = LogFilter(decision="failure", screened_to=date(2026, 3, 9))
    with committed():
        simulation = start_what_if(version, {"min_anc": Decimal(1300)}, filters, investigator)
    assert simulation.report.people == 2
    change = simulation.changes.get()
    assert (change.subject_id, change.effect) == (rows[1].subject_id, "gained")


def test_nobody_is_looked_at_when_the_filter_lets_nobody_through(neutrophils, version, investigator, committed):
    neutrophils(1.2)
    with committed():
        simulation = start_what_if(version, {"min_anc": Decimal(1000)}, LogFilter(trial="OTHER"), investigator)
    assert (state(simulation), simulation.report.people) == ("done", 0)


def test_waiting_simulation_can_be_cancelled_once(lowered, administrator, investigator):
    simulation = start_dry_run(lowered, administrator)
    cancel_simulation(simulation, investigator)
    assert state(simulation) == "cancelled"
    run_simulation(simulation.pk)
    assert state(simulation) == "cancelled"
    with pytest.raises(Refused) as refused:
        cancel_simulation(simulation, investigator)
    assert refused.value.code == "ended"


def test_what_is_done_cannot_be_cancelled(lowered, administrator):
    simulation = start_dry_run(lowered, administrator)
    run_simulation(simulation.pk)
    with pytest.raises(Refused):
        cancel_simulation(simulation, administrator)
    assert state(simulation) == "done"
