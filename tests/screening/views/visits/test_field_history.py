import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertTemplateNotUsed

from screening.visits.save import save_section


@pytest.fixture
def address(visit):
    return reverse("screening:field-history", args=[visit.pk])


@pytest.fixture
def corrected(visit, coordinator, investigator):
    part = {"performance": {"ecog": 2, "life_expectancy_months": 6}}
    save_section(visit, "performance", part, 1, coordinator, reason="transcription error")
    save_section(visit, "performance", {"performance": {}}, 2, investigator, reason="another person's")
    return visit


def told(response):
    return [entry.lines for entry in response.context["entries"]]


def test_history_shows_each_value_who_when_and_why(client, corrected, address, coordinator, investigator):
    response = client.get(address, {"path": "performance.ecog"})
    assert told(response) == [[], ["2"], ["1"]]
    for text in (
        "Performance status: ECOG performance status",
        "taken away",
        "transcription error",
        "another person&#x27;s",
        coordinator.username,
        investigator.username,
        "UTC",
    ):
        assertContains(response, text)


def test_history_is_a_fragment_when_it_is_loaded_into_a_page(client, corrected, address):
    response = client.get(address, {"path": "performance.ecog"}, headers={"HX-Request": "true"})
    assertContains(response, "transcription error")
    assertNotContains(response, "<html")
    assertTemplateNotUsed(response, "base.html")


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        ("labs.anc", ["3.2 ×10⁹/L on 2026-03-08"]),
        ("history.myocarditis", ["status: absent"]),
        ("lesions[0].diameter_mm", ["22 mm"]),
        ("consent.signed", ["yes"]),
        ("concurrent_study", ["none"]),
        ("reviewed.lesions", ["yes"]),
        ("lesions[0]", None),
        ("vitals", None),
    ],
)
def test_history_can_be_read_of_every_kind_of_field(client, visit, address, path, lines):
    (found,) = told(client.get(address, {"path": path}))
    assert found == lines if lines else found


@pytest.mark.parametrize(
    "path",
    [
        "",
        "gold",
        "reviewed",
        "performance.gold",
        "labs.gold",
        "history.gold",
        "lesions[7].site",
        "lesions[²].site",
        f"lesions[{'9' * 5000}].site",
        "labs[0].value.more",
        "<script>",
    ],
)
def test_field_that_does_not_exist_is_not_found(client, visit, address, path):
    assert client.get(address, {"path": path}).status_code == 404


def test_history_asks_the_database_a_constant_number_of_times(client, corrected, address, django_assert_num_queries):
    client.get(address, {"path": "performance.ecog"})  # the first view of the day is put on record
    with django_assert_num_queries(8):
        client.get(address, {"path": "performance.ecog"})
