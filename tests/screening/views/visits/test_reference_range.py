from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from screening.models import RangeConfirmation, RangeEnd, RangeRetraction, ReferenceRange, Refusal
from screening.visits import range_use
from screening.visits.save import open_visit, register_subject
from tests.support.factories import ReferenceRangeFactory

LIST = reverse("screening:reference-ranges")
TYPED = {
    "laboratory": "City laboratory",
    "test": "creatinine umol/L",
    "sex": "",
    "uln": "1.2",
    "valid_from": "2026-01-01",
    "source": "list of 2026-01",
}


@pytest.fixture
def row(trial, administrator):
    return ReferenceRangeFactory(trial=trial, created_by=administrator, needs_confirmation=True, laboratory="City")


def page(row, form=""):
    return reverse(f"screening:reference-range{form and '-'}{form}", args=[row.pk])


def test_doubtful_limit_is_asked_back_and_entered_once_it_is_ticked(as_role, trial):
    client = as_role("administrator")
    response = client.post(LIST, TYPED)
    assertContains(
        response, "outside what is plausible: 40 to 180 µmol/L; plausible would be 1.2 mg/dL", status_code=422
    )
    assertContains(response, 'name="confirmed" value="creatinine umol/L 1.2"', status_code=422)
    assertContains(response, 'value="City laboratory"', status_code=422)
    assert not ReferenceRange.objects.exists()
    assert Refusal.objects.count() == 1
    client.post(LIST, TYPED | {"confirmed": "creatinine umol/L 1.2"})
    entered = ReferenceRange.objects.get()
    assert entered.doubt
    assertContains(client.get(page(entered)), "1.2 µmol/L was asked back and confirmed against the laboratory's list")


def test_range_is_confirmed_by_somebody_else_than_who_entered_it(as_role, row, client, administrator):
    client.force_login(administrator)
    assertContains(client.get(page(row)), "other than you confirms it")
    response = client.post(page(row, "confirm"))
    assertContains(response, "You entered this range: another user confirms it.", status_code=422)
    assertNotContains(as_role("coordinator").get(page(row)), "Confirm the range")
    other = as_role("administrator")
    assertContains(other.get(page(row)), "Confirm the range")
    assertRedirects(other.post(page(row, "confirm")), page(row))
    assert RangeConfirmation.objects.get().created_by != administrator
    assertContains(other.get(LIST), "confirmed by")
    assertNotContains(other.get(page(row)), "Confirm the range")


def test_investigator_confirms_and_neither_ends_nor_marks(as_role, row):
    client = as_role("investigator")
    assertContains(client.get(page(row)), "Confirm the range")
    assertNotContains(client.get(page(row)), "Mark the range wrong")
    for form in ("end", "wrong"):
        assert client.post(page(row, form), {"last_day": "2026-06-30", "reason": "no"}).status_code == 403
    assertRedirects(client.post(page(row, "confirm")), page(row))


def test_range_ends_with_a_reason_and_what_is_wrong_is_said_at_its_field(as_role, row):
    client = as_role("administrator")
    response = client.post(page(row, "end"), {"last_day": "2025-06-30", "reason": "A new list."})
    assertContains(response, "a range that never held is marked wrong", status_code=422)
    assertContains(response, 'value="2025-06-30"', status_code=422)
    assertContains(response, "A new list.", status_code=422)
    assert not RangeEnd.objects.exists()
    client.post(page(row, "end"), {"last_day": "2026-06-30", "reason": "A new list."})
    assert RangeEnd.objects.get().last_day == date(2026, 6, 30)
    assertContains(client.get(page(row)), "last day 2026-06-30. Reason: A new list.")
    assertContains(client.get(LIST), "until 2026-06-30")


def test_marking_a_range_wrong_lists_the_visits_entered_with_it(as_role, row, coordinator):
    result = {"analyte": "creatinine", "value": 80, "unit": "umol/L", "collected": "2026-03-08", "uln": 104}
    subject = register_subject(row.trial, coordinator)
    visit = open_visit(subject, coordinator, {"visit": {"date": "2026-03-09"}, "labs": [result]})
    client = as_role("administrator")
    assert client.post(page(row, "wrong"), {"reason": ""}).status_code == 422
    response = client.post(page(row, "wrong"), {"reason": "Of another test."}, follow=True)
    assertContains(response, "marked wrong")
    assertContains(response, f'<a href="{reverse("screening:visit", args=[visit.pk])}">S-0001, visit 1</a>')
    assertContains(response, "I08")
    assertNotContains(response, "End the range")
    assert RangeRetraction.objects.get().reason == "Of another test."
    assert [text.state for text in client.get(LIST).context["others"]] == ["wrong"]


def test_visits_with_the_limit_are_listed_page_by_page(as_role, row, coordinator, monkeypatch):
    monkeypatch.setattr(range_use, "TOUCHED_AT_ONCE", 1)
    result = {"analyte": "creatinine", "value": 80, "unit": "umol/L", "collected": "2026-03-08", "uln": 104}
    document = {"visit": {"date": "2026-03-09"}, "labs": [result]}
    first, last = [open_visit(register_subject(row.trial, coordinator), coordinator, document) for _ in range(2)]
    client = as_role("administrator")
    address = f"{page(row)}?before={last.pk}"
    response = client.get(page(row))
    assertContains(response, "S-0002, visit 1")
    assertNotContains(response, f"{first.subject.screening_number}, visit 1")
    assertContains(response, f'<a href="{address}#touched">Visits opened before these</a>')
    response = client.get(address)
    assertContains(response, f"{first.subject.screening_number}, visit 1")
    assertContains(response, f'<a href="{page(row)}#touched">The visits opened last</a>')
    assertNotContains(response, "Visits opened before these")
    for unread in ("x", "-1", "1" * 19, "²"):
        assertContains(client.get(page(row), {"before": unread}), "S-0002, visit 1")


def test_range_of_before_says_that_nobody_was_asked(as_role, trial, administrator):
    older = ReferenceRangeFactory(trial=trial, created_by=administrator)
    client = as_role("administrator")
    assertContains(client.get(LIST), "entered before confirmation was required")
    assertContains(client.get(LIST), "laboratory not named")
    assertContains(client.get(page(older)), "Entered before confirmation was required")


@pytest.mark.parametrize("form", ["confirm", "end", "wrong"])
def test_form_that_a_login_leads_back_to_decides_nothing(as_role, row, form):
    assertRedirects(as_role("administrator").get(page(row, form)), page(row))
    assert not RangeConfirmation.objects.exists()


def test_range_that_does_not_exist_is_not_found(as_role, trial):
    assert as_role("administrator").get(reverse("screening:reference-range", args=[1])).status_code == 404


@pytest.mark.parametrize("ends", [0, 3])
def test_page_asks_the_database_a_constant_number_of_times(
    as_role, row, administrator, ends, django_assert_num_queries
):
    for _index in range(ends):
        RangeEnd.objects.create(range=row, last_day=date(2026, 6, 30), reason="a list", created_by=administrator)
    client = as_role("administrator")
    client.get(page(row))
    with django_assert_num_queries(8):
        client.get(page(row))
