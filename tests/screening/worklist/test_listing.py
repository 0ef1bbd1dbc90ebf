from datetime import date, timedelta

import pytest

from criteria.models import Trial
from screening.eligibility.assess import assess
from screening.models import NEVER, SubjectStatus
from screening.visits.drafts import keep_draft
from screening.visits.save import open_visit, register_subject, save_section
from screening.worklist.listing import (
    NO_VISIT,
    WORK_LIST_SORTS,
    WorkListFilter,
    assessments_of,
    verdict_sheet,
    visits_of,
    work_list,
)
from tests.support.factories import StandingFactory, SubjectFactory, VisitFactory

TODAY = date(2026, 3, 10)


@pytest.fixture
def screened(trial, coordinator, cases):
    """Registers a subject with one visit, assessed or not."""

    def screen(case: str, assessed: bool = True):
        visit = open_visit(register_subject(trial, coordinator), coordinator, cases[case]["document"])
        if assessed:
            assess(visit.latest_revision(), coordinator)
        return visit

    return screen


def found(**filters):
    return [row.screening_number for row in work_list(WorkListFilter(TODAY, **filters)).rows]


def test_work_list_shows_everybody_the_one_saved_last_first(screened, trial, coordinator):
    first, second = screened("base-man"), screened("I03-ecog-2")
    register_subject(trial, coordinator)
    save_section(first, "performance", {"performance": {"ecog": 2}}, 1, coordinator, reason="asked again")
    row, *_, last = work_list(WorkListFilter(TODAY)).rows
    assert (row.visit, row.overall, row.changed_since, row.attempts) == (first, "ineligible", True, 1)
    assert (row.fails, row.unknowns) == (1, 1)
    assert (last.visit, last.overall, last.changed_since) == (second, "ineligible", False)


def test_work_list_marks_visits_in_which_somebody_is_typing(screened, coordinator):
    typed, other = screened("base-man"), screened("base-woman")
    keep_draft(typed, "performance", coordinator, 1, "performance-ecog=2")
    marks = {row.visit: row.has_draft for row in work_list(WorkListFilter(TODAY)).rows}
    assert marks == {typed: True, other: False}


@pytest.mark.parametrize("people", [1, 5])
def test_number_of_queries_is_the_same_for_any_number_of_people(screened, people, django_assert_num_queries):
    for _ in range(people):
        screened("base-man")
    with django_assert_num_queries(1):
        rows = work_list(WorkListFilter(TODAY)).rows
        told = [(row.trial.code, row.visit.number, row.assessment.overall, row.changed_since) for row in rows]
    assert told == [("NCT05990231", 1, "eligible", False)] * people


@pytest.fixture
def listed(trial, coordinator):
    """A row of the work list, as if it had been computed."""

    def listed(number: str, **facts):
        subject = SubjectFactory(trial=facts.get("trial", trial), screening_number=number, created_by=coordinator)
        return StandingFactory(subject=subject, **facts)

    return listed


@pytest.mark.parametrize(
    ("search", "numbers"), [("12", ["S-0012"]), ("s-00", ["S-0012", "S-0003"]), ("%", []), ("\0", [])]
)
def test_search_finds_part_of_a_screening_number(listed, search, numbers):
    listed("S-0003")
    listed("S-0012")
    assert found(search=search, sort="-screening_number") == numbers


def test_finding_filters_the_list(listed, trial, coordinator):
    register_subject(trial, coordinator)
    visit = open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})
    SubjectStatus.objects.filter(visit=visit).delete()
    for number, overall in (("E", "eligible"), ("I", "ineligible"), ("U", "undetermined")):
        listed(number, overall=overall, visit=VisitFactory(subject=visit.subject, number=ord(number)))
    for number, finding in (("E", "eligible"), ("I", "ineligible"), ("U", "undetermined"), ("S-0001", NO_VISIT)):
        assert found(finding=finding) == [number]


