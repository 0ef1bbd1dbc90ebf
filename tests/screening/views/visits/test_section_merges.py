"""Two people in one section."""

import re

import pytest
from pytest_django.asserts import assertContains

from screening.models import Draft, EditCheckQuery
from screening.visits.save import save_section
from tests.support.section_requests import inputs, page_of


@pytest.fixture
def overtaken(empty_visit, investigator):
    """A form of the coordinator's, and what somebody else saved in that section meanwhile."""
    data = inputs(empty_visit, "performance", performance__ecog="2")
    save_section(empty_visit, "performance", {"performance": {"ecog": 1, "life_expectancy_months": 5}}, 1, investigator)
    return data


def choices_in(response):
    return list(dict.fromkeys(re.findall(r'name="(choice-[0-9a-f]+)"', response.content.decode())))


def test_stale_form_is_refused_with_both_versions_field_by_field(client, empty_visit, overtaken, investigator):
    response = client.post(page_of(empty_visit, "performance"), overtaken)
    assertContains(response, "Somebody saved this section while you were typing", status_code=409)
    assertContains(response, f"Revision 2 was saved by {investigator}", status_code=409)
    assertContains(response, 'name="base" value="2"', status_code=409)
    assertContains(response, 'name="ancestor" value="1"', status_code=409)
    assertContains(response, "1 difference that only one of you made", status_code=409)
    assert len(choices_in(response)) == 2
    assert empty_visit.revisions.count() == 2
    assert Draft.objects.get().base == 1


def test_both_versions_are_put_together_as_chosen(client, empty_visit, overtaken):
    ecog, months = choices_in(client.post(page_of(empty_visit, "performance"), overtaken))
    again = overtaken | {"base": "2", "ancestor": "1", ecog: "mine", months: "theirs", "reason": "seen again"}
    client.post(page_of(empty_visit, "performance"), again)
    assert empty_visit.latest_revision().document["performance"] == {"ecog": 2, "life_expectancy_months": 5}
    assert not Draft.objects.exists()


def test_choice_that_was_not_made_is_asked_again(client, empty_visit, overtaken):
    _ecog, months = choices_in(client.post(page_of(empty_visit, "performance"), overtaken))
    again = overtaken | {"base": "2", "ancestor": "1", months: "mine", "reason": "seen again"}
    response = client.post(page_of(empty_visit, "performance"), again)
    assertContains(response, f'value="mine" id="{months}-mine" aria-describedby="{months}" checked', status_code=409)
    assert empty_visit.revisions.count() == 2


def test_third_save_in_between_is_shown_too(client, empty_visit, overtaken, investigator):
    ecog, months = choices_in(client.post(page_of(empty_visit, "performance"), overtaken))
    save_section(empty_visit, "performance", {"performance": {"ecog": 0}}, 2, investigator, "once more")
    again = overtaken | {"base": "2", "ancestor": "1", ecog: "mine", months: "theirs", "reason": "seen again"}
    response = client.post(page_of(empty_visit, "performance"), again)
    assertContains(response, 'name="base" value="3"', status_code=409)
    assertContains(response, 'name="ancestor" value="1"', status_code=409)
    assert empty_visit.revisions.count() == 3


def test_form_is_not_stale_when_only_another_section_was_saved(client, empty_visit, investigator):
    data = inputs(empty_visit, "performance", performance__ecog="1")
    save_section(empty_visit, "vitals", {"vitals": {"height_cm": 170}}, 1, investigator)
    client.post(page_of(empty_visit, "performance"), data)
    assert empty_visit.latest_revision().document.keys() == {"visit", "vitals", "performance"}


def test_implausible_value_is_asked_back_while_two_versions_are_put_together(client, empty_visit, investigator):
    data = inputs(empty_visit, "vitals", vitals__weight_kg="610")
    save_section(empty_visit, "vitals", {"vitals": {"weight_kg": 61}}, 1, investigator)
    (choice,) = choices_in(client.post(page_of(empty_visit, "vitals"), data))
    again = data | {"base": "2", "ancestor": "1", "reason": "scales", choice: "mine"}
    response = client.post(page_of(empty_visit, "vitals"), again)
    assertContains(response, "possible but implausible", status_code=422)
    assertContains(response, f'value="mine" id="{choice}-mine" aria-describedby="{choice}" checked', status_code=422)
    client.post(page_of(empty_visit, "vitals"), again | {"confirm": EditCheckQuery.objects.get().key})
    assert empty_visit.latest_revision().document["vitals"] == {"weight_kg": 610}
