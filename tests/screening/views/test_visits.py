import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from criteria.vocabulary import BadDocument, Fault
from screening.assess import assess
from screening.models import Visit
from screening.revise import register_subject, save_section
from screening.views import visits


@pytest.fixture
def subject(trial, coordinator):
    return register_subject(trial, coordinator)


@pytest.fixture
def new(subject):
    return reverse("screening:visit-new", args=[subject.pk])


def page_of(visit):
    return reverse("screening:visit", args=[visit.pk])


def test_visit_is_opened_with_its_date_and_first_dose(client, new, subject, coordinator):
    response = client.post(new, {"visit-date": "2026-03-09", "visit-planned_first_dose_date": "2026-03-16"})
    visit = Visit.objects.get()
    assertRedirects(response, page_of(visit))
    assert (visit.subject, visit.created_by) == (subject, coordinator)
    expected = {"visit": {"date": "2026-03-09", "planned_first_dose_date": "2026-03-16"}}
    assert visit.latest_revision().document == expected


@pytest.mark.parametrize(
    ("date", "dose", "message"),
    [
        ("", "", "visit date is required"),
        ("2026-02-30", "", "“2026-02-30” is no date in the calendar"),
        ("2026-03", "", "“2026-03” is not a whole date"),
        ("2026-03-09", "2026-03-08", "lies before"),
        ("1999-01-01", "", "no version of the protocol was in force"),
    ],
)
def test_bad_visit_is_refused_with_what_was_typed(client, new, date, dose, message):
    response = client.post(new, {"visit-date": date, "visit-planned_first_dose_date": dose})
    assertContains(response, message, count=2, status_code=422)  # on top, and beside the field
    assertContains(response, 'aria-invalid="true"', status_code=422)
    for typed in filter(None, (date, dose)):
        assertContains(response, f'value="{typed}"', status_code=422)
    assert not Visit.objects.exists()


def test_no_visit_is_opened_when_no_version_is_in_force_today(client, new, subject, monkeypatch):
    def refuse(*args):
        raise BadDocument([Fault("visit.date", "no version of the protocol was in force")])

    monkeypatch.setattr(visits, "version_for", refuse)
    assertContains(client.get(new, follow=True), "No visit can be opened")


def test_visit_page_shows_how_much_is_answered_and_by_whom(client, subject, new, coordinator):
    client.post(new, {"visit-date": "2026-03-09"})
    response = client.get(page_of(Visit.objects.get()))
    assertContains(response, "1 of 7 answered", count=1)
    assertContains(response, "0 of 36 answered", count=1)
    assertContains(response, f"saved by {coordinator}")
    assertContains(response, "Not assessed yet")


def test_visit_page_lists_every_assessment(client, visit, coordinator):
    first = assess(visit.latest_revision(), coordinator)
    save_section(visit, "performance", {"performance": {"ecog": 2}}, 1, coordinator, reason="measured again")
    second = assess(visit.latest_revision(), coordinator)
    response = client.get(page_of(visit))
    for assessment in (first, second):
        assertContains(response, reverse("screening:assessment", args=[assessment.pk]))


def test_who_may_not_enter_is_led_to_what_was_saved(as_role, visit):
    response = as_role("investigator").get(page_of(visit))
    assertNotContains(response, reverse("screening:section", args=[visit.pk, "laboratory"]))
    assertContains(response, reverse("screening:revision", args=[visit.pk, 1]) + "#laboratory")
    assertContains(response, "Assess</button>")
    assertNotContains(as_role("administrator").get(page_of(visit)), "Assess</button>")


@pytest.mark.parametrize("assessments", [0, 3])
def test_visit_page_asks_the_database_a_constant_number_of_times(
    client, visit, coordinator, assessments, django_assert_num_queries
):
    for _index in range(assessments):
        assess(visit.latest_revision(), coordinator)
    client.get(page_of(visit))
    with django_assert_num_queries(9):
        client.get(page_of(visit))