def test_due_finds_those_whose_findings_end_about_now(listed):
    for days in (-8, -7, 0, 7, 8):
        listed(f"{days:+}", holds_until=TODAY + timedelta(days))
    listed("never", holds_until=NEVER)
    assert found(due=7, sort="holds_until") == ["-7", "+0", "+7"]


def test_trial_filters_the_list(listed, trial):
    other = Trial.objects.create(code="NCT00000000", title="Another trial")
    listed("here", trial=trial)
    listed("there", trial=other)
    assert found(trial=other.code) == ["there"]


@pytest.mark.parametrize("sort", WORK_LIST_SORTS)
def test_list_is_sorted_both_ways(listed, sort):
    low = {
        "holds_until": TODAY,
        "planned_first_dose": TODAY,
        "saved_at": "2026-03-10T08:00Z",
        "fails": 0,
        "unknowns": 2,
    }
    high = {
        "holds_until": NEVER,
        "planned_first_dose": NEVER,
        "saved_at": "2026-03-11T08:00Z",
        "fails": 9,
        "unknowns": 10,
    }
    listed("B", **high)
    listed("A", **low)
    assert (found(sort=sort), found(sort=f"-{sort}")) == (["A", "B"], ["B", "A"])


def test_list_refuses_an_order_that_there_is_not(db):
    with pytest.raises(ValueError, match="next_step"):
        work_list(WorkListFilter(TODAY, sort="next_step"))


def test_filter_holds_on_the_next_page(listed, monkeypatch):
    monkeypatch.setattr("screening.worklist.listing.WORK_LIST_PAGE_SIZE", 2)
    for number in ("S-1", "T-2", "S-3", "S-4"):
        listed(number)
    filters = WorkListFilter(TODAY, search="S-", sort="screening_number")
    first = work_list(filters)
    assert [row.screening_number for row in first.rows] == ["S-1", "S-3"]
    assert [row.screening_number for row in work_list(filters, first.next).rows] == ["S-4"]
    assert SubjectStatus.objects.count() == 4


def test_sheet_is_grouped_by_outcome(screened, coordinator, django_assert_num_queries):
    assessment = assess(screened("I03-ecog-2", assessed=False).latest_revision(), coordinator)
    with django_assert_num_queries(1):
        sheet = verdict_sheet(assessment)
        assert [verdict.criterion.statement for verdict in sheet.fails] == ["ECOG performance status 0 or 1"]
    assert {verdict.outcome for verdict in sheet.passes} == {"pass"}
    assert {verdict.code for verdict in sheet.not_applicable} == {"I09", "I10", "E28"}
    assert sheet.unknowns == []
    assert [verdict.code for verdict in sheet.passes][:3] == ["I01", "I02", "I04"]


def test_visits_are_listed_latest_first_each_with_its_state(screened, coordinator, django_assert_num_queries):
    first = screened("base-man")
    second = open_visit(first.subject, coordinator, first.latest_revision().document)
    with django_assert_num_queries(3):
        rows = visits_of(first.subject)
        assert [(row.visit, row.overall) for row in rows] == [(second, ""), (first, "eligible")]
    assert [row.visit_date for row in rows] == [date(2026, 3, 9)] * 2


def test_visit_has_the_latest_of_its_assessments(screened, coordinator):
    visit = screened("base-man")
    save_section(visit, "performance", {"performance": {"ecog": 2}}, 1, coordinator, reason="measured again")
    latest = assess(visit.latest_revision(), coordinator)
    (row,) = visits_of(visit.subject)
    assert (row.assessment, row.changed_since) == (latest, False)
    assert list(assessments_of(visit).values_list("overall", "revision_number")) == [("ineligible", 2), ("eligible", 1)]
    save_section(visit, "performance", {}, 2, coordinator, reason="another person's")
    (row,) = visits_of(visit.subject)
    assert (row.assessment, row.changed_since) == (latest, True)
