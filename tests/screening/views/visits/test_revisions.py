import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from screening.eligibility.assess import assess
from screening.review.decide import close_case, send_back
from screening.views.visits import revisions
from screening.visits.save import save_section
from tests.support.reviewed import PASSWORD, saved_again, sign


def test_history_tells_who_changed_what_and_why(client, visit, coordinator):
    save_section(visit, "performance", {"performance": {"ecog": 2}}, 1, coordinator, reason="measured again")
    response = client.get(reverse("screening:revisions", args=[visit.pk]))
    latest, first = response.context["entries"]
    assert (latest.revision.number, latest.section, first.revision.number) == (2, "Performance", 1)
    assert ("Performance status: ECOG performance status", "1", "2") in latest.differences
    for text in ("measured again", f"Saved by {coordinator}", "Lists confirmed complete"):
        assertContains(response, text)


def test_history_asks_the_database_a_constant_number_of_times(client, visit, coordinator, django_assert_num_queries):
    for number in range(1, 4):
        part = {"performance": {"ecog": number}}
        save_section(visit, "performance", part, number, coordinator, reason="measured again")
    client.get(reverse("screening:revisions", args=[visit.pk]))  # the first view of the day is put on record
    with django_assert_num_queries(12):
        client.get(reverse("screening:revisions", args=[visit.pk]))


def test_revision_can_be_read_as_it_was(client, visit, coordinator):
    save_section(visit, "performance", {"performance": {"ecog": 2}}, 1, coordinator, reason="measured again")
    response = client.get(reverse("screening:revision", args=[visit.pk, 1]))
    for text in ("Lesion 1", "site: liver; lymph node: no; diameter: 22 mm", "This list is complete", "Neutrophils"):
        assertContains(response, text)


def test_revision_of_another_visit_is_not_found(client, visit):
    assert client.get(reverse("screening:revision", args=[visit.pk, 2])).status_code == 404


@pytest.mark.usefixtures("in_time")
def test_closed_case_shows_its_signature_with_the_revision_that_was_signed(client, visit, coordinator, signer):
    closure = close_case(visit.latest_revision(), signer, PASSWORD, "declined")
    saved_again(visit, coordinator)
    for text in ("Na Li, principal investigator", closure.signed_at, closure.meaning, "stays closed"):
        assertContains(client.get(reverse("screening:revision", args=[visit.pk, 1])), text)
        assertContains(client.get(reverse("screening:revisions", args=[visit.pk])), text)
    assertNotContains(client.get(reverse("screening:revision", args=[visit.pk, 2])), "Na Li")
    latest, first = client.get(reverse("screening:revisions", args=[visit.pk])).context["entries"]
    assert (latest.signature_history.is_empty, first.signature_history.is_empty) == (True, False)


@pytest.mark.usefixtures("in_time")
def test_revision_shows_what_was_decided_of_its_assessments(client, visit, coordinator, signer):
    send_back(assess(visit.latest_revision(), coordinator), signer, "Look again.")
    signature = sign(assess(saved_again(visit, coordinator), coordinator), signer, PASSWORD, "eligible")
    first, second = (client.get(reverse("screening:revision", args=[visit.pk, number])) for number in (1, 2))
    assertContains(first, "Look again.")
    assertNotContains(first, signature.meaning)
    assertContains(second, signature.meaning)
    assertNotContains(second, "Look again.")


def test_history_is_cut_into_pages_when_there_are_many_revisions(client, visit, coordinator, monkeypatch):
    monkeypatch.setattr(revisions, "PAGE_SIZE", 2)
    for number, ecog in ((1, 2), (2, 0), (3, 1)):
        save_section(
            visit, "performance", {"performance": {"ecog": ecog}}, number, coordinator, reason="measured again"
        )
    first = client.get(reverse("screening:revisions", args=[visit.pk]))
    assert [entry.revision.number for entry in first.context["entries"]] == [4, 3]
    second = client.get(f"{reverse('screening:revisions', args=[visit.pk])}{first.context['next']}")
    told = [(entry.revision.number, entry.differences[0].new) for entry in second.context["entries"]]
    assert told[0] == (2, "2")
    assert told[1][0] == 1
    assert second.context["next"] is None
