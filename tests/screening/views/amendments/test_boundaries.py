"""The page of boundary cases: its words for outcomes, what it does not show, and that its tables can be told apart."""

import re
from copy import deepcopy

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from criteria.amendments.actions import replace_definition
from criteria.definition.writer import definition_text
from tests.support.amended import REASON, with_value

NOTICE = "Added, removed, or with another rule"


@pytest.fixture
def filed(draft, administrator):
    """A file that takes one criterion away, asks another of everybody but men, and adds none."""
    data = deepcopy(draft.latest_revision().definition)
    data["criteria"] = [block for block in data["criteria"] if block["code"] != "E02"]
    del data["tests"]  # they expect an outcome of every criterion
    block = next(block for block in data["criteria"] if block["code"] == "E07")
    block["applies"] = {"is": {"subject.sex": "female"}}
    replace_definition(draft, administrator, definition_text(data), REASON, seen=1)
    return draft


def test_outcome_of_an_exclusion_criterion_is_absent_or_present(admin_client, draft, administrator, at):
    with_value(draft, administrator, "arterial_thrombosis", "3")
    response = admin_client.get(at("amendment-boundaries", draft))
    assertContains(response, "an inclusion criterion is met and an exclusion criterion is absent")
    assertContains(response, "absent</span>")
    assertContains(response, "present</span>")
    assertNotContains(response, "met</span>")


def test_criteria_whose_rule_changed_are_named_with_the_way_to_their_comparison(admin_client, filed, at):
    response = admin_client.get(at("amendment-boundaries", filed))
    assertContains(response, f"{NOTICE}: E07, E02.")
    assertContains(response, f'href="{at("amendment", filed)}#effect"')
    assertContains(admin_client.get(at("amendment", filed)), 'id="effect"')


def test_another_value_alone_names_no_criterion(admin_client, changed, at):
    assertNotContains(admin_client.get(at("amendment-boundaries", changed)), NOTICE)


def test_every_table_has_a_name_of_its_own(admin_client, draft, administrator, at):
    with_value(draft, administrator, "cardiac", "3")
    text = admin_client.get(at("amendment-boundaries", draft)).content.decode()
    names = re.findall(r'role="region" aria-label="([^"]+)"', text)
    assert len(names) == len(set(names)) == text.count("boundary-table") > 1
    assert all("E14" in name for name in names)
