from datetime import date

import pytest
from django.db import connection

from screening.audit import append_only
from screening.eligibility.assess import assess
from screening.log.filter import LogFilter
from screening.log.pages import log_page, log_rows
from screening.log.rows import iterate_log_rows, log_rows_of
from screening.models import Closure, Signature, SubjectStatus
from screening.review.decide import close_case
from screening.review.undo import reopen_case, withdraw_signature
from screening.visits.save import open_visit
from tests.support.reviewed import PASSWORD, assessed, saved_again, sign

pytestmark = pytest.mark.usefixtures("in_time")

LATER = {"visit": {"date": "2026-03-12"}}


@pytest.fixture
def failure(trial, coordinator, signer, cases):
    """A confirmed screen failure."""
    return sign(assessed(trial, coordinator, cases["I03-ecog-2"]["document"]), signer, PASSWORD, "failure", "I03")


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


# What was signed and is void


def again(signed, coordinator, document=LATER):
    revision = signed.revision if isinstance(signed, Closure) else signed.assessment.revision
    return open_visit(revision.visit.subject, coordinator, document)


def test_failure_of_an_earlier_attempt_keeps_its_row_and_signature(failure, coordinator):
    again(failure, coordinator)
    first, latest = shown()
    assert (first.status.decision, first.status.signature, first.status.is_latest) == ("failure", failure, False)
    assert (latest.status.decision, latest.status.signature, latest.status.is_latest) == ("", None, True)
    assert [row.void for row in (first, latest)] == [None, None]


def test_void_signature_is_told(failure, coordinator):
    saved_again(failure.assessment.revision.visit, coordinator)
    (row,) = shown()
    day = failure.signed_at[:10]
    assert row.void.text == f"no longer valid: confirmed screen failure, signed {day} by Na Li"
    assert not row.void.broken


def test_signature_of_an_earlier_attempt_is_told_as_void_when_something_was_saved_there(failure, coordinator):
    again(failure, coordinator)
    saved_again(failure.assessment.revision.visit, coordinator)
    first, latest = shown()
    assert (first.status.decision, first.void.text[:40]) == ("", "no longer valid: confirmed screen failur")
    assert latest.void is None


def test_withdrawn_signature_and_reopened_case_are_told(failure, closure, signer):
    withdraw_signature(failure, signer, PASSWORD, "another person's sheet")
    reopen_case(closure.revision.visit, signer, PASSWORD, "changed her mind")
    withdrawn, reopened = shown()
    day = failure.signed_at[:10]
    assert withdrawn.void.text == f"withdrawn: confirmed screen failure, signed {day} by Na Li"
    assert reopened.void.text == f"reopened: declined, signed {day} by Na Li"
    assert [(row.status.decision, row.status.voided) for row in (withdrawn, reopened)] == [("", True)] * 2


def test_closed_case_fits_when_something_was_corrected_since(closure, coordinator):
    saved_again(closure.revision.visit, coordinator)
    (row,) = shown()
    assert (row.status.closure, row.broken) == (closure, False)


def test_last_of_several_void_decisions_is_told(failure, coordinator, signer):
    latest = saved_again(failure.assessment.revision.visit, coordinator)
    sign(assess(latest, coordinator), signer, PASSWORD, "failure")
    last = saved_again(failure.assessment.revision.visit, coordinator, months=8)
    closed = close_case(last, signer, PASSWORD, "declined")
    reopen_case(closed.revision.visit, signer, PASSWORD, "changed her mind")
    (row,) = shown()
    assert row.void.text.startswith("reopened: declined")


def test_void_signature_that_does_not_fit_is_told_as_such(failure, coordinator, rewrite):
    saved_again(failure.assessment.revision.visit, coordinator)
    rewrite(Signature, printed_name="Somebody Else")
    (row,) = shown()
    assert row.void.broken


@pytest.mark.parametrize(("people", "queries"), [(1, 2), (4, 2)])
def test_void_signatures_take_two_queries(
    trial, coordinator, signer, cases, people, queries, django_assert_num_queries
):
    for _index in range(people):
        signed = sign(assessed(trial, coordinator, cases["I03-ecog-2"]["document"]), signer, PASSWORD, "failure")
        saved_again(signed.assessment.revision.visit, coordinator)
    rows = log_page(LogFilter()).rows
    with django_assert_num_queries(queries):
        assert all(row.void for row in log_rows_of(rows))


def test_signatures_that_hold_take_no_query(failure, closure, coordinator, django_assert_num_queries):
    again(failure, coordinator)
    rows = log_page(LogFilter()).rows
    with django_assert_num_queries(0):
        assert [row.void for row in log_rows_of(rows)] == [None, None, None]


def test_chunks_are_told_as_the_whole_is(failure, closure, coordinator, monkeypatch):
    saved_again(failure.assessment.revision.visit, coordinator)
    monkeypatch.setattr("screening.log.rows.LOG_ROW_CHUNK", 1)
    rows = list(iterate_log_rows(log_rows(LogFilter())))
    assert [bool(row.void) for row in rows] == [True, False]
    assert rows == shown()


def test_chunks_are_read_only_when_they_are_wanted(db, monkeypatch):
    monkeypatch.setattr("screening.log.rows.LOG_ROW_CHUNK", 2)
    read = []

    def rows():
        for number in range(6):
            read.append(number)
            yield SubjectStatus(subject_id=number, visit_date=date(2026, 3, 9))

    next(iterate_log_rows(rows()))
    assert read == [0, 1]
