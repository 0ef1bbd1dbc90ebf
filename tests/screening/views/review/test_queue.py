from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from screening.eligibility.assess import assess
from screening.models import SubjectStatus
from screening.review.decide import send_back
from screening.review.enrol import enrol
from screening.review.questions import answer_question, ask_question
from tests.support.reviewed import PASSWORD, assessed, saved_again, sign

QUEUE = reverse("screening:review-queue")


@pytest.fixture
def waiting(trial, coordinator, cases):
    """Puts a person into the queue."""
    return lambda case, **parts: assessed(trial, coordinator, cases[case]["document"] | parts)


def numbers(response, part="rows"):
    return [each.row.screening_number for each in response.context[part]]


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
        "ineligible because of I03",
        "ECOG performance status 2 (limit: at most 1)",
        "decided by judgement",
        "1 open question",
        "2026-03-17",
        "passed",
        f"entered by {coordinator}",
        "0 of 35 places taken, 35 left",
        reverse("screening:review", args=[assessment.pk]),
    ):
        assertContains(response, text)


def test_answered_question_marks_the_row(reviewer, waiting, signer, coordinator):
    assessment = waiting("base-woman")
    question = ask_question(assessment.revision.visit, signer, "Who saw her?")
    send_back(assessment, signer, "Please answer.")
    assert numbers(reviewer.get(QUEUE)) == []
    given = answer_question(question, coordinator, "Dr. Wu.")
    response = reviewer.get(QUEUE)
    assert numbers(response) == ["S-0001"]
    assertContains(response, f"question answered on {given.created_at:%Y-%m-%d}")
    assertContains(reviewer.get(reverse("screening:review", args=[assessment.pk])), "answered since")


def test_undetermined_person_shows_what_is_to_be_got_apart_from_those_that_can_be_signed(reviewer, waiting):
    waiting("nothing-known")
    response = reviewer.get(QUEUE)
    assertContains(response, SubjectStatus.objects.get().next_step)
    assertContains(response, "Nothing can be signed now.")
    waiting("base-man")
    response = reviewer.get(QUEUE)
    assert (numbers(response), numbers(response, "undetermined")) == (["S-0002"], ["S-0001"])
    assertNotContains(response, "Nothing can be signed now.")


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
    assertContains(response, "signature no longer valid")


def test_address_says_in_which_order(reviewer, waiting):
    for case in ("base-man", "base-woman"):  # a man's findings hold for good
        waiting(case)
    assert numbers(reviewer.get(QUEUE)) == ["S-0002", "S-0001"]
    assert numbers(reviewer.get(QUEUE, {"sort": "assessed_at"})) == ["S-0001", "S-0002"]
    assert numbers(reviewer.get(QUEUE, {"sort": "password", "page": "gold"})) == ["S-0002", "S-0001"]
    columns = {column.title: column for column in reviewer.get(QUEUE).context["columns"]}
    assert columns["Status unchanged until"].direction == "ascending"
    assert columns["Assessed"][1:] == ("?sort=assessed_at", "")


def test_pages_follow_each_other_forwards_and_back(reviewer, waiting, monkeypatch):
    monkeypatch.setattr("screening.review.queue.QUEUE_PAGE_SIZE", 1)
    for _index in range(3):
        waiting("nothing-known")
        waiting("base-man")
    for part, pages, seen in (
        ("rows", "pages", ["S-0002", "S-0004", "S-0006"]),
        ("undetermined", "undetermined_pages", ["S-0001", "S-0003", "S-0005"]),
    ):
        first = reviewer.get(QUEUE, {"sort": "assessed_at"})
        second = reviewer.get(QUEUE + first.context[pages]["next"])
        third = reviewer.get(QUEUE + second.context[pages]["next"])
        back = reviewer.get(QUEUE + third.context[pages]["previous"])
        assert [numbers(page, part) for page in (first, second, third, back)] == [[at] for at in (*seen, seen[1])]


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
    with django_assert_num_queries(9):
        assert len(numbers(reviewer.get(QUEUE))) == people


@pytest.mark.usefixtures("in_time")
def test_enrolled_person_who_changed_since_is_said(reviewer, waiting, signer, coordinator):
    assessment = waiting("base-man")
    enrol(sign(assessment, signer, PASSWORD, "eligible"), coordinator)
    assess(saved_again(assessment.revision.visit, coordinator), coordinator)
    assertContains(reviewer.get(QUEUE), "enrolled as E-001: changed since")
