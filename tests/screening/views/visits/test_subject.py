import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from screening.eligibility.assess import assess
from screening.visits.save import open_visit, register_subject
from tests.support.reviewed import PASSWORD, sign

LIST = reverse("screening:subjects")
NEW = reverse("screening:subject-new")


def test_new_subject_is_offered_only_to_those_who_may_enter(as_role, trial):
    assertNotContains(as_role("investigator").get(LIST), NEW)
    assertContains(as_role("coordinator").get(LIST), NEW)


def page_of(subject):
    return reverse("screening:subject", args=[subject.pk])


def test_subject_page_lists_every_attempt_with_its_finding(client, visit, coordinator, cases):
    assess(visit.latest_revision(), coordinator)
    second = open_visit(visit.subject, coordinator, cases["I03-ecog-2"]["document"])
    response = client.get(page_of(visit.subject))
    latest, first = response.context["attempts"]
    assert (latest.row.visit, latest.overall, latest.fails) == (second, "ineligible", 1)
    assert (first.row.visit, first.overall) == (visit, "eligible")
    for text in ("Visit 1", "Visit 2", "the latest attempt", "1 not satisfied", "not assessed"):
        assertContains(response, text)


def test_subject_page_says_what_another_attempt_carries_over_and_asks_anew(client, as_role, visit):
    response = client.get(page_of(visit.subject))
    assertContains(response, "Start another attempt (re-screening)")
    told = response.context["rescreening"]
    assert {"Medical history", "Disease"} <= set(told.carried)
    assert {"Laboratory results", "Pregnancy tests", "Vital signs", "Performance status"} <= set(told.anew)
    assertNotContains(as_role("investigator").get(page_of(visit.subject)), "Start another attempt")


@pytest.mark.usefixtures("in_time")
def test_subject_page_shows_all_that_makes_a_signature(client, visit, coordinator, signer):
    signature = sign(assess(visit.latest_revision(), coordinator), signer, PASSWORD, "eligible")
    response = client.get(page_of(visit.subject))
    for text in ("Na Li, principal investigator", signature.signed_at, signature.meaning):
        assertContains(response, text)


def test_subject_page_offers_the_first_visit_when_there_is_none(client, trial, coordinator):
    response = client.get(page_of(register_subject(trial, coordinator)))
    assertContains(response, "No visit yet")
    assertContains(response, "New screening visit")
    assertNotContains(response, "another attempt")


@pytest.mark.parametrize("attempts", [1, 4])
def test_subject_page_asks_the_database_a_constant_number_of_times(
    client, visit, coordinator, attempts, django_assert_num_queries
):
    for _index in range(attempts):
        assess(open_visit(visit.subject, coordinator, visit.latest_revision().document).latest_revision(), coordinator)
    client.get(page_of(visit.subject))  # the first view of the day is put on record
    with django_assert_num_queries(14):
        client.get(page_of(visit.subject))


def test_page_leads_to_who_viewed_the_subject_when_the_user_may_read_the_audit_trail(client, reviewer, visit):
    link = f'href="{reverse("screening:trail")}?kind=views&amp;subject={visit.subject.screening_number}"'
    assert link in reviewer.get(page_of(visit.subject)).content.decode()
    assert link not in client.get(page_of(visit.subject)).content.decode()
