from datetime import date

import pytest

from screening.assess import assess
from screening.queries import assessments_of, subject_list, verdict_sheet, visits_of
from screening.revise import open_visit, register_subject, save_section


@pytest.fixture
def screened(trial, coordinator, cases):
    """Registers a subject with one visit, assessed or not."""

    def screen(case: str, assessed: bool = True):
        visit = open_visit(register_subject(trial, coordinator), coordinator, cases[case]["document"])
        if assessed:
            assess(visit.latest_revision(), coordinator)
        return visit

    return screen


def test_subject_has_empty_places_when_there_is_no_visit(trial, coordinator):
    subject = register_subject(trial, coordinator)
    (row,) = subject_list(trial)
    assert row.subject == subject
    assert (row.visit, row.revision, row.assessment, row.visit_date) == (None, None, None, None)
    assert (row.overall, row.changed_since) == ("", False)


def test_row_shows_the_finding_when_the_latest_visit_is_assessed(screened, trial):
    visit = screened("I03-ecog-2")
    (row,) = subject_list(trial)
    assert (row.visit, row.revision, row.overall) == (visit, visit.latest_revision(), "ineligible")
    assert not row.changed_since
    assert row.visit_date == date(2026, 3, 9)


def test_row_says_so_when_something_was_saved_after_the_assessment(screened, trial, coordinator):
    visit = screened("base-man")
    save_section(visit, "performance", {}, 1, coordinator, reason="another person's")
    (row,) = subject_list(trial)
    assert (row.overall, row.changed_since, row.revision.number) == ("eligible", True, 2)


def test_row_shows_the_latest_visit_when_there_are_two(screened, trial, coordinator, cases):
    first = screened("base-man")
    second = open_visit(first.subject, coordinator, cases["base-man"]["document"])
    (row,) = subject_list(trial)
    assert (row.visit, row.overall) == (second, "")


def test_row_shows_the_latest_assessment_when_there_are_two(screened, trial, coordinator):
    visit = screened("base-man")
    save_section(visit, "performance", {"performance": {"ecog": 2}}, 1, coordinator, reason="measured again")
    latest = assess(visit.latest_revision(), coordinator)
    (row,) = subject_list()
    assert row.assessment == latest
    assert list(assessments_of(visit).values_list("overall", "revision_number")) == [("ineligible", 2), ("eligible", 1)]


@pytest.mark.parametrize("subjects", [1, 5])
def test_number_of_queries_is_the_same_for_any_number_of_subjects(screened, trial, subjects, django_assert_num_queries):
    for _ in range(subjects):
        screened("nothing-known")
    with django_assert_num_queries(4):
        rows = subject_list(trial)
        assert [(row.subject.trial.code, row.visit_date) for row in rows] == [(trial.code, date(2026, 3, 9))] * subjects


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
    with django_assert_num_queries(4):
        rows = visits_of(first.subject)
        assert [(row.visit, row.overall) for row in rows] == [(second, ""), (first, "eligible")]
