from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from screening.eligibility.assess import assess
from screening.visits.drafts import keep_draft
from screening.visits.save import open_visit, register_subject, save_section
from screening.worklist import listing

LIST = reverse("screening:subjects")


@pytest.fixture
def screened(trial, coordinator, cases):
    """Registers a person with one visit."""
    return lambda case: open_visit(register_subject(trial, coordinator), coordinator, cases[case]["document"])


def numbers(response):
    return [row.screening_number for row in response.context["rows"]]


def test_list_says_so_when_it_is_empty(client, trial):
    assertContains(client.get(LIST), "Nobody is in screening yet")


def test_row_shows_what_is_found_what_comes_next_and_until_when(client, screened):
    visit = screened("I03-ecog-2")
    response = client.get(LIST)
    (row,) = response.context["rows"]
    for text in ("ineligible", "1 fail", row.next_step, "2026-03-16", "not assessed", visit.subject.screening_number):
        assertContains(response, text)
    assertContains(response, reverse("screening:visit", args=[visit.pk]))
    section = reverse("screening:section", args=[visit.pk, "performance"])
    assertContains(response, f'href="{section}#at-performance-ecog"')


def test_row_says_when_a_day_has_passed(client, trial, coordinator):
    today = timezone.localdate()
    for days in (-1, 1):
        document = {"visit": {"date": "2026-03-09", "planned_first_dose_date": (today + timedelta(days)).isoformat()}}
        open_visit(register_subject(trial, coordinator), coordinator, document)
    assertContains(client.get(LIST, {"search": "S-0001"}), "passed")
    assertNotContains(client.get(LIST, {"search": "S-0002"}), "passed")


@pytest.mark.parametrize(("days", "words"), [(-1, "Plan another first dose"), (0, "Assess")])
def test_eligible_person_needs_another_first_dose_when_the_planned_one_has_passed(
    client, trial, coordinator, cases, days, words
):
    planned = {"date": "2026-03-09", "planned_first_dose_date": (timezone.localdate() + timedelta(days)).isoformat()}
    visit = open_visit(
        register_subject(trial, coordinator), coordinator, cases["base-man"]["document"] | {"visit": planned}
    )
    assertContains(client.get(LIST), words)
    assertContains(client.get(reverse("screening:visit", args=[visit.pk])), words)


@pytest.mark.parametrize(("case", "words"), [("base-man", 1), ("I03-ecog-2", 0), ("nothing-known", 0)])
def test_row_says_so_when_nothing_ends_the_eligibility_within_a_year(client, screened, case, words):
    screened(case)
    assertContains(client.get(LIST), "a year or more", count=words)


def test_row_leads_to_the_assessment_and_says_when_something_was_saved_since(client, visit, coordinator):
    assessment = assess(visit.latest_revision(), coordinator)
    response = client.get(LIST)
    assertContains(response, reverse("screening:assessment", args=[assessment.pk]))
    assertNotContains(response, "changed since")
    save_section(visit, "performance", {}, 1, coordinator, reason="another person's")
    assertContains(client.get(LIST), "changed since")


def test_row_shows_the_attempt_and_a_draft(client, visit, coordinator, investigator):
    assertNotContains(client.get(LIST), "draft")
    second = open_visit(visit.subject, coordinator, {"visit": {"date": "2026-04-09"}})
    keep_draft(second, "performance", investigator, 1, "performance-ecog=1")
    response = client.get(LIST)
    assertContains(response, "attempt 2")
    assertContains(response, "draft, not saved")


def test_person_without_a_visit_leads_to_the_person(client, trial, coordinator):
    subject = register_subject(trial, coordinator)
    response = client.get(LIST)
    assertContains(response, "no visit yet")
    assertContains(response, reverse("screening:subject", args=[subject.pk]))


