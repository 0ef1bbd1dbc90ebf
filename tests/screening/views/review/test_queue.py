from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from screening.eligibility.assess import assess
from screening.models import SubjectStatus
from screening.review.decide import sign
from screening.review.enrol import enrol
from screening.review.questions import ask_question
from tests.support.reviewed import PASSWORD, assessed, saved_again

QUEUE = reverse("screening:review-queue")


@pytest.fixture
def waiting(trial, coordinator, cases):
    """Puts a person into the queue."""
    return lambda case, **parts: assessed(trial, coordinator, cases[case]["document"] | parts)


def numbers(response):
    return [each.row.screening_number for each in response.context["rows"]]


def test_queue_says_so_when_nothing_waits(reviewer, trial):
    assertContains(reviewer.get(QUEUE), "Nothing waits for a decision")


def test_row_says_why_what_is_doubtful_and_until_when(reviewer, waiting, signer, coordinator, on):
    on(date(2026, 3, 18))
    assessment = waiting("base-woman", performance={"ecog": 2, "life_expectancy_months": 2})
    ask_question(assessment.revision.visit, signer, "Who saw her?")
    response = reviewer.get(QUEUE)
    for text in (
        "S-0001",
        "NCT05990231",
        "ineligible",
        "fails I03",
        "ECOG performance status 2, at most 1 required",
        "decided by judgement",
        "1 open question",
        "2026-03-17",
        "passed",
        f"entered by {coordinator}",
        "0 of 35 places taken, 35 left",
        reverse("screening:review", args=[assessment.pk]),
    ):
        assertContains(response, text)


def test_undetermined_person_shows_what_is_to_be_got(reviewer, waiting):
    waiting("nothing-known")
    assertContains(reviewer.get(QUEUE), SubjectStatus.objects.get().next_step)


@pytest.mark.usefixtures("in_time")
def test_void_signature_is_said(reviewer, waiting, signer, coordinator, client):
    assessment = waiting("base-woman")
    sign(assessment, signer, PASSWORD, "eligible")
    assert numbers(reviewer.get(QUEUE)) == []
    visit = assessment.revision.visit
    saved_again(visit, coordinator)
    assert numbers(reviewer.get(QUEUE)) == []  # there is nothing to sign until it is assessed again
    client.post(reverse("screening:visit-assess", args=[visit.pk]), {"revision": 2})
    response = reviewer.get(QUEUE)
    assert numbers(response) == ["S-0001"]
    assertContains(response, "signature void")


def test_address_says_in_which_order(reviewer, waiting):
    for case in ("base-man", "base-woman"):  # a man's findings hold for good
        waiting(case)
    assert numbers(reviewer.get(QUEUE)) == ["S-0002", "S-0001"]
    assert numbers(reviewer.get(QUEUE, {"sort": "assessed_at"})) == ["S-0001", "S-0002"]
    assert numbers(reviewer.get(QUEUE, {"sort": "password", "page": "gold"})) == ["S-0002", "S-0001"]
    columns = {column.title: column for column in reviewer.get(QUEUE).context["columns"]}
    assert columns["Findings hold until"].direction == "ascending"
    assert columns["Assessed"][1:] == ("?sort=assessed_at", "")


def test_pages_follow_each_other_forwards_and_back(reviewer, waiting, monkeypatch):
    monkeypatch.setattr("screening.review.queue.QUEUE_PAGE_SIZE", 1)
    for _index in range(3):
        waiting("nothing-known")
    first = reviewer.get(QUEUE, {"sort": "assessed_at"})
    second = reviewer.get(QUEUE + first.context["next"])
    third = reviewer.get(QUEUE + second.context["next"])
    back = reviewer.get(QUEUE + third.context["previous"])
    assert [numbers(page) for page in (first, second, third, back)] == [["S-0001"], ["S-0002"], ["S-0003"], ["S-0002"]]


def test_number_that_waits_stands_in_the_navigation_of_who_decides(reviewer, client, waiting):
    waiting("base-man")
    for _index in range(2):
        waiting("base-woman")
    work_list = reverse("screening:subjects")
    assertContains(reviewer.get(work_list), QUEUE)
    assert reviewer.get(work_list).context["waiting_for_review"]() == 3
    assertNotContains(client.get(work_list), QUEUE)


@pytest.mark.parametrize("people", [1, 6])
def test_queue_asks_the_database_the_same_number_of_times_for_any_number_of_people(
    reviewer, waiting, people, django_assert_num_queries
):
    for _index in range(people):
        waiting("I03-ecog-2")
    with django_assert_num_queries(11):
        assert len(numbers(reviewer.get(QUEUE))) == people


@pytest.mark.usefixtures("in_time")
def test_enrolled_person_who_changed_since_is_said(reviewer, waiting, signer, coordinator):
    assessment = waiting("base-man")
    enrol(sign(assessment, signer, PASSWORD, "eligible"), coordinator)
    assess(saved_again(assessment.revision.visit, coordinator), coordinator)
    assertContains(reviewer.get(QUEUE), "enrolled as E-001: changed since")
