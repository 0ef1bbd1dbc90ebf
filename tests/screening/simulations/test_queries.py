from decimal import Decimal

import pytest

from screening.log.filter import LogFilter
from screening.models import SimulatedChange, SimulationProgress, SubjectStatus
from screening.simulations import (
    cancel_simulation,
    changes_page,
    dry_run_under_way,
    has_complete_dry_run,
    latest_dry_run_report,
    people_now,
    queries,
    run_simulation,
    start_dry_run,
    start_what_if,
    unfinished_simulations,
)
from tests.screening.simulations.people import draft
from tests.support.factories import SubjectFactory


@pytest.fixture
def done(neutrophils, lowered, administrator):
    """Of eight people five change: two lose, one gains."""
    rows = neutrophils(1.2, 3.2, 1.2, 1.2, 1.4, 1.1, 3.0, 2.0)
    rows[0].decision, rows[0].found = "failure", "ineligible"
    rows[1].enrolment_number = "E-001"
    rows[0].save()
    rows[1].save()
    simulation = start_dry_run(lowered, administrator)
    run_simulation(simulation.pk)
    return simulation


def numbers(page):
    return [change.subject.screening_number for change in page.rows]


def test_changes_come_in_the_order_of_registration(done):
    page = changes_page(done)
    assert numbers(page) == ["S-0001", "S-0003", "S-0004", "S-0005", "S-0006"]
    assert (page.next, page.previous) == (None, None)


def test_changes_are_cut_into_pages(done, monkeypatch):
    monkeypatch.setattr(queries, "CHANGES_PAGE_SIZE", 2)
    first = changes_page(done)
    second = changes_page(done, cursor=first.next)
    third = changes_page(done, cursor=second.next)
    shown = [numbers(page) for page in (first, second, third)]
    assert shown == [["S-0001", "S-0003"], ["S-0004", "S-0005"], ["S-0006"]]
    assert numbers(changes_page(done, cursor=third.previous)) == ["S-0004", "S-0005"]
    assert third.next is None


def test_changes_are_filtered_by_effect_and_criterion(done):
    assert numbers(changes_page(done, "gained")) == ["S-0001"]
    assert numbers(changes_page(done, "lost")) == []
    assert len(changes_page(done, "other", "I08").rows) == 4
    assert changes_page(done, code="I0").rows == []
    assert changes_page(done, code="E05").rows == []


@pytest.mark.parametrize("strange", ["%", "I08|", "\0", "' OR 1=1", "_08"])
def test_code_that_is_none_finds_nobody(done, strange):
    assert changes_page(done, code=strange).rows == []


def test_page_takes_one_query_however_many_change(done, django_assert_num_queries):
    with django_assert_num_queries(1):
        for change in changes_page(done).rows:
            assert change.subject.status.screening_number == change.subject.screening_number
            assert change.revision.visit.number == 1


def test_changes_of_another_simulation_are_not_shown(done, lowered, administrator):
    again = start_dry_run(lowered, administrator)
    assert changes_page(again).rows == []
    run_simulation(again.pk)
    assert numbers(changes_page(again)) == numbers(changes_page(done))
    assert SimulatedChange.objects.count() == 10


def test_report_is_there_once_everybody_was_looked_at(done, lowered, administrator):
    assert done.report.people == 8
    assert done.report.counts["gained"] == 1
    assert not hasattr(start_dry_run(lowered, administrator), "report")


def test_unfinished_are_those_that_wait_or_run(done, lowered, administrator):
    assert not unfinished_simulations().exists()
    again = start_dry_run(lowered, administrator)
    assert list(unfinished_simulations()) == [again]
    SimulationProgress.objects.filter(simulation=again).update(state="running")
    assert list(unfinished_simulations()) == [again]
    cancel_simulation(again, administrator)
    assert not unfinished_simulations().exists()


def test_latest_report_is_that_of_the_last_one_done_beside_one_under_way(lowered, administrator):
    assert (latest_dry_run_report(lowered), dry_run_under_way(lowered)) == (None, None)
    first = start_dry_run(lowered, administrator)
    assert (latest_dry_run_report(lowered), dry_run_under_way(lowered)) == (None, first)
    run_simulation(first.pk)
    second = start_dry_run(lowered, administrator)
    assert (latest_dry_run_report(lowered).simulation, dry_run_under_way(lowered)) == (first, second)
    run_simulation(second.pk)
    assert (latest_dry_run_report(lowered).simulation, dry_run_under_way(lowered)) == (second, None)


def test_people_now_are_those_whom_it_would_look_at_today(done, neutrophils, trial, coordinator, administrator):
    assert people_now(done) == done.report.people == 8
    neutrophils(1.2, 3.0)
    registered = SubjectFactory(trial=trial, created_by=coordinator)
    SubjectStatus.objects.create(subject=registered, trial=trial, screening_number="S-0099")  # without a visit
    assert people_now(done) == 10


def test_people_now_of_a_what_if_are_those_of_its_filter(version, neutrophils, administrator):
    rows = neutrophils(1.2, 3.0)
    SubjectStatus.objects.filter(pk=rows[0].pk).update(failed="|I08|")
    filters = LogFilter(trial=version.trial.code, criterion="I08")
    assert people_now(start_what_if(version, {"min_anc": Decimal(1000)}, filters, administrator)) == 1


@pytest.mark.parametrize("people", [1, 5])
def test_what_an_amendment_tells_of_its_dry_run_takes_a_query_each(
    lowered, administrator, neutrophils, people, django_assert_num_queries
):
    neutrophils(*[1.2] * people)
    run_simulation(start_dry_run(lowered, administrator).pk)
    start_dry_run(lowered, administrator)
    with django_assert_num_queries(3):
        assert people_now(latest_dry_run_report(lowered).simulation) == people
        assert dry_run_under_way(lowered).progress.total == people


def test_dry_run_over_nobody_does_not_count_once_there_are_people(lowered, administrator, neutrophils):
    run_simulation(start_dry_run(lowered, administrator).pk)
    assert has_complete_dry_run(lowered)
    neutrophils(1.2)
    assert not has_complete_dry_run(lowered)
    run_simulation(start_dry_run(lowered, administrator).pk)
    assert has_complete_dry_run(lowered)


def test_people_who_came_since_do_not_void_a_dry_run(done, lowered, neutrophils):
    neutrophils(1.2, 1.3)
    assert has_complete_dry_run(lowered)


def test_dry_run_counts_for_exactly_its_revision(lowered, administrator, version):
    simulation = start_dry_run(lowered, administrator)
    assert not has_complete_dry_run(lowered)
    run_simulation(simulation.pk)
    assert has_complete_dry_run(lowered)
    later = draft(version, administrator, min_anc=900)
    assert not has_complete_dry_run(later)


def test_cancelled_dry_run_does_not_count(lowered, administrator):
    cancel_simulation(start_dry_run(lowered, administrator), administrator)
    assert not has_complete_dry_run(lowered)
    assert (latest_dry_run_report(lowered), dry_run_under_way(lowered)) == (None, None)
