from datetime import UTC, date, datetime

import pytest

from screening.models import Overall, SubjectStatus
from screening.review.queue import awaiting_statuses, next_awaiting, review_queue_page
from screening.visits.save import register_subject
from tests.support.factories import StandingFactory, SubjectFactory
from tests.support.reviewed import PASSWORD, assessed, saved_again, sign


def waiting(trial, holds_until, assessed_at, found=Overall.ELIGIBLE):
    subject = SubjectFactory(trial=trial)
    return StandingFactory(
        subject=subject,
        awaiting=True,
        found=found,
        holds_until=date(2026, 3, holds_until),
        assessed_at=datetime(2026, 3, assessed_at, tzinfo=UTC),
    )


def test_what_expires_soonest_comes_first_or_what_waits_longest(trial):
    soon, old = waiting(trial, 17, 12), waiting(trial, 20, 10)
    assert review_queue_page().rows == [soon, old]
    assert review_queue_page("assessed_at").rows == [old, soon]


def test_queue_is_cut_into_pages(trial, monkeypatch):
    monkeypatch.setattr("screening.review.queue.QUEUE_PAGE_SIZE", 2)
    rows = [waiting(trial, day, 10) for day in (17, 17, 18)]
    first = review_queue_page()
    assert [*first.rows, *review_queue_page(cursor=first.next).rows] == rows


def test_only_known_sorts_are_taken():
    with pytest.raises(ValueError, match="password"):
        review_queue_page("password")


@pytest.mark.usefixtures("in_time")
def test_person_waits_from_the_assessment_to_the_decision(trial, coordinator, signer, cases):
    register_subject(trial, coordinator)
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    (row,) = awaiting_statuses()
    assert (row.assessment, row.assessed_at) == (assessment, assessment.created_at)
    sign(assessment, signer, PASSWORD, "eligible")
    assert not awaiting_statuses()


def test_assessment_of_what_was_corrected_since_waits_no_longer(trial, coordinator, cases):
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    saved_again(assessment.revision.visit, coordinator)
    assert not awaiting_statuses()


def test_number_of_queries_does_not_grow_with_the_rows(trial, django_assert_num_queries):
    for day in (17, 18, 19):
        waiting(trial, day, 10)
    assert SubjectStatus.objects.count() == 3
    with django_assert_num_queries(1):
        assert [row.trial.code for row in review_queue_page().rows]


def test_undetermined_ones_have_pages_of_their_own(trial):
    open_one, signable = waiting(trial, 17, 10, Overall.UNDETERMINED), waiting(trial, 18, 11)
    assert review_queue_page().rows == [signable]
    assert review_queue_page(undetermined=True).rows == [open_one]


def test_next_in_queue_follows_its_order_and_begins_again_when_it_ends(trial):
    first, second = waiting(trial, 17, 12), waiting(trial, 17, 10)
    open_one = waiting(trial, 16, 9, Overall.UNDETERMINED)
    assert [next_awaiting(each) for each in (None, first, second, open_one)] == [first, second, open_one, first]


def test_next_in_queue_follows_the_order_in_which_it_is_shown_when_that_is_another(trial):
    old, soon, third = waiting(trial, 19, 10), waiting(trial, 17, 12), waiting(trial, 18, 11)
    assert [next_awaiting(each, "assessed_at") for each in (None, old, third, soon)] == [old, third, soon, old]


def test_next_in_queue_is_found_when_the_one_before_waits_no_longer(trial):
    first, second, third = (waiting(trial, day, 10) for day in (17, 18, 19))
    SubjectStatus.objects.filter(pk=second.pk).update(awaiting=False)
    second.refresh_from_db()
    assert (next_awaiting(second), next_awaiting(first)) == (third, third)


def test_nothing_is_next_when_nothing_else_waits(trial):
    only = waiting(trial, 17, 10)
    assert (next_awaiting(only), next_awaiting(None)) == (None, only)


def test_next_in_queue_takes_one_query(trial, django_assert_num_queries):
    rows = [waiting(trial, day, 10) for day in (17, 18, 19)]
    with django_assert_num_queries(1):
        assert next_awaiting(rows[0]) == rows[1]
