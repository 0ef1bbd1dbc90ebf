"""Attempts of a subject are dated in their order."""

import pytest

from criteria.vocabulary import BadDocument, Fault
from screening.review.entered_in_error import mark_visit
from screening.visits.attempt_order import refuse_out_of_order
from screening.visits.save import open_visit, register_subject, save_section


def on(day):
    return {"visit": {"date": day}}


@pytest.fixture
def first(trial, coordinator):
    return open_visit(register_subject(trial, coordinator), coordinator, on("2026-03-09"))


@pytest.fixture
def second(first, coordinator):
    return open_visit(first.subject, coordinator, on("2026-06-09"))


def faults_of(write, *entries):
    with pytest.raises(BadDocument) as refused:
        write(*entries)
    return refused.value.faults


def test_visit_is_refused_when_it_is_opened_before_an_earlier_attempt(first, coordinator):
    message = "“2026-03-08” lies before visit 1, an earlier attempt: it must be 2026-03-09 or later"
    assert faults_of(open_visit, first.subject, coordinator, on("2026-03-08")) == (Fault("visit.date", message),)
    assert first.subject.visits.count() == 1


def test_visit_is_opened_when_it_is_on_the_day_of_the_earlier_attempt(first, coordinator):
    assert open_visit(first.subject, coordinator, on("2026-03-09")).number == 2


def test_visit_is_refused_when_its_day_is_moved_before_an_earlier_attempt(second, coordinator):
    message = "“2026-03-08” lies before visit 1, an earlier attempt: it must be 2026-03-09 or later"
    found = faults_of(save_section, second, "visit", on("2026-03-08"), 1, coordinator, "typed wrong")
    assert found == (Fault("visit.date", message),)
    assert second.revisions.count() == 1
    assert save_section(second, "visit", on("2026-03-09"), 1, coordinator, "typed wrong").number == 2


def test_visit_is_refused_when_its_day_is_moved_behind_a_later_attempt(first, second, coordinator):
    message = "“2026-06-10” lies after visit 2, a later attempt: it must be 2026-06-09 or earlier"
    found = faults_of(save_section, first, "visit", on("2026-06-10"), 1, coordinator, "typed wrong")
    assert found == (Fault("visit.date", message),)
    assert save_section(first, "visit", on("2026-06-09"), 1, coordinator, "typed wrong").number == 2


def test_day_that_counts_is_that_of_the_latest_revision(first, coordinator):
    save_section(first, "visit", on("2026-02-09"), 1, coordinator, "typed wrong")
    assert open_visit(first.subject, coordinator, on("2026-02-10")).number == 2


def test_attempt_does_not_count_when_it_was_entered_in_error(first, second, coordinator):
    mark_visit(second, coordinator, "opened twice")
    assert open_visit(first.subject, coordinator, on("2026-03-10")).number == 3


def test_message_names_the_latest_of_several_earlier_attempts(second, coordinator):
    (fault,) = faults_of(open_visit, second.subject, coordinator, on("2026-03-01"))
    assert "before visit 2" in fault.message


def test_other_answers_of_a_visit_are_saved_when_it_was_out_of_order_before(first, second, coordinator, monkeypatch):
    monkeypatch.setattr("screening.visits.save.refuse_out_of_order", lambda *of: None)
    third = open_visit(first.subject, coordinator, on("2026-03-01"))
    monkeypatch.undo()
    assert save_section(third, "visit", on("2026-03-01") | {"subject": {"sex": "male"}}, 1, coordinator).number == 2


def test_order_takes_one_query_however_many_attempts(second, coordinator, django_assert_num_queries):
    with django_assert_num_queries(1):
        refuse_out_of_order(second.subject, 3, on("2026-06-10"))
