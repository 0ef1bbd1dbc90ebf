from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from screening.models import ReferenceRange
from screening.visits.range_decisions import confirm_range
from screening.visits.reference_ranges import RangeValues, add_range, limit_key

PAGE = reverse("screening:reference-ranges")
TYPED = {
    "laboratory": "City laboratory",
    "test": "creatinine umol/L",
    "sex": "male",
    "uln": "111",
    "valid_from": "2026-01-01",
    "valid_until": "",
    "source": "laboratory's list of 2026-01",
}


@pytest.fixture
def manager(as_role):
    return as_role("administrator")


@pytest.fixture
def entered(trial, administrator, signer):
    """Enters a range that holds from ten days ago on, but for what is said; another person confirms it."""
    today = timezone.localdate()

    def enter(**said):
        usual = {"laboratory": "City", "analyte": "ast", "unit": "U/L", "sex": "", "uln": Decimal(40), "source": "list"}
        said = usual | {"valid_from": today - timedelta(10), "valid_until": None} | said
        key = limit_key(said["analyte"], said["unit"], said["uln"])
        row = add_range(trial, administrator, RangeValues(**said), key)
        confirm_range(row, signer)
        return row

    return enter


def test_administrator_enters_a_range(manager, trial):
    response = manager.post(PAGE, TYPED)
    assertRedirects(response, f"{PAGE}?trial={trial.code}")
    found = ReferenceRange.objects.get()
    assert (found.trial, found.analyte, found.unit, found.sex) == (trial, "creatinine", "umol/L", "male")
    assert (found.uln, found.valid_until, found.source) == (111, None, "laboratory's list of 2026-01")
    response = manager.get(PAGE)
    assert [text.state for text in response.context["waiting"]] == ["waiting"]
    for text in (
        "City laboratory",
        "waiting for a second user",
        "Creatinine",
        "male",
        "111 µmol/L",
        "2026-01-01",
        "list of 2026-01",
        found.created_by.username,
    ):
        assertContains(response, text)


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"test": ""}, "test", "This field is required"),
        ({"test": "gold mg/dL"}, "test", "not one of the available choices"),
        ({"test": "creatinine U/L"}, "test", "not one of the available choices"),
        ({"uln": ""}, "uln", "tick that the laboratory gives none"),
        ({"uln": "high"}, "uln", "“high” is not a number"),
        ({"uln": "0"}, "uln", "above 0"),
        ({"uln": "-4"}, "uln", "4"),
        ({"none": "on"}, "none", "leave one of the two"),
        ({"valid_from": "2026-02-30"}, "valid_from", "not a whole date"),
        ({"valid_from": ""}, "valid_from", "This field is required"),
        ({"valid_until": "2025-12-31"}, "valid_until", "lies before"),
        ({"source": " "}, "source", "This field is required"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(manager, trial, typed, field, message):
    response = manager.post(PAGE, TYPED | typed)
    assert response.status_code == 422
    assert message in str(response.context["form"].errors[field])
    assertContains(response, "Nothing was entered", status_code=422)
    for text in {"111", "2026-01-01"} & set((TYPED | typed).values()):
        assertContains(response, f'value="{text}"', status_code=422)
    assert not ReferenceRange.objects.exists()


def test_range_is_withdrawn_by_one_without_a_limit(manager, trial, entered, signer):
    entered()
    withdrawn = {"test": "ast U/L", "sex": "", "uln": "", "none": "on", "valid_from": str(timezone.localdate())}
    manager.post(PAGE, TYPED | withdrawn | {"laboratory": "City"})
    confirm_range(ReferenceRange.objects.latest("pk"), signer)
    response = manager.get(PAGE)
    assert [text.limit for text in response.context["current"]] == ["none given (U/L)"]
    assert [text.state for text in response.context["others"]] == ["replaced"]


def test_ranges_are_told_apart_by_what_becomes_of_them_today(manager, entered):
    today = timezone.localdate()
    entered(uln=Decimal(41))
    entered()
    entered(sex="female", uln=Decimal(35))
    entered(analyte="alt", valid_until=today - timedelta(1))
    entered(analyte="alt", valid_from=today + timedelta(1))
    entered(analyte="creatinine", unit="umol/L", valid_until=today)
    response = manager.get(PAGE)
    assert [(text.label, text.limit) for text in response.context["current"]] == [
        ("Creatinine", "40 µmol/L"),
        ("AST", "40 U/L"),
        ("AST", "35 U/L"),
    ]
    assert sorted(text.state for text in response.context["others"]) == ["coming", "ended", "replaced"]
    for words in ("to come", "ended", "replaced", "female", "any"):
        assertContains(response, words)


def test_range_that_counts_for_nobody_any_more_is_told_as_replaced(manager, entered):
    today = timezone.localdate()
    entered(sex="male", uln=Decimal(111))
    entered(sex="female", uln=Decimal(81))
    entered(uln=Decimal(95), valid_from=today)
    entered(uln=Decimal(90), valid_from=today - timedelta(20))
    response = manager.get(PAGE)
    assert [text.limit for text in response.context["current"]] == ["95 U/L"]
    assert [text.state for text in response.context["others"]] == ["replaced"] * 3


@pytest.mark.parametrize("role", ["coordinator", "investigator"])
def test_others_read_and_do_not_enter(as_role, trial, role):
    client = as_role(role)
    assertNotContains(client.get(PAGE), "Enter a range")
    assert client.post(PAGE, TYPED).status_code == 403
    assert not ReferenceRange.objects.exists()


def test_each_trial_has_ranges_of_its_own(manager, trial, other_trial, entered):
    entered()
    response = manager.get(PAGE, {"trial": other_trial.code})
    assert (response.context["trial"], response.context["current"]) == (other_trial, [])
    assertContains(manager.get(PAGE, {"trial": trial.code}), "40 U/L")


@pytest.mark.parametrize("code", ["", "NCT00000000"])
def test_trial_that_does_not_exist_is_not_found(manager, trial, code):
    assert manager.get(PAGE, {"trial": code}).status_code == 404


@pytest.mark.parametrize("ranges", [1, 4])
def test_page_asks_the_database_a_constant_number_of_times(manager, entered, ranges, django_assert_num_queries):
    for _index in range(ranges):
        entered()
    manager.get(PAGE)
    with django_assert_num_queries(7):
        manager.get(PAGE)
