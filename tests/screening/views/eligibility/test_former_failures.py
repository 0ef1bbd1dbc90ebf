"""The list of former screen failures who would be eligible now, and the page that takes why one stays out."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from screening.models import FailureDismissal
from tests.support.reviewed import PASSWORD, assessed, later_version, sign

LIST = reverse("screening:former-failures")


@pytest.fixture
def fail(on, trial, coordinator, signer, cases):
    """Confirms one more subject as a screen failure by ECOG 2 alone."""
    on(date(2026, 3, 16))

    def confirm():
        assessment = assessed(trial, coordinator, cases["I03-ecog-2"]["document"])
        sign(assessment, signer, PASSWORD, "failure", "I03")
        return assessment.revision.visit

    return confirm


@pytest.fixture
def former(fail):
    visit = fail()
    later_version("2026-03-12")
    return visit


def test_list_tells_who_would_be_eligible_and_what_was_not_satisfied(client, former):
    response = client.get(LIST)
    for text in (
        "1 former screen failure was looked at for this page; would be eligible: 1.",
        f'href="{reverse("screening:visit", args=[former.pk])}">S-0001',
        "I03",
        f'href="{reverse("screening:visit-new", args=[former.subject_id])}"',
        f'href="{reverse("screening:failure-dismiss", args=[former.pk])}"',
    ):
        assertContains(response, text)


def test_list_says_so_when_no_version_has_replaced_another(client, trial):
    assertContains(client.get(LIST), "No protocol version has replaced another one so far.")


def test_list_is_reached_from_the_protocol_and_from_the_open_visits(client, former):
    for name in ("protocol", "open-visits"):
        assertContains(client.get(reverse(f"screening:{name}")), f'href="{LIST}?trial=NCT05990231"')


def test_reason_is_taken_and_shown_in_the_list(client, former, coordinator):
    address = reverse("screening:failure-dismiss", args=[former.pk])
    assertContains(client.get(address), "S-0001: not screened again")
    assertContains(client.post(address, {"reason": "..."}), "say in words why", status_code=422)
    response = client.post(address, {"reason": "treated elsewhere"})
    assertRedirects(response, f"{LIST}?trial=NCT05990231")
    made = FailureDismissal.objects.get()
    assert (made.visit, made.reason, made.created_by) == (former, "treated elsewhere", coordinator)
    page = client.get(LIST)
    assertContains(page, "not screened again: treated elsewhere")
    assertNotContains(page, address)


def test_reason_is_on_record_once_when_the_form_is_sent_twice(client, former):
    for _click in range(2):
        data = {"reason": "treated elsewhere", "form_key": "a key"}
        response = client.post(reverse("screening:failure-dismiss", args=[former.pk]), data, follow=True)
        assertContains(response, "Why S-0001 is not screened again is on record.")
    assert FailureDismissal.objects.count() == 1


@pytest.mark.parametrize("people", [1, 4])
def test_list_asks_the_database_a_constant_number_of_times(client, fail, people, django_assert_num_queries):
    for _one in range(people):
        fail()
    later_version("2026-03-12")
    client.get(LIST)  # the version in force is read once
    with django_assert_num_queries(9):
        assert len(client.get(LIST).context["rows"]) == people


def test_list_evaluates_a_page_at_a_time(client, fail, monkeypatch):
    monkeypatch.setattr("screening.amendments.transition.OPEN_VISITS_PAGE_SIZE", 2)
    for _one in range(3):
        fail()
    later_version("2026-03-12")
    first = client.get(LIST)
    second = client.get(LIST + first.context["next"])
    found = [[each.row.screening_number for each in page.context["rows"]] for page in (first, second)]
    assert found == [["S-0001", "S-0002"], ["S-0003"]]
