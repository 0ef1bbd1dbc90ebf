from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from tests.support.approved import approved

PAGE = reverse("screening:compare")

pytestmark = pytest.mark.usefixtures("in_may")


def test_version_in_force_is_compared_with_the_one_before_unless_others_are_chosen(client, version, second, third):
    response = client.get(PAGE, {"trial": version.trial.code})
    assertContains(response, f"What differs between version {version.number} and version 2.0")
    response = client.get(PAGE, {"old": second.pk, "new": third.pk})
    assertContains(response, "What differs between version 2.0 and version 3.0")
    response = client.get(PAGE, {"new": third.pk})
    assertContains(response, "What differs between version 2.0 and version 3.0")


def test_changed_value_stands_in_the_sentence_of_its_criterion_with_both_marked(client, version, second):
    response = client.get(PAGE, {"old": version.pk, "new": second.pk})
    assertContains(response, "neutrophils at least <del>")
    assertContains(response, '<span class="visually-hidden">[removed: </span>1500<span')
    assertContains(response, '<span class="visually-hidden">[added: </span>1000<span')
    assertNotContains(response, "compared-max_ecog")


def test_changed_source_is_shown_and_no_value_with_it(client, version, administrator, investigator):
    cited = {"min_anc": "Amendment 1, page 34"}
    second = approved(version, "2.0", date(2026, 3, 1), administrator, investigator, sources=cited)
    response = client.get(PAGE, {"old": version.pk, "new": second.pk})
    assertContains(response, "Minimum neutrophil count: source")
    assert [difference.new for difference in response.context["comparison"].rest] == ["Amendment 1, page 34"]
    assertNotContains(response, "compared-values")


def test_versions_can_be_compared_backwards(client, version, second):
    response = client.get(PAGE, {"old": second.pk, "new": version.pk})
    assertContains(response, '<span class="visually-hidden">[removed: </span>1000<span')


def test_versions_far_apart_differ_in_all_that_changed_between(client, version, third):
    response = client.get(PAGE, {"old": version.pk, "new": third.pk})
    assertContains(response, 'id="compared-min_anc"')
    assertContains(response, 'id="compared-max_ecog"')


def test_one_and_the_same_version_is_said_to_be_so(client, second):
    assertContains(client.get(PAGE, {"old": second.pk, "new": second.pk}), "one and the same version")


def test_only_version_has_nothing_to_be_compared_with(client, version):
    assertContains(client.get(PAGE), "The trial has one version so far")


def test_first_version_has_none_before_it(client, version, second):
    assertContains(client.get(PAGE, {"new": version.pk}), "There is no version before this one")


def test_versions_of_two_trials_are_not_compared(client, version, other_trial):
    assert client.get(PAGE, {"old": version.pk, "new": other_trial.versions.get().pk}).status_code == 404


@pytest.mark.parametrize("key", ["0", str(2**31 - 1), str(10**30), "-1", "one", "1" * 5000, "٣x"])
def test_version_that_does_not_exist_is_not_found(client, version, key):
    assert client.get(PAGE, {"old": key, "new": version.pk}).status_code == 404
