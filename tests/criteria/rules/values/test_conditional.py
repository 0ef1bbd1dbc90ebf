"""Values that depend on conditions, in rules: outcomes, proofs, what is missing, and what the check refuses."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from criteria.rules import nodes as n
from criteria.rules.check import check_rule
from criteria.rules.evaluate import compile_rule
from criteria.rules.explain import Explainer
from criteria.rules.facts import Facts
from criteria.rules.possible.conditions import possible_truths
from criteria.rules.reach import ANYWHERE, PossibleChanges, ReachableTruth
from criteria.rules.truth import FALSE, TRUE, UNKNOWN
from tests.criteria.rules.random_rules import TERMS, NamedDrugs, random_facts, random_rule
from tests.criteria.rules.small import SCHEMA, decoded, evaluated, limits, messages

FALL = {"is": {".kind": "fall"}}
SMOKES, MAN = {"is": {"smoker": "yes"}}, {"is": {"sex": "male"}}
COUNT = {"compare": [{"count": {"of": "events", "where": FALL}}, ">=", "$max_ecog"]}  # at least one fall


# They ask what is known, or go by a limit that the laboratory did not give: filling in may change them.
ASKS_WHAT_IS_KNOWN = n.Known | n.IfKnown | n.Detected | n.SomeDay | n.Miscoded
OUTCOMES = {TRUE: "pass", FALSE: "fail", UNKNOWN: "unknown"}


def outcome(trace):
    """The explanation of a rule that is wanted to be true."""
    return Explainer(SCHEMA, limits()).explain(None, trace, OUTCOMES[trace.truth], TRUE)


def test_count_of_a_list_that_is_not_confirmed_may_be_larger():
    one = {"events": [{"kind": "fall", "name": "fall at home"}]}
    assert evaluated(COUNT, lists=one).truth is TRUE
    assert evaluated(COUNT, lists={"events": []}).truth is UNKNOWN
    assert evaluated(COUNT, lists={"events": []}, reviewed=("events",)).truth is FALSE
    assert outcome(evaluated(COUNT, lists={"events": []})).missing == ["reviewed.events"]


def test_count_tells_which_records_it_counted():
    found = outcome(evaluated(COUNT, lists={"events": [{"kind": "fit"}, {"kind": "fall", "name": "at home"}]}))
    assert "counted: event 2 (at home)" in found.proof.lower()


def test_record_that_may_count_names_what_is_missing_of_it():
    found = outcome(evaluated(COUNT, lists={"events": [{"name": "at home"}]}, reviewed=("events",)))
    assert found.missing == ["events[0].kind"]


def test_score_is_decided_by_what_is_known_already():
    rule = {"compare": [{"score": [[5, SMOKES], [1, MAN]]}, ">=", "$five"]}
    assert evaluated(rule, {"smoker": "yes"}).truth is TRUE
    assert evaluated(rule, {"smoker": "no"}).truth is FALSE
    unknown = evaluated(rule, {"sex": "male"})
    assert unknown.truth is UNKNOWN
    assert outcome(unknown).missing == ["smoker"]


def test_value_of_the_branch_that_holds_is_told_with_its_reason():
    rule = {"compare": [{"case": [[MAN, "ecog"], 9]}, "<=", "$five"]}
    assert evaluated(rule, {"sex": "male", "ecog": "2"}).truth is TRUE
    assert evaluated(rule, {"sex": "female"}).truth is FALSE
    assert outcome(evaluated(rule, {"sex": "male"})).missing == ["ecog"]
    assert set(outcome(evaluated(rule)).missing) == {"sex", "ecog"}
    assert "male" in outcome(evaluated(rule, {"sex": "male", "ecog": "2"})).proof


def test_statistic_names_the_field_of_the_record_that_is_missing():
    rule = {"compare": [{"sum": {"of": "events", "value": ".severity", "where": FALL}}, "<=", "$five"]}
    events = [{"kind": "fall", "severity": "2"}, {"kind": "fall"}]
    found = evaluated(rule, lists={"events": events}, reviewed=("events",))
    assert found.truth is UNKNOWN
    assert outcome(found).missing == ["events[1].severity"]


def test_enough_of_several_conditions():
    rule = {"at_least": {"n": 2, "of": [SMOKES, MAN, {"compare": ["ecog", "<=", "$max_ecog"]}]}}
    assert evaluated(rule, {"smoker": "yes", "sex": "male"}).truth is TRUE
    assert evaluated(rule, {"smoker": "no", "sex": "female"}).truth is FALSE
    unknown = evaluated(rule, {"smoker": "yes"})
    assert unknown.truth is UNKNOWN
    found = outcome(unknown)
    assert set(found.missing) == {"sex", "ecog"}
    assert "1 of 3 hold, 2 not yet known (limit: at least 2)" in found.proof


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        ({"at_least": {"n": 3, "of": [SMOKES, MAN]}}, "3 of 2 conditions: a whole number from 1 to 2"),
        ({"at_least": {"n": "$half", "of": [SMOKES, MAN]}}, "has a unit"),
        ({"compare": [{"log": "pulse"}, ">", "$five"]}, "“pulse” has a unit (/min): say in which it counts, with `in`"),
        ({"compare": [{"max": ["ecog"]}, ">", "$five"]}, "`max` of one value"),
        ({"compare": [{"max": ["pulse", "pressure"]}, ">", "$five"]}, "do not go together"),
        ({"compare": [{"min": ["labs.haemoglobin", 3]}, ">", "$min_haemoglobin"]}, "reported in several units"),
        ({"compare": [{"count": {"of": "falls"}}, ">", "$five"]}, "unknown list “falls”"),
        ({"compare": [{"score": [[1, "ecog"]]}, ">", "$five"]}, "a condition is needed here"),
        ({"compare": [{"case": [[SMOKES, MAN], 0]}, ">", "$five"]}, "a number is needed here"),
        ({"same": ["sex", "ecog"]}, "a code is needed here"),
    ],
)
def test_check_names_what_is_wrong_with_a_value(tree, message):
    assert any(message in each for each in messages(tree)), messages(tree)


NEWEST = replace(SCHEMA, drugs=NamedDrugs(), format=3)


@settings(deadline=None, max_examples=80)
@given(st.integers(0, 2**32))
def test_every_rule_is_explained_and_an_unknown_outcome_names_what_is_missing(seed):
    rng = random.Random(seed)
    schema = NEWEST
    node, _, _ = decoded(random_rule(rng), TERMS)
    found = check_rule(node, schema, limits())
    run, explainer = compile_rule(node, schema, limits(), found.kinds), Explainer(schema, limits())
    changes = PossibleChanges(lambda name: ANYWHERE, lambda name: True, lambda name: True, statuses=True)
    possible = possible_truths(node, schema, limits(), found.kinds, {})
    for _ in range(10):
        trace = run(random_facts(rng), None)
        explained = explainer.explain(None, trace, OUTCOMES[trace.truth], TRUE)
        assert explained.missing or trace.truth is not UNKNOWN
        assert possible.true is not None or trace.truth is not TRUE
        assert possible.false is not None or trace.truth is not FALSE
        assert isinstance(ReachableTruth(schema, limits(), changes).can_be(trace, ~trace.truth), bool)


@settings(deadline=None, max_examples=80)
@given(st.integers(0, 2**32))
def test_filling_in_an_unknown_never_turns_a_decided_outcome_into_its_opposite(seed):
    rng = random.Random(seed)
    schema = NEWEST
    tree = random_rule(rng)
    node, _, _ = decoded(tree, TERMS)
    if any(isinstance(each, ASKS_WHAT_IS_KNOWN) for each in n.subtrees(node)):
        return
    run = compile_rule(node, schema, limits(), check_rule(node, schema, limits()).kinds)
    for _ in range(10):
        full, other = random_facts(rng), random_facts(rng)
        less = Facts(
            {path: value for path, value in full.values.items() if value is not None and rng.random() < 0.6},
            full.records,
            full.is_reviewed,
        )
        filled = Facts({**other.values, **less.values}, less.records, less.is_reviewed)
        before, after = run(less, None).truth, run(filled, None).truth
        assert before is UNKNOWN or after is before, tree