def test_who_may_not_enter_sees_the_next_step_and_no_form(as_role, screened):
    visit = screened("I03-ecog-2")
    response = as_role("investigator").get(LIST)
    assertContains(response, response.context["rows"][0].next_step)
    assertNotContains(response, reverse("screening:section", args=[visit.pk, "performance"]))
    assertNotContains(response, "New subject")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ({}, ["S-0003", "S-0002", "S-0001"]),
        ({"sort": "screening_number"}, ["S-0001", "S-0002", "S-0003"]),
        ({"sort": "-fails"}, ["S-0002", "S-0003", "S-0001"]),
        ({"search": "02"}, ["S-0002"]),
        ({"search": " s-0001 "}, ["S-0001"]),
        ({"finding": "ineligible"}, ["S-0002"]),
        ({"finding": "undetermined", "search": "1"}, []),
        ({"finding": "gold", "sort": "gold", "due": "gold", "page": "gold"}, ["S-0003", "S-0002", "S-0001"]),
    ],
)
def test_address_says_what_is_shown_and_in_which_order(client, screened, address, shown):
    for case in ("base-man", "I03-ecog-2", "nothing-known"):
        screened(case)
    assert numbers(client.get(LIST, address)) == shown


def test_filter_stays_in_the_form_and_in_every_link(client, screened, monkeypatch):
    monkeypatch.setattr(listing, "WORK_LIST_PAGE_SIZE", 1)
    for _index in range(3):
        screened("I03-ecog-2")
    response = client.get(LIST, {"finding": "ineligible", "sort": "screening_number"})
    assertContains(response, '<option value="ineligible" selected>')
    assertContains(response, '<option value="screening_number" selected>')
    assert "finding=ineligible" in response.context["next"]
    assert all("finding=ineligible" in column.address for column in response.context["columns"] if column.address)


def test_pages_follow_each_other_forwards_and_back(client, screened, monkeypatch):
    monkeypatch.setattr(listing, "WORK_LIST_PAGE_SIZE", 1)
    for _index in range(3):
        screened("nothing-known")
    first = client.get(LIST, {"sort": "screening_number"})
    second = client.get(LIST + first.context["next"])
    third = client.get(LIST + second.context["next"])
    back = client.get(LIST + third.context["previous"])
    assert [numbers(page) for page in (first, second, third, back)] == [["S-0001"], ["S-0002"], ["S-0003"], ["S-0002"]]
    assert (first.context["previous"], third.context["next"]) == (None, None)
    assertContains(first, "Next page")
    assertNotContains(first, "Previous page")


def test_list_says_so_when_nobody_fits(client, screened):
    screened("base-man")
    response = client.get(LIST, {"search": "S-9999"})
    assertContains(response, "Nobody in screening fits this")
    assertContains(response, 'value="S-9999"')


def test_column_is_sorted_and_turned_round(client, screened):
    screened("base-man")
    columns = {column.title: column for column in client.get(LIST, {"sort": "holds_until"}).context["columns"]}
    sorted_by, other = columns["Findings hold until"], columns["Last saved"]
    assert (sorted_by.direction, sorted_by.address) == ("ascending", "?sort=-holds_until")
    assert (other.direction, other.address) == ("", "?sort=-saved_at")
    columns = {column.title: column for column in client.get(LIST, {"sort": "-holds_until"}).context["columns"]}
    assert columns["Findings hold until"][1:] == ("?sort=holds_until", "descending")


def test_trial_is_chosen_when_there_are_several(client, screened, other_trial, coordinator):
    screened("base-man")
    register_subject(other_trial, coordinator)
    assert len(numbers(client.get(LIST))) == 2
    assert numbers(client.get(LIST, {"trial": other_trial.code})) == ["S-0001"]
    assertContains(client.get(LIST), '<select name="trial"')


def test_trial_is_not_asked_when_there_is_one(client, screened):
    screened("base-man")
    assertNotContains(client.get(LIST), '<select name="trial"')


@pytest.mark.parametrize("people", [1, 7])
def test_list_asks_the_database_the_same_number_of_times_for_any_number_of_people(
    client, screened, coordinator, people, django_assert_num_queries
):
    for _index in range(people):
        assess(screened("nothing-known").latest_revision(), coordinator)
    with django_assert_num_queries(8):
        assert len(numbers(client.get(LIST))) == people
