"""Numbers that are none, and days that cannot be: refused on the server, whatever a browser would have let through."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from screening.models import ReferenceRange
from tests.screening.hostile.counting import counts
from tests.support.amended import drafted
from tests.support.section_requests import inputs

NO_NUMBERS = ["NaN", "nan", "sNaN", "Infinity", "-Infinity", "inf", "1e400", "1e-400", "-1", "-0.5", "0x10", "1_000"]
NO_NUMBERS += ["१२", "١٢", "1,500", "1 000", "--1", "1e", "+-1", "٠"]
NEVER = ["2999-12-31", "9999-12-31", "0000-01-01", "2026-02-30", "2026-13-01", "-2026-01-01", "20260931", "tomorrow"]


@pytest.fixture
def client(coordinator):
    client = Client()
    client.force_login(coordinator)
    return client


def save(client, visit, code, **typed):
    data = inputs(visit, code, **typed) | {"reason": "read wrongly"}
    return client.post(reverse("screening:section", args=[visit.pk, code]), data).status_code


@pytest.mark.parametrize("typed", NO_NUMBERS)
@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("performance", "performance__life_expectancy_months"),
        ("vitals", "vitals__weight_kg"),
        ("laboratory", "labs__0__value"),
    ],
)
def test_what_is_no_number_is_not_saved(client, visit, code, name, typed):
    assert name.replace("__", "-") in inputs(visit, code)
    assert save(client, visit, code, **{name: typed}) == 422
    assert visit.revisions.count() == 1


@pytest.mark.parametrize("typed", NEVER)
@pytest.mark.parametrize(("code", "name"), [("visit", "visit__date"), ("laboratory", "labs__0__collected")])
def test_day_that_cannot_be_is_not_saved(client, visit, code, name, typed):
    assert name.replace("__", "-") in inputs(visit, code)
    assert save(client, visit, code, **{name: typed}) == 422
    assert visit.revisions.count() == 1


@pytest.mark.parametrize("typed", [*NO_NUMBERS, "1e30", "9" * 100])
def test_upper_limit_that_is_no_number_is_not_entered(as_role, trial, typed):
    words = {"test": "creatinine umol/L", "uln": typed, "valid_from": "2026-01-01", "source": "list"}
    response = as_role("administrator").post(reverse("screening:reference-ranges"), words)
    assert response.status_code == 422, typed
    assert not ReferenceRange.objects.exists()


@pytest.mark.parametrize("typed", [*NO_NUMBERS, "9" * 60])
def test_parameter_and_what_if_take_no_such_number(as_role, trial, administrator, typed):
    amendment = drafted(trial, administrator)
    client = as_role("administrator")
    before = counts()
    words = {"value": typed, "title": "minimum neutrophil count", "reason": "why", "seen": "1"}
    page = reverse("screening:amendment-parameter", args=[amendment.pk, "min_anc"])
    assert client.post(page, words).status_code == 422
    tried = {"base": amendment.base_id, "to-min_anc": typed}
    assert client.post(reverse("screening:what-if"), tried).status_code == 422
    assert counts() == before


def test_right_does_not_begin_in_the_past_nor_end_before_it(as_role, coordinator):
    page = reverse("screening:account-grant", args=[coordinator.pk])
    client, today = as_role("superuser"), timezone.localdate().isoformat()
    before = counts()
    for first, last in (("2020-01-01", ""), (today, "2020-01-01"), ("0001-01-01", ""), ("2026-02-30", ""), ("", "")):
        words = {"role": "monitor", "holds_from": first, "holds_until": last, "reason": "why"}
        assert client.post(page, words).status_code == 422
    assert counts() == before
