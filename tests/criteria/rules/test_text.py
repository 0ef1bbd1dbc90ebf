from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from criteria.rules.text import number_text


@pytest.mark.parametrize(
    ("value", "limit", "expected"),
    [
        (Fraction(37, 2), Decimal("18.5"), "18.5"),  # at its limit it is shown as it is
        (Fraction(1, 3), None, "≈ 0.3333"),
        (Fraction(1000001, 100000), Decimal(10), "just above 10"),
        (10 + Fraction(1, 3 * 10**30), Decimal(10), "just above 10"),
        (10 - Fraction(1, 3 * 10**30), Decimal(10), "just below 10"),
        (Fraction(123455, 100000), Decimal("1.2347"), "≈ 1.2"),  # no finer than needed
        (Fraction(123455, 100000), Decimal("1.2"), "≈ 1.235"),  # 1.2 would lie on the limit
        (Fraction(123455, 1000000), Decimal("0.12347"), "≈ 0.12346"),  # 0.1235 would lie on the other side
        (Fraction(99999, 10000), Decimal(10), "9.9999"),
        (Fraction(6, 2), None, "3"),
        (Decimal("9.0"), Decimal(9), "9.0"),
    ],
)
def test_number_shows_on_which_side_of_its_limit_it_is_when_rounded(value, limit, expected):
    assert number_text(value, limit) == expected


@given(st.fractions(-1000, 1000), st.decimals(-1000, 1000, places=3))
def test_rounded_number_never_lies_on_the_other_side_of_its_limit(value, limit):
    told = number_text(value, limit)
    if told.startswith("just "):
        assert told.startswith("just above") == (value > limit)
    else:
        shown = Decimal(told.removeprefix("≈ "))
        assert (shown > limit, shown < limit) == (value > limit, value < limit)


def test_number_that_nothing_measured_comes_near_is_told_by_its_power_of_ten():
    assert number_text(Fraction(10) ** 5000) == "≈ 1.000E+5000"
    assert number_text(-(Fraction(7, 3) * 10**5000)) == "≈ -2.333E+5000"
    assert number_text(Fraction(10) ** 99) == "1" + "0" * 99
