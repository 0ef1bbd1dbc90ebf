import re
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from criteria.vocabulary.spellings import number_readings, read_number

FULL_WIDTH = str.maketrans("0123456789-.,", "０１２３４５６７８９－．，")
WHOLE = st.integers(min_value=-(10**15), max_value=10**15)
FRACTION = st.text("0123456789", min_size=1, max_size=8)
MAY_PART_THOUSANDS = re.compile("-?[1-9][0-9]{0,2}[.,][0-9]{3}")


@given(WHOLE, st.booleans())
def test_whole_number_is_read_with_its_digits_of_any_width(number, wide):
    text = str(number).translate(FULL_WIDTH) if wide else str(number)
    assert number_readings(text) == (number,)


@given(st.integers(min_value=0, max_value=10**9), FRACTION, st.sampled_from(".,。．，"))
def test_decimal_number_is_read_unless_its_sign_may_part_thousands(whole, fraction, sign):
    found = read_number(f"{whole}{sign}{fraction}")
    if MAY_PART_THOUSANDS.fullmatch(f"{whole}.{fraction}"):
        assert found is None
    else:
        assert str(found) == f"{whole}.{fraction}"


@given(WHOLE.filter(lambda number: abs(number) >= 10**6), st.sampled_from([",", ".", "\u00a0", "\u202f", "\u2009"]))
def test_thousands_are_read_when_they_are_parted_more_than_once(number, mark):
    assert number_readings(f"{number:,}".replace(",", mark)) == (number,)


@given(st.integers(min_value=1000, max_value=10**12), FRACTION, st.sampled_from([",.", ".,", "\u00a0,", "\u00a0."]))
def test_thousands_are_read_beside_another_decimal_sign(number, fraction, signs):
    text = f"{number:,}".replace(",", signs[0]) + signs[1] + fraction
    assert [str(each) for each in number_readings(text)] == [f"{number}.{fraction}"]


@given(st.integers(min_value=1, max_value=999), st.text("0123456789", min_size=3, max_size=3))
def test_one_comma_before_three_digits_is_never_read_whatever_is_plausible(whole, rest):
    text = f"{whole},{rest}"
    assert set(number_readings(text)) == {Decimal(f"{whole}.{rest}"), int(f"{whole}{rest}")}
    for is_plausible in (lambda _number: True, lambda _number: False, lambda number: number < 1000):
        assert read_number(text, is_plausible) is None


@pytest.mark.parametrize(
    ("low", "high", "number"),
    [(0, 5, Decimal("1.200")), (1000, 5000, Decimal("1.200")), (0, 5000, None), (5, 10, Decimal("1.200"))],
)
def test_point_is_the_decimal_sign_unless_both_readings_are_plausible(low, high, number):
    assert read_number("1.200", lambda each: low <= each <= high) == number


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", ".", "5.", "1 200", "1,20,000", "1,2,3", "1.2.3", "1,200,00", "0,125,000", "1'200", "1e3", "NaN"),
        *("2⁹", "①", "½", "١٢", "--3", "+3", "1_000", "9" * 41, "five", "<5", "5 kg"),
    ],
)
def test_nothing_is_read_when_it_is_no_number(text):
    assert number_readings(text) == ()


@given(st.text("0123456789.,-\u00a0 。", max_size=14))
def test_what_was_read_is_read_again_as_the_same(text):
    found = read_number(text)
    if found is not None:
        assert str(read_number(format(Decimal(found), "f"))) == str(found)
