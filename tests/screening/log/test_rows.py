from datetime import date

import pytest
from django.db import connection

from screening.audit import append_only
from screening.eligibility.assess import assess
from screening.log.filter import LogFilter
from screening.log.pages import log_page, log_rows
from screening.log.rows import iterate_log_rows, log_rows_of
from screening.models import Closure, Signature, SubjectStatus
from screening.review.decide import close_case, sign
from screening.visits.save import open_visit
from tests.support.reviewed import PASSWORD, assessed, saved_again

pytestmark = pytest.mark.usefixtures("in_time")

LATER = {"visit": {"date": "2026-04-09"}}


@pytest.fixture
def failure(trial, coordinator, signer, cases):
    """A confirmed screen failure."""
    return sign(assessed(trial, coordinator, cases["I03-ecog-2"]["document"]), signer, PASSWORD, "failure")


@pytest.fixture
def closure(trial, coordinator, signer, cases):
    """A case closed for another reason than the findings."""
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    return close_case(assessment.revision, signer, PASSWORD, "declined")


@pytest.fixture
def rewrite(db):
    """Changes records behind the triggers' back, as somebody with the database in hand may; undone with the test."""
    append_only.remove(connection)
    return lambda model, **columns: model.objects.update(**columns)


def shown():
    return log_rows_of(log_page(LogFilter()).rows)


# Whether the signature fits


def test_signature_that_is_whole_fits(failure, closure):
    assert [row.broken for row in shown()] == [False, False]


@pytest.mark.parametrize("column", ["printed_name", "role", "meaning", "zone"])
@pytest.mark.parametrize("model", [Signature, Closure])
def test_signature_that_was_rewritten_is_broken(failure, closure, rewrite, model, column):
    rewrite(model, **{column: "Asia/Shanghai"})
    assert [row.broken for row in shown()] == [model is Signature, model is Closure]


def test_signature_of_another_record_is_broken(failure, trial, coordinator, cases):
    other = assessed(trial, coordinator, cases["I03-ecog-2"]["document"])
    SubjectStatus.objects.filter(assessment=other).update(signature=failure)
    assert [row.broken for row in shown()] == [False, True]


# What was signed at an earlier attempt


def again(signed, coordinator, document=LATER):
    revision = signed.revision if isinstance(signed, Closure) else signed.assessment.revision
    return open_visit(revision.visit.subject, coordinator, document)


def test_failure_of_an_earlier_attempt_is_told(failure, coordinator):
    again(failure, coordinator)
    (row,) = shown()
    assert row.status.decision == ""
    day = failure.created_at.date().isoformat()
    assert row.earlier.text == f"earlier attempt: confirmed screen failure, signed {day} by Na Li"
    assert not row.earlier.broken


def test_void_signature_is_told(failure, coordinator):
    saved_again(failure.assessment.revision.visit, coordinator)
    (row,) = shown()
    day = failure.signed_at[:10]
    assert row.earlier.text == f"void: confirmed screen failure, signed {day} by Na Li"
    assert not row.earlier.broken


def test_void_signature_of_the_latest_attempt_goes_before_an_earlier_one(failure, coordinator, signer, cases):
    second = again(failure, coordinator, cases["base-man"]["document"])
    sign(assess(second.latest_revision(), coordinator), signer, PASSWORD, "eligible")
    saved_again(second, coordinator)
    (row,) = shown()
    assert row.earlier.text.startswith("void: confirmed eligible")


def test_case_closed_at_an_earlier_attempt_is_told(closure, coordinator):
    again(closure, coordinator)
    (row,) = shown()
    assert row.earlier.text.startswith("earlier attempt: declined, signed")


def test_last_of_several_earlier_decisions_is_told(failure, coordinator, signer, cases):
    second = again(failure, coordinator, cases["I03-ecog-2"]["document"])
    assess(second.latest_revision(), coordinator)
    close_case(second.latest_revision(), signer, PASSWORD, "declined")
    again(failure, coordinator)
    (row,) = shown()
    assert row.earlier.text.startswith("earlier attempt: declined")


def test_what_is_void_or_of_this_attempt_is_not_told(failure, closure, coordinator, signer, cases):
    saved_again(failure.assessment.revision.visit, coordinator)
    second = again(failure, coordinator, cases["I03-ecog-2"]["document"])
    sign(assess(second.latest_revision(), coordinator), signer, PASSWORD, "failure")
    assert [row.earlier for row in shown()] == [None, None]


def test_earlier_signature_that_does_not_fit_is_told_as_such(failure, coordinator, rewrite):
    again(failure, coordinator)
    rewrite(Signature, printed_name="Somebody Else")
    (row,) = shown()
    assert row.earlier.broken


@pytest.mark.parametrize(("people", "queries"), [(1, 2), (4, 2)])
def test_earlier_attempts_take_two_queries(
    trial, coordinator, signer, cases, people, queries, django_assert_num_queries
):
    for _index in range(people):
        signed = sign(assessed(trial, coordinator, cases["I03-ecog-2"]["document"]), signer, PASSWORD, "failure")
        again(signed, coordinator)
    rows = log_page(LogFilter()).rows
    with django_assert_num_queries(queries):
        assert all(row.earlier for row in log_rows_of(rows))


def test_nobody_screened_twice_takes_no_query(failure, closure, django_assert_num_queries):
    rows = log_page(LogFilter()).rows
    with django_assert_num_queries(0):
        assert [row.earlier for row in log_rows_of(rows)] == [None, None]


def test_chunks_are_told_as_the_whole_is(failure, closure, coordinator, monkeypatch):
    again(failure, coordinator)
    monkeypatch.setattr("screening.log.rows.LOG_ROW_CHUNK", 1)
    rows = list(iterate_log_rows(log_rows(LogFilter())))
    assert [bool(row.earlier) for row in rows] == [True, False]
    assert rows == shown()


def test_chunks_are_read_only_when_they_are_wanted(monkeypatch):
    monkeypatch.setattr("screening.log.rows.LOG_ROW_CHUNK", 2)
    read = []

    def rows():
        for number in range(6):
            read.append(number)
            yield SubjectStatus(subject_id=number, visit_date=date(2026, 3, 9))

    next(iterate_log_rows(rows()))
    assert read == [0, 1]
