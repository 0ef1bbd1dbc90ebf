"""Types and ranges of parameters: declared, or inferred from how the rules use them."""

from decimal import Decimal

import pytest

from criteria.definition.parameter_types import limit_range_text, may_be_open, type_of
from criteria.definition.reader import BadDefinition, parse_definition
from criteria.rules.units import PERIOD_UNITS
from tests.criteria.definition.test_reader import SMALL

WINDOW = "{since: {date: visit.end, period: $window, before: visit.date}}"
SHIFT = '{compare: [visit.end, "<", {day: {after: visit.date, period: $window}}]}'


def parsed(rule=WINDOW, window="value: 6, unit: mo"):
    text = SMALL.replace("rule: {is: {visit.colour: red}}", f"rule: {rule}").replace("value: 6, unit: mo", window)
    return parse_definition(text)[1]


def fault(rule, window):
    with pytest.raises(BadDefinition) as refused:
        parsed(rule, window)
    (found,) = refused.value.faults
    return f"{found.path}: {found.message}"


def test_a_version_that_declares_nothing_is_read_by_its_rules():
    protocol = parsed()
    assert {name: type_of(limit, protocol.criteria) for name, limit in protocol.limits.items()} == {
        "max_pulse": "number",
        "window": "window",
    }
    assert limit_range_text(protocol.limits["window"]) == ""


@pytest.mark.parametrize(
    ("rule", "expected"), [(WINDOW, True), (SHIFT, False), (f"{{any: [{WINDOW}, {SHIFT}]}}", False)]
)
def test_only_what_is_the_length_of_a_window_and_nothing_else_may_be_open(rule, expected):
    assert may_be_open("window", parsed(rule).criteria) is expected
    assert not may_be_open("max_pulse", parsed(rule).criteria)


def test_a_parameter_that_no_rule_reads_may_not_be_open():
    assert not may_be_open("window", parse_definition(SMALL)[1].criteria)


def test_what_is_declared_is_known_of_the_limit():
    limit = parsed(window="value: 6, unit: mo, type: window, permitted: [1, 24]").limits["window"]
    assert (limit.type, limit.permitted, limit_range_text(limit)) == (
        "window",
        (Decimal(1), Decimal(24)),
        "1 to 24 months",
    )


def test_an_open_window_lies_in_every_range():
    assert parsed(window="value: any time, unit: mo, permitted: [1, 24]").limits["window"].value is None


@pytest.mark.parametrize("rule", [WINDOW, SHIFT])
@pytest.mark.parametrize("kind", ["number", "integer"])
def test_what_counts_time_is_a_window(rule, kind):
    assert fault(rule, f"value: 6, unit: mo, type: {kind}").startswith("parameters.window.type: wrong type")


def test_the_range_of_a_window_is_in_whole_units_declared_or_not():
    message = "parameters.window.permitted[1]: 24.5 is not whole; a window is counted in whole mo"
    assert fault(WINDOW, "value: 6, unit: mo, permitted: [1, 24.5]").startswith(message)
    assert fault(WINDOW, "value: 6, unit: mo, type: window, permitted: [1, 24.5]").startswith(message)


def test_no_range_is_longer_than_a_window_may_be():
    assert "at most 5000" in fault(WINDOW, "value: 6, unit: d, permitted: [1, 5001]")


def test_every_parameter_of_the_trial_says_its_type_and_range(protocol):
    for limit in protocol.limits.values():
        assert limit.permitted is not None, limit.name
        assert type_of(limit, protocol.criteria) in ("number", "integer", "window")
        low, high = limit.permitted
        assert limit.value is None or low <= limit.value <= high
        if limit.unit in PERIOD_UNITS and limit.type:
            assert low > 0 or limit.type == "integer", f"{limit.name} of no time"


# Limits of HBV DNA are as often 20 as 2000, and of COPD or bleeding one month as often as twelve.
NOT_SEEN = {"hbv_dna", "hbv_dna_copies", "copd", "bleeding"}


def test_a_slipped_decimal_point_falls_outside(protocol):
    slipped = {
        name
        for name, limit in protocol.limits.items()
        if limit.value is not None and limit.permitted is not None
        for value in (limit.value * 10, limit.value / 10)
        if limit.permitted[0] <= value <= limit.permitted[1] and not (limit.type and value % 1)
    }
    assert slipped == NOT_SEEN
