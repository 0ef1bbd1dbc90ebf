"""Powers and logarithms: exact where they can be, rounded to thirty digits elsewhere, unknown where not defined."""

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from criteria.rules.ranges import Range, point, ratio_of, reduced_range
from criteria.rules.values.real_numbers import log_range, power_of, power_range

POSITIVE = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(10000), places=2)


def ratio(value):
    return ratio_of(Decimal(str(value)))


def power(base, exponent):
    found = power_range(point(ratio(base)), point(ratio(exponent)))
    return None if found is None else reduced_range(found).low


@pytest.mark.parametrize(
    ("base", "exponent", "expected"),
    [
        ("4", "0.5", Fraction(2)),
        ("1.5", "2", Fraction(9, 4)),
        ("2", "-3", Fraction(1, 8)),
        ("-2", "3", Fraction(-8)),
        ("0", "0.5", Fraction(0)),
        ("5", "0", Fraction(1)),
        ("0", "-1", None),
        ("-2", "0.5", None),
        ("0", "-0.5", None),
        ("10", "1000000", None),
    ],
)
def test_power_of_numbers(base, exponent, expected):
    assert power(base, exponent) == expected


@given(POSITIVE, st.sampled_from(["0.5", "-0.302", "1.154", "0.425"]))
def test_power_is_that_of_floating_point_to_its_precision(base, exponent):
    assert math.isclose(power(base, exponent), float(base) ** float(exponent), rel_tol=1e-12)


@given(POSITIVE)
def test_logarithm_is_that_of_floating_point_to_its_precision(number):
    for base, function in (("e", math.log), ("10", math.log10)):
        found = reduced_range(log_range(point(ratio(number)), base)).low
        assert math.isclose(found, function(float(number)), rel_tol=1e-12, abs_tol=1e-15)


@given(POSITIVE, POSITIVE, POSITIVE, st.sampled_from(["0.5", "-0.302", "2", "-1"]))
def test_range_holds_the_power_of_every_number_in_it(one, other, third, exponent):
    low, middle, high = sorted(map(ratio, (one, other, third)))
    found = power_range(Range(low, high), point(ratio(exponent)))
    inside = power_range(point(middle), point(ratio(exponent))).low
    assert found.low <= inside <= found.high


def test_logarithm_of_what_may_be_zero_has_no_lower_end():
    found = log_range(Range(ratio(0), ratio(10)), "10")
    assert found.low is None
    assert found.high == 1


@pytest.mark.parametrize(
    "value", [point(ratio(0)), point(ratio(-1)), Range(None, ratio(5)), Range(ratio(-1), ratio(5))]
)
def test_logarithm_is_not_known_where_it_may_not_be_defined(value):
    assert log_range(value, "e") is None


def test_range_that_may_be_negative_has_no_known_root():
    assert power_range(Range(ratio(-1), ratio(4)), point(ratio("0.5"))) is None


def test_power_of_powers_of_a_long_number_is_told_or_not_known_in_no_time():
    long = ratio_of(Decimal("1." + "7" * 59))
    squared = power_of(power_of(long, ratio_of(100)), ratio_of(100))
    assert abs(squared.top).bit_length() < 10_000
    assert power_of(ratio_of(10**59), ratio_of(100)) is None
    assert power_of(ratio_of(Decimal("1e-59")), ratio_of(100)) is None
    assert power_of(ratio_of(Decimal("0.5")), ratio_of(10**12)) is None
