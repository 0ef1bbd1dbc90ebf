from django.urls import reverse
from pytest_django.asserts import assertContains

from screening.revise import save_section


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
    with django_assert_num_queries(6):
        client.get(reverse("screening:revisions", args=[visit.pk]))


def test_revision_can_be_read_as_it_was(client, visit, coordinator):
    save_section(visit, "performance", {"performance": {"ecog": 2}}, 1, coordinator, reason="measured again")
    response = client.get(reverse("screening:revision", args=[visit.pk, 1]))
    for text in ("Lesion 1", "site: liver; lymph node: no; diameter: 22 mm", "This list is complete", "Neutrophils"):
        assertContains(response, text)


def test_revision_of_another_visit_is_not_found(client, visit):
    assert client.get(reverse("screening:revision", args=[visit.pk, 2])).status_code == 404
