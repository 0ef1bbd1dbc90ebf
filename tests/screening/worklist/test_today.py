from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from screening.models import NEVER
from screening.review.questions import answer_question, ask_question
from screening.visits.save import open_visit, register_subject
from screening.worklist import today
from screening.worklist.today import today_list
from tests.support.factories import StandingFactory, SubjectFactory

TODAY = date(2026, 3, 10)


def told(day=TODAY):
    items, _more = today_list(day)
    return {item.row.screening_number: item.reasons for item in items}


@pytest.fixture
def row(trial):
    """A row of the work list with some columns."""
    return lambda **columns: StandingFactory(subject=SubjectFactory(trial=trial), **columns)


def day(after):
    return TODAY + timedelta(after)


@pytest.mark.parametrize(
    ("columns", "reasons"),
    [
        ({"next_day": day(0), "next_step": "Repeat"}, ["due today: Repeat"]),
        ({"next_day": day(-3), "next_step": "Repeat"}, ["due: Repeat"]),
        ({"next_day": day(1), "next_step": "Repeat"}, []),
        ({"planned_first_dose": day(0)}, ["planned first dose today, not enrolled"]),
        ({"planned_first_dose": day(-1)}, ["planned first dose 2026-03-09 has passed, not enrolled"]),
        ({"planned_first_dose": day(1)}, []),
        ({"overall": "eligible", "holds_until": day(0)}, ["eligible until today"]),
        ({"overall": "eligible", "holds_until": day(7)}, ["eligible until 2026-03-17"]),
        ({"overall": "eligible", "holds_until": day(8)}, []),
        ({"overall": "ineligible", "holds_until": day(1)}, []),
        ({"overall": "eligible", "holds_until": NEVER}, []),
        (
            {"planned_first_dose": day(0), "overall": "eligible", "holds_until": day(1), "decision": "eligible"},
            ["planned first dose today, not enrolled", "eligible until 2026-03-11"],
        ),
    ],
)
def test_subject_is_named_with_why_there_is_something_to_do(row, columns, reasons):
    row(**columns)
    assert list(told().values()) == ([reasons] if reasons else [])


@pytest.mark.parametrize(
    "columns",
    [
        {"enrolment_number": "E-001"},
        {"decision": "failure"},
        {"decision": "not_enrolled"},
        {"decision": "entered_in_error"},
        {"latest_of": None},
    ],
)
def test_subject_whose_screening_is_over_is_not_named(row, columns):
    row(planned_first_dose=day(0), next_day=day(0), **columns)
    assert told() == {}


def test_answer_is_named_until_something_is_decided_or_asked(row):
    at = datetime(2026, 3, 9, 23, 30, tzinfo=ZoneInfo("UTC"))
    for columns in ({}, {"open_questions": 1}, {"decision": "eligible"}, {"decision": "returned"}):
        row(answered_at=at, **columns)
    items, more = today_list(TODAY)
    assert [(item.reasons, item.is_answered) for item in items] == [
        (["the investigator's question was answered on 2026-03-09"], True)
    ]
    assert not more


def test_answered_question_of_a_visit_is_named(trial, coordinator, signer, cases):
    visit = open_visit(register_subject(trial, coordinator), coordinator, cases["nothing-known"]["document"])
    question = ask_question(visit, signer, "Which ECG?")
    assert "answered" not in str(told())
    answer_question(question, coordinator, "That of 2026-03-08.")
    assert "answered" in str(told()["S-0001"])


def test_subject_is_named_from_the_day_of_the_next_step_on(trial, coordinator, cases):
    open_visit(register_subject(trial, coordinator), coordinator, cases["I09-no-test"]["document"])
    assert told(date(2026, 3, 12)) == {}
    assert told(date(2026, 3, 13)) == {
        "S-0001": ["due today: From 2026-03-13: do a urine or serum pregnancy test (I09)"]
    }
    assert told(date(2026, 3, 14)) == {"S-0001": ["due: From 2026-03-13: do a urine or serum pregnancy test (I09)"]}


def test_longest_overdue_comes_first_and_the_list_has_an_end(row, monkeypatch):
    monkeypatch.setattr(today, "MOST_TODAY", 2)
    rows = [row(planned_first_dose=day(after)) for after in (0, -5, -2)]
    items, more = today_list(TODAY)
    assert ([item.row for item in items], more) == ([rows[1], rows[2]], True)


@pytest.mark.parametrize("people", [0, 6])
def test_list_is_one_query_for_any_number_of_people(row, people, django_assert_num_queries):
    for _index in range(people):
        row(planned_first_dose=day(0))
    with django_assert_num_queries(1):
        assert len(told()) == people
