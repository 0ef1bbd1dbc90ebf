from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from criteria.definition.parameter_types import limit_range_text
from criteria.versions.versions import protocol_of
from tests.support.approved import approved

pytestmark = pytest.mark.usefixtures("in_may")


def page(name):
    return reverse("screening:parameter", args=[name])


def test_history_tells_each_value_with_its_reason_and_who(client, version, third, administrator):
    response = client.get(page("min_anc"), {"trial": version.trial.code})
    assertContains(response, '<span class="value">1000 /mm³</span>', count=2, html=True)
    assertContains(response, '<span class="value">1500 /mm³</span>', count=1, html=True)
    assertContains(response, "reason for min_anc", count=1)
    assertContains(response, administrator.username)
    assertContains(response, "Approved by Dr. Li Na", count=1)
    assertContains(response, limit_range_text(protocol_of(version).limits["min_anc"]), count=3)
    assertNotContains(response, "reason for max_ecog")


def test_history_tells_the_source_of_each_value(client, version, administrator, investigator):
    cited = {"min_anc": "Amendment 1, page 34"}
    approved(version, "2.0", date(2026, 3, 1), administrator, investigator, sources=cited)
    response = client.get(page("min_anc"))
    assertContains(response, "Source: Amendment 1, page 34", count=1)
    assertContains(response, f"Source: {version.parameters.get(name='min_anc').source}", count=1)
    assertContains(response, '<strong class="changed">changed</strong>', count=1, html=True)


def test_version_without_the_parameter_says_so(client, second, administrator, investigator):
    approved(second, "4.0", date(2026, 7, 1), administrator, investigator, without="max_ecog")
    response = client.get(page("max_ecog"))
    assertContains(response, "not in this version", count=1)
    assertContains(response, "a new file", count=1)


def test_parameter_of_another_trial_is_not_found(client, version, other_trial):
    assert client.get(page("max_potassium"), {"trial": version.trial.code}).status_code == 404
    assert client.get(page("max_potassium"), {"trial": other_trial.code}).status_code == 200
    assert client.get(page("min_anc"), {"trial": "gold"}).status_code == 404


def test_history_takes_as_many_queries_for_many_versions(client, third, django_assert_max_num_queries):
    client.get(page("min_anc"))  # the versions are read
    with django_assert_max_num_queries(8):
        client.get(page("min_anc"))
