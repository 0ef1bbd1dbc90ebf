from decimal import Decimal

import pytest

from criteria.definition.reader import parse_definition
from criteria.rules.facts import Limit
from screening.amendments.version_text import permitted_range_text, type_text, version_text
from tests.conftest import PROTOCOL, ROOT

TRIALS = (PROTOCOL, ROOT / "tests/data/hypertension.yaml", ROOT / "tests/data/second_trial.yaml")


def limit(low, high, unit):
    return Limit("some", "some", Decimal(low), unit, "", (Decimal(low), Decimal(high)))


@pytest.mark.parametrize("path", TRIALS, ids=lambda path: path.stem)
def test_text_has_every_criterion_and_parameter_of_any_trial(path):
    _data, protocol = parse_definition(path.read_text())
    text = version_text(protocol)
    assert [each.code for each in text.criteria] == [each.code for each in protocol.criteria]
    assert [each.name for each in text.parameters] == list(protocol.limits)
    assert [each.rule for each in text.criteria] == [protocol.sentence(each) for each in protocol.criteria]


def test_parameter_knows_the_criteria_that_read_it_in_conditions_and_terms_too():
    text = version_text(parse_definition(PROTOCOL.read_text())[1])
    codes = {each.name: each.codes for each in text.parameters}
    assert codes["min_anc"] == ("I08",)
    assert codes["relapse_window"] == ("I06",)  # within a term
    assert codes["contraception_after"] == ()  # in a help text only
    assert "min_anc" in [each.name for each in next(each for each in text.criteria if each.code == "I08").parameters]


def test_text_has_the_source_of_each_parameter_and_criterion_and_says_whether_there_are_any():
    protocol = parse_definition(PROTOCOL.read_text())[1]
    text = version_text(protocol)
    assert [each.source for each in text.criteria] == [each.source for each in protocol.criteria]
    assert [each.source for each in text.parameters] == [each.source for each in protocol.limits.values()]
    assert text.has_parameter_sources
    assert not version_text(parse_definition(TRIALS[1].read_text())[1]).has_parameter_sources


def test_criteria_stand_under_their_category():
    text = version_text(parse_definition(PROTOCOL.read_text())[1])
    assert [(name, len(criteria)) for name, criteria in text.groups] == [
        ("Inclusion criteria", 12),
        ("Exclusion criteria", 30),
    ]


def test_permitted_range_says_where_a_window_may_be_open():
    assert permitted_range_text(limit("500", "3000", "/mm3"), open_too=False) == "500 to 3000 /mm³"
    assert permitted_range_text(limit("1", "365", "d"), open_too=True) == "1 to 365 days, or any time"
    assert permitted_range_text(Limit("window", "window", None, "d"), open_too=True) == ""


def test_type_is_the_one_that_an_amendment_must_keep_to():
    types = {each.name: each.type for each in version_text(parse_definition(PROTOCOL.read_text())[1]).parameters}
    assert types["lab_max_age"] == "length of a window"
    assert type_text("integer") == "whole number"
    assert type_text("") == ""
