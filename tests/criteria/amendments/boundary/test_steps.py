from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from criteria.amendments.boundary.steps import nearest_numbers, numbers_to_try, short_decimal, step_size

LIMITS = st.decimals(min_value=Decimal("0.001"), max_value=Decimal(1_000_000), places=3).map(Decimal.normalize)
ROOTS = st.fractions(min_value=Fraction(1, 1000), max_value=1_000_000, max_denominator=10_000)


@pytest.mark.parametrize(
    ("limit", "expected"),
    [("1500", "1"), ("100000", "1"), ("9", "0.1"), ("1.5", "0.1"), ("60", "1"), ("0.9", "0.01"), ("5.60", "0.01")],
)
def test_a_step_is_what_somebody_would_call_just_beside_it(limit, expected):
    assert step_size(Decimal(limit)) == Decimal(expected)


def test_a_grade_goes_by_whole_numbers():
    assert step_size(Decimal(3), whole=True) == 1
    assert numbers_to_try(Fraction(3), None, whole=True) == (2, 3, 4)
    assert numbers_to_try(Fraction(3, 2), None, whole=True) == (1, 2)


@given(LIMITS)
def test_a_step_fits_its_limit_and_is_at_most_a_tenth_of_its_first_digits_place(limit):
    assert limit % step_size(limit) == 0
    assert step_size(limit) * 10 <= Decimal(1).scaleb(limit.adjusted())


@given(ROOTS)
def test_both_sides_of_every_limit_are_tried_and_the_limit_itself_where_it_can_be_typed(root):
    found = [Fraction(value) for value in numbers_to_try(root, None)]
    assert found == sorted(set(found))
    assert found[0] < root < found[-1]
    assert (root in found) is (short_decimal(root) is not None)


@given(ROOTS, st.booleans())
def test_neighbours_lie_on_both_sides_and_no_further_than_a_hundredth(root, whole):
    low, high = map(Fraction, nearest_numbers(root, whole=whole))
    assert low <= root < high
    assert whole or high - low <= root / 100


@given(LIMITS, st.sampled_from([Fraction(1, 1000), Fraction(1000), Fraction(442, 5)]))
def test_a_step_is_converted_exactly_where_that_can_be_typed(limit, factor):
    root, spread = Fraction(limit) * factor, Fraction(step_size(limit)) * factor
    wanted = (root - spread, root, root + spread)
    if all(short_decimal(value) is not None for value in wanted):
        assert tuple(map(Fraction, numbers_to_try(root, spread))) == wanted
