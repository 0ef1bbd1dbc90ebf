import random
from copy import deepcopy

import pytest
from hypothesis import given, settings, strategies as st

from criteria.definition.reader import edition_from, parse_definition
from criteria.versions.comparison import compare
from criteria.versions.versions import edition_of
from screening.models import Overall
from screening.simulations.evaluation import (
    Evaluation,
    OutcomeShift,
    effect_of,
    was_ineligible_before,
)
from screening.simulations.people import Person
from tests.conftest import PROTOCOL
from tests.screening.simulations.people import with_neutrophils
from tests.support.random_documents import random_document
from tests.support.traced import traced_outcomes

DATA = parse_definition(PROTOCOL.read_text(encoding="utf-8"))[0]
VALUES = {"min_anc": 1000, "max_ecog": 2, "min_platelets": 80000, "pregnancy_test_window": 7, "relapse_window": 3}


def with_values(data, values):
    blocks = {name: data["parameters"][name] | {"value": value} for name, value in values.items()}
    return edition_from(data | {"parameters": data["parameters"] | blocks})


def evaluation_of(old, new):
    return Evaluation(old, new, compare(old, new))


SEVERAL = evaluation_of(edition_from(DATA), with_values(DATA, VALUES))


@pytest.fixture
def changed(version):
    """The version with some of its definition replaced by `act`, compared with itself as it is."""

    def change(act):
        data = deepcopy(edition_of(version).data)
        act(data)
        return evaluation_of(edition_of(version), edition_from(data))

    return change


def without(code):
    def act(data):
        data["criteria"] = [block for block in data["criteria"] if block["code"] != code]
        del data["tests"]  # they expect an outcome of every criterion
        del data["parameters"]["max_ecog"]

    return act


def added(code, limit):
    def act(data):
        rule = {"compare": ["performance.life_expectancy_months", "<", "$added"]}
        block = {"code": code, "category": "exclusion", "statement": "Added", "rule": rule}
        data["criteria"] = [*data["criteria"], block]
        data["parameters"]["added"] = {"title": "added", "value": limit, "unit": "mo"}

    return act


def lower_limit(data):
    data["parameters"]["min_anc"]["value"] = 1000


def test_nothing_changes_for_whom_both_limits_let_through(changed, man):
    shift = changed(lower_limit).shift(man)
    assert shift == OutcomeShift("eligible", "eligible", {})
    assert not shift.is_changed


def test_only_the_changed_criterion_is_told_when_a_person_fails_another_one_too(changed, man):
    document = with_neutrophils(man, 1.2) | {"performance": {"ecog": 2, "life_expectancy_months": 6}}
    shift = changed(lower_limit).shift(document)
    assert shift == OutcomeShift("ineligible", "ineligible", {"I08": ["fail", "pass"]})


def test_outcomes_are_those_of_a_whole_evaluation(changed, man, cases):
    """By the old definition only what changed is evaluated; that must not show."""
    evaluation = changed(lower_limit)
    for case in cases.values():
        before, after = evaluation.outcome_pair(case["document"])
        for protocol, outcomes in ((evaluation.old, before), (evaluation.new, after)):
            assert outcomes == traced_outcomes(protocol, case["document"]), case["id"]


@settings(deadline=None, max_examples=50)
@given(seed=st.integers(0, 2**32))
def test_outcomes_of_any_document_are_those_of_a_whole_evaluation(seed):
    document = random_document(random.Random(seed))
    expected = [traced_outcomes(protocol, document) for protocol in (SEVERAL.old, SEVERAL.new)]
    assert list(SEVERAL.outcome_pair(document)) == expected


@pytest.mark.parametrize("document", [{"visit": {"date": "2026-03-09"}, "performance": {"ecog": 9}}, ["yesterday"]])
def test_document_that_fits_neither_is_no_change(changed, document):
    shift = changed(lower_limit).shift(document)
    assert shift == OutcomeShift("", "", {})
    assert not shift.is_changed


def test_document_that_no_longer_fits_is_a_change_without_an_outcome(changed, man):
    def range_narrowed(data):
        parts = (part for section in data["sections"] for part in section["parts"])
        next(part for part in parts if part["key"] == "performance")["fields"]["ecog"]["maximum"] = 0

    shift = changed(range_narrowed).shift(man)
    assert shift == OutcomeShift("eligible", "", {})
    assert shift.is_changed
    assert not shift.fits


def test_added_criterion_is_a_change_for_those_against_whom_it_speaks(changed, man):
    assert not changed(added("E90", 6)).shift(man).is_changed
    assert changed(added("E90", 7)).shift(man) == OutcomeShift("eligible", "ineligible", {"E90": [None, "fail"]})


def test_removed_criterion_is_a_change_for_those_against_whom_it_spoke(changed, man):
    evaluation = changed(without("I03"))
    assert not evaluation.shift(man).is_changed
    shift = evaluation.shift(man | {"performance": {"ecog": 2, "life_expectancy_months": 6}})
    assert shift == OutcomeShift("ineligible", "eligible", {"I03": ["fail", None]})


@pytest.mark.parametrize(
    ("place", "decision", "found", "before", "after", "effect"),
    [
        ("E-001", "", "", "eligible", "ineligible", "lost"),
        ("E-001", "eligible", "eligible", "eligible", "undetermined", "lost"),
        ("", "eligible", "eligible", "eligible", "ineligible", "lost"),
        ("", "eligible", "eligible", "eligible", "", "lost"),  # whether still eligible is not known
        ("E-001", "eligible", "eligible", "eligible", "eligible", "other"),
        # not eligible by the base version either: no change takes that away, and none gives a place
        ("E-001", "eligible", "eligible", "undetermined", "undetermined", "other"),
        ("E-001", "eligible", "eligible", "ineligible", "undetermined", "other"),
        ("", "eligible", "eligible", "undetermined", "ineligible", "other"),
        ("E-001", "", "ineligible", "ineligible", "eligible", "other"),
        ("E-001", "eligible", "eligible", "", "ineligible", "other"),
        ("", "failure", "ineligible", "ineligible", "eligible", "gained"),
        ("", "failure", "undetermined", "undetermined", "eligible", "gained"),
        ("", "", "ineligible", "ineligible", "eligible", "gained"),
        ("", "failure", "ineligible", "ineligible", "undetermined", "other"),
        ("", "failure", "ineligible", "eligible", "eligible", "other"),  # was eligible all along
        ("", "", "undetermined", "undetermined", "eligible", "other"),
        ("", "", "", "eligible", "ineligible", "other"),
        ("", "returned", "eligible", "eligible", "ineligible", "other"),
    ],
)
def test_effect_is_what_the_change_means_for_somebody(place, decision, found, before, after, effect):
    person = Person(1, 1, place, decision, found, "{}")
    assert effect_of(person, OutcomeShift(before, after, {})) == effect
    assert {before, after} <= {"", *Overall.values}


@pytest.mark.parametrize(
    ("place", "decision", "before", "held"),
    [
        ("E-001", "", "undetermined", True),
        ("", "eligible", "ineligible", True),
        ("E-001", "eligible", "", True),
        ("E-001", "eligible", "eligible", False),
        ("", "", "undetermined", False),
        ("", "failure", "ineligible", False),
    ],
)
def test_who_is_enrolled_or_confirmed_and_not_eligible_before_either_is_held(place, decision, before, held):
    person = Person(1, 1, place, decision, "", "{}")
    assert was_ineligible_before(person, OutcomeShift(before, "undetermined", {"I08": ["pass", "unknown"]})) is held
