"""Nodes that checks between answers need: what two answers have in common, days before another, what was answered."""

import pytest

from criteria.rules import nodes as n
from criteria.rules.evaluate import compile_rule
from criteria.rules.facts import Facts
from criteria.rules.truth import FALSE, TRUE, UNKNOWN
from tests.criteria.rules.small import SCHEMA, evaluated, limits, messages

CODES = {"common": ["smoker", "smoker"]}
SETS = {"common": ["drugs", "drugs"]}


@pytest.mark.parametrize(("value", "truth"), [("yes", TRUE), (None, UNKNOWN)])
def test_two_codes_are_common_where_they_are_the_same(value, truth):
    assert evaluated(CODES, {"smoker": value} if value else {}).truth is truth


@pytest.mark.parametrize(
    ("first", "second", "truth"),
    [({"a", "b"}, {"b"}, TRUE), ({"a"}, {"b", "c"}, FALSE), (set(), {"a"}, FALSE)],
)
def test_two_sets_of_codes_are_common_where_they_share_one(first, second, truth):
    facts = Facts({"drugs": frozenset(first), "other": frozenset(second)}, {})
    node = n.Common(n.Fact("drugs"), n.Fact("other"))
    assert compile_rule(node, SCHEMA, limits(), {})(facts, None).truth is truth


def test_a_code_and_a_set_of_codes_have_nothing_to_share():
    assert messages({"common": ["smoker", "drugs"]}) == ["“drugs” is a list of codes; a code is needed here"]


@pytest.mark.parametrize(
    ("day", "truth"),
    [("2000-12-31", TRUE), ("2001-01-01", FALSE), ("2001", FALSE), ("2000", TRUE)],
)
def test_some_day_lies_before_another_where_it_lies_wholly_before(day, truth):
    found = evaluated({"some_day": {"before": "born"}}, {"born": "2001-01-01", "visit.date": day})
    assert found.truth is truth
    assert (found.operands[1] == ("visit.date",)) is (truth is TRUE)


def test_days_of_records_count_with_their_place_in_the_document():
    events = {"events": [{"kind": "fall"}, {"kind": "fit", "date": "1999-05-01"}]}
    found = evaluated({"some_day": {"before": "born"}}, {"born": "2001-01-01"}, events)
    assert found.operands[1] == ("events[1].date",)


def test_without_the_other_day_it_is_not_known():
    assert evaluated({"some_day": {"before": "born"}}, {"visit.date": "2000-01-01"}).truth is UNKNOWN


@pytest.mark.parametrize(
    ("entries", "truth"), [([], FALSE), ([{}], FALSE), ([{"status": "absent"}], TRUE), ([{"status": "past"}], TRUE)]
)
def test_a_condition_is_known_once_it_was_asked_and_answered(entries, truth):
    assert evaluated({"known": "history.stroke"}, {}, {"history.stroke": entries}).truth is truth


def test_a_definition_without_drugs_cannot_tell_names_from_codes():
    assert messages({"miscoded": {"names": "note", "codes": "drugs"}}) == ["the definition lists no drugs"]
