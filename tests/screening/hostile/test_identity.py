"""What tells who somebody is, typed where it does not belong: refused, and kept nowhere, also not as a refusal."""

import json

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from screening.models import Refusal
from tests.support.section_requests import inputs

IDENTITIES = ["11010519491231002X", "13800138000", "li.na@example.org"]


def everything_kept():
    models = [*apps.get_app_config("criteria").get_models(), *apps.get_app_config("screening").get_models()]
    rows = [row for model in models for row in model._default_manager.values()]
    return json.dumps(rows, default=str, ensure_ascii=False)


FIELDS = {
    "visit__date": "visit",
    "labs__0__collected": "laboratory",
    "lesions__0__site": "disease",
    "therapies__0__name": "therapies",
    "performance__life_expectancy_months": "performance",
    "labs__0__value": "laboratory",
}
NUMBERS = ("performance__life_expectancy_months", "labs__0__value")  # in which digits alone are a result
TYPED = [(name, text) for name in FIELDS for text in IDENTITIES if not (name in NUMBERS and text.isdecimal())]


@pytest.mark.parametrize(("name", "identity"), TYPED)
def test_identity_typed_into_a_field_is_kept_nowhere(coordinator, visit, name, identity):
    client, code = Client(), FIELDS[name]
    client.force_login(coordinator)
    assert name.replace("__", "-") in inputs(visit, code)
    data = inputs(visit, code, **{name: identity}) | {"reason": "read wrongly"}
    client.post(reverse("screening:section-live", args=[visit.pk, code]), data)
    assert client.post(reverse("screening:section", args=[visit.pk, code]), data).status_code == 422
    assert Refusal.objects.get().faults
    assert identity not in everything_kept()


@pytest.mark.parametrize("identity", IDENTITIES)
def test_identity_typed_as_words_is_kept_nowhere(reviewer, as_role, eligible, superuser, monitor, identity):
    keeper = Client()
    keeper.force_login(superuser)
    visit = eligible.revision.visit_id
    for client, name, key, data in (
        (reviewer, "assessment-ask", eligible.pk, {"text": identity}),
        (reviewer, "assessment-ask", eligible.pk, {"text": "Why?", "criterion": identity}),
        (reviewer, "visit-ask", visit, {"text": "Why?", "path": identity}),
        (reviewer, "assessment-send-back", eligible.pk, {"comment": identity}),
        (reviewer, "verdict-disagree", eligible.verdicts.latest("pk").pk, {"text": identity}),
        (keeper, "account-activity", monitor.pk, {"active": "no", "reason": identity}),
        (keeper, "account-grant", monitor.pk, {"role": "monitor", "holds_from": "2999-01-01", "reason": identity}),
    ):
        assert client.post(reverse(f"screening:{name}", args=[key]), data).status_code == 422, name
    review = as_role("monitor").post(reverse("screening:trail-review"), {"remark": identity})
    assert review.status_code == 422
    assert identity not in everything_kept()


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize("name", ["search", "subject", "path", "person"])
def test_identity_is_not_kept_as_what_was_looked_for(as_role, identity, name):
    """An export and a review of the audit trail are recorded with their filter."""
    client, query = as_role("monitor"), urlencode({name: identity})
    for place in ("trail", "trail-export"):
        client.get(f"{reverse(f'screening:{place}')}?{query}")
    client.post(f"{reverse('screening:trail-review')}?{query}", {"remark": "nothing"})
    assert identity not in everything_kept()
