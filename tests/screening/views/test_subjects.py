import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from screening.assess import assess
from screening.models import Subject
from screening.revise import open_visit, register_subject, save_section

LIST = reverse("screening:subjects")
NEW = reverse("screening:subject-new")


def test_subject_is_registered_under_a_number_that_the_system_gives(client, trial, coordinator):
    response = client.post(NEW, {"trial": trial.code})
    subject = Subject.objects.get()
    assertRedirects(response, reverse("screening:subject", args=[subject.pk]))
    assert (subject.trial, subject.created_by, subject.screening_number) == (trial, coordinator, "S-0001")


def test_trial_is_chosen_when_there_are_two(client, trial, other_trial):
    assertContains(client.get(LIST), f'<option value="{other_trial.code}">')
    client.post(NEW, {"trial": other_trial.code})
    assert Subject.objects.get().trial == other_trial


@pytest.mark.parametrize("code", ["", "NCT00000000"])
def test_nobody_is_registered_for_a_trial_that_does_not_exist(client, trial, code):
    assert client.post(NEW, {"trial": code}).status_code == 404
    assert not Subject.objects.exists()


def test_list_says_so_when_it_is_empty(client, trial):
    assertContains(client.get(LIST), "Nobody is in screening yet")


def test_list_shows_number_visit_and_finding_in_words(client, visit, coordinator):
    assertContains(client.get(LIST), "not assessed")
    assess(visit.latest_revision(), coordinator)
    response = client.get(LIST)
    for text in (visit.subject.screening_number, "2026-03-09", "eligible"):
        assertContains(response, text)
    assertNotContains(response, "changed since")
    save_section(visit, "performance", {}, 1, coordinator, reason="another person's")
    assertContains(client.get(LIST), "changed since")


def test_new_subject_is_offered_only_to_those_who_may_enter(as_role, trial):
    assertNotContains(as_role("investigator").get(LIST), NEW)
    assertContains(as_role("coordinator").get(LIST), NEW)


def test_subject_page_lists_every_visit(client, visit, coordinator, cases):
    second = open_visit(visit.subject, coordinator, cases["I03-ecog-2"]["document"])
    assess(second.latest_revision(), coordinator)
    response = client.get(reverse("screening:subject", args=[visit.subject.pk]))
    for text in ("Visit 1", "Visit 2", "ineligible", "not assessed"):
        assertContains(response, text)


@pytest.mark.parametrize("people", [1, 4])
def test_list_asks_the_database_the_same_number_of_times_for_any_number_of_people(
    client, trial, coordinator, cases, people, django_assert_num_queries
):
    for _index in range(people):
        visit = open_visit(register_subject(trial, coordinator), coordinator, cases["base-man"]["document"])
        assess(visit.latest_revision(), coordinator)
    with django_assert_num_queries(9):
        client.get(LIST)
