import operator
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given, strategies as st

from criteria.rules.ranges import (
    Range,
    add_ranges,
    divide_ranges,
    fraction_range,
    is_at_most,
    is_below,
    multiply_ranges,
    point,
    ratio_range,
    reported_range,
    signed_product,
    signed_quotient,
    subtract_ranges,
)
from criteria.rules.truth import FALSE, TRUE, UNKNOWN

STEP = Fraction(1, 4)
FAR = 40  # stands for where a range without a bound goes on to


def ends(low: int, high: int) -> st.SearchStrategy[Range]:
    """Ranges over whole numbers, also open, also without a bound, and none of them empty."""

    def made(one, other, low_open, high_open, without):
        first, last = min(one, other), max(one, other)
        if first == last:
            return point(Fraction(first))
        return Range(
            None if without == "low" else Fraction(first),
            None if without == "high" else Fraction(last),
            low_open and without != "low",
            high_open and without != "high",
        )

    whole = st.integers(low, high)
    return st.builds(made, whole, whole, st.booleans(), st.booleans(), st.sampled_from(["", "", "low", "high"]))


def samples(values: Range) -> list[Fraction]:
    """Points of the range in quarters: close enough to tell ranges whose bounds are whole numbers apart."""
    low = -FAR if values.low is None else values.low
    high = FAR if values.high is None else values.high
    found = [low + STEP * index for index in range(int((high - low) / STEP) + 1)]
    return [
        value
        for value in found
        if not (values.low_open and value == values.low) and not (values.high_open and value == values.high)
    ]


def contains(values: Range, value: Fraction) -> bool:
    low = values.low is None or value > values.low or (value == values.low and not values.low_open)
    high = values.high is None or value < values.high or (value == values.high and not values.high_open)
    return low and high


@given(ends(-4, 4), ends(-4, 4))
@pytest.mark.parametrize(("compare", "holds"), [(is_below, operator.lt), (is_at_most, operator.le)])
def test_comparison_is_known_only_when_every_pair_of_values_agrees(compare, holds, left, right):
    pairs = {holds(one, other) for one, other in product(samples(left), samples(right))}
    expected = {frozenset({True}): TRUE, frozenset({False}): FALSE}.get(frozenset(pairs), UNKNOWN)
    assert compare(left, right) is expected


@given(st.data())
@pytest.mark.parametrize(
    ("apply", "of", "lowest"),
    [
        (add_ranges, operator.add, -4),
        (subtract_ranges, operator.sub, -4),
        (multiply_ranges, operator.mul, 0),
        (divide_ranges, operator.truediv, 0),
    ],
)
def test_result_encloses_every_pair_of_values_when_ranges_are_computed_with(apply, of, lowest, data):
    left, right = data.draw(ends(lowest, 4)), data.draw(ends(lowest, 4))
    found = apply(left, right)
    assume(found is not None)
    for one, other in product(samples(left)[:12], samples(right)[:12]):
        if not (apply is divide_ranges and other == 0):
            assert contains(found, of(one, other)), (one, other, found)


@given(st.integers(-9, 9), st.integers(-9, 9))
def test_result_is_a_point_when_both_sides_are_known(one, other):
    left, right = point(Fraction(one)), point(Fraction(other))
    assert add_ranges(left, right) == point(Fraction(one + other))
    assert multiply_ranges(left, right) == point(Fraction(one * other))
    assert divide_ranges(left, right) == (point(Fraction(one, other)) if other else None)


def test_nothing_is_known_when_something_is_divided_by_zero():
    assert divide_ranges(point(Fraction(1)), point(Fraction(0))) is None


def test_nothing_useful_is_known_when_a_negative_range_is_multiplied():
    assert multiply_ranges(Range(-1, 1), Range(0, 2)) is None


@pytest.mark.parametrize(
    ("comparator", "limit", "above"),
    [
        ("<", "20", FALSE),
        ("<", "200", FALSE),
        ("<=", "200", FALSE),
        ("<", "500", UNKNOWN),
        ("<=", "201", UNKNOWN),
        (">", "200", TRUE),
        (">=", "200", UNKNOWN),
        (">=", "201", TRUE),
        (">", "100", UNKNOWN),
        (None, "200", FALSE),
        (None, "200.01", TRUE),
    ],
)
def test_a_result_with_a_comparator_is_above_200_only_when_all_it_can_mean_is(comparator, limit, above):
    assert is_below(point(Decimal(200)), reported_range(Decimal(limit), comparator)) is above


