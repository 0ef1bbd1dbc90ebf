from decimal import Decimal
from fractions import Fraction

import pytest

from criteria.rules.text import number_text


@pytest.mark.parametrize(
    ("value", "limit", "expected"),
    [
        (Fraction(37, 2), Decimal("18.5"), "18.5"),  # at its limit it is shown as it is
        (Fraction(1, 3), None, "≈ 0.3333"),
        (Fraction(1000001, 100000), Decimal(10), "10.00001"),
        (10 + Fraction(1, 3 * 10**30), Decimal(10), "≈ 10.0000000000000000000000000000003"),
        (Fraction(6, 2), None, "3"),
        (Decimal("9.0"), Decimal(9), "9.0"),
    ],
)
def test_number_shows_on_which_side_of_its_limit_it_is_when_rounded(value, limit, expected):
    assert number_text(value, limit) == expected