@pytest.mark.parametrize("comparator", ["<", "<="])
def test_a_result_below_the_detectable_is_never_negative(comparator):
    assert is_at_most(point(Decimal(0)), reported_range(Decimal(5), comparator)) is TRUE


THIRTY = "1.50000000000000000000000000001"


def test_nothing_is_rounded_when_two_numbers_differ_in_the_thirtieth_digit():
    limit, value = point(Decimal(THIRTY)), point(Decimal("1.5"))
    assert is_below(value, limit) is TRUE
    assert is_at_most(limit, value) is FALSE
    assert is_below(fraction_range(value), fraction_range(limit)) is TRUE


def test_a_third_stays_a_third_when_it_is_multiplied_again():
    third = divide_ranges(fraction_range(point(Decimal(1))), fraction_range(point(Decimal(3))))
    assert multiply_ranges(third, fraction_range(point(Decimal(3)))) == point(Fraction(1))


signed_ends = st.none() | st.integers(-4, 4)


@st.composite
def signed_ranges(draw):
    """A range of any sign, whose ends may be open or missing, with some of its values."""
    low, high = draw(signed_ends), draw(signed_ends)
    if low is not None and high is not None:
        low, high = min(low, high), max(low, high)
    opens = [draw(st.booleans()) and end is not None and low != high for end in (low, high)]
    found = ratio_range(Range(*(None if end is None else Fraction(end) for end in (low, high)), *opens))
    first, last = (min(-9, (high or 0) - 9) if low is None else low), (max(9, (low or 0) + 9) if high is None else high)
    values = [Fraction(step, 4) for step in range(4 * first, 4 * last + 1)]
    inside = [each for each in values if not (opens[0] and each == low) and not (opens[1] and each == high)]
    return found, inside


def holds(value, number):
    above = value.low is None or value.low < number or (value.low == number and not value.low_open)
    return above and (value.high is None or value.high > number or (value.high == number and not value.high_open))


@given(signed_ranges(), signed_ranges())
def test_product_and_quotient_of_any_sign_hold_that_of_every_pair(one, other):
    (left, numbers), (right, divisors) = one, other
    product, quotient = signed_product(left, right), signed_quotient(left, right)
    for first in numbers[:: max(1, len(numbers) // 7)] + numbers[-1:]:
        for second in divisors[:: max(1, len(divisors) // 7)] + divisors[-1:]:
            assert product is None or holds(product, first * second)
            assert quotient is None or not second or holds(quotient, first / second)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (Range(None, -2), Range(3, None), Range(None, -6)),
        (Range(None, -2, False, True), Range(3, 4), Range(None, -6, False, True)),
        (Range(-2, 3), Range(0, 5, True), Range(-10, 15)),
        (Range(-2, 0), Range(4, None), Range(None, 0)),
        (Range(None, 1), Range(-1, 1), None),
        (Range(-1, None), Range(None, 1), None),
    ],
)
def test_product_of_ranges_without_an_end(left, right, expected):
    found = signed_product(fraction_range(left), fraction_range(right))
    assert (found and found.bounds) == (expected and fraction_range(expected).bounds)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (Range(None, -10), Range(0, 500), Range(None, Fraction(-1, 50))),
        (Range(-10, -10), Range(500, None), Range(Fraction(-1, 50), 0, False, True)),
        (Range(2, 4), Range(-2, -1), Range(-4, -1)),
        (Range(-2, 4), Range(None, -1), Range(-4, 2)),
        (Range(2, 4), Range(-1, 1), None),
        (Range(2, 4), Range(0, 0), None),
        (Range(-2, 4), Range(0, 0), None),
    ],
)
def test_quotient_of_ranges_without_an_end(left, right, expected):
    found = signed_quotient(fraction_range(left), fraction_range(right))
    assert (found and found.bounds) == (expected and fraction_range(expected).bounds)
