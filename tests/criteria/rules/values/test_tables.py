"""Numbers of a table, against a brute-force reading of its rows."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from criteria.rules.ranges import Range, point, ratio_range, reduced_range
from criteria.rules.values.tables import CODE, Interval, Table, TableKey

CODES = ("female", "male")
STEPS = [None, 0, 2, 5, 9, None]


def table_of(steps, numbers):
    """A table by sex and an interval between each two of the steps."""
    intervals = [Interval(*(None if end is None else Decimal(end) for end in pair)) for pair in pairwise(steps)]
    places = [(code, interval) for code in CODES for interval in intervals]
    rows = tuple((place, Decimal(number)) for place, number in zip(places, numbers, strict=False))
    return Table("table", "1", (TableKey("sex", CODE), TableKey("age", "1")), rows)


def brute(table, sex, age):
    """The number of the row in which a code and a number lie; None where there is none."""
    for (code, interval), number in table.rows:
        above = interval.low is None or age >= interval.low
        if code == sex and above and (interval.high is None or age < interval.high):
            return number
    return None


tables = st.builds(
    table_of,
    st.sampled_from([STEPS, STEPS[1:], STEPS[:-1], STEPS[1:-1]]),
    st.lists(st.integers(-9, 9), min_size=10, max_size=10),
)
ends = st.none() | st.integers(-3, 12)


@given(tables, st.sampled_from([None, *CODES]), ends, ends, st.booleans(), st.booleans())
def test_range_holds_the_number_of_every_key_that_is_possible(table, sex, low, high, low_open, high_open):
    if low is not None and high is not None:
        low, high = sorted((low, high))
        if low == high:
            low_open = high_open = False
    age = Range(*(None if end is None else Fraction(end) for end in (low, high)))
    age.low_open, age.high_open = low is not None and low_open, high is not None and high_open
    found = table.find([sex, ratio_range(age)])
    first, last = (-5 if low is None else low), (14 if high is None else high)
    ages = [Fraction(step, 2) for step in range(2 * first, 2 * last + 1)]
    inside = [each for each in ages if not (low_open and each == low) and not (high_open and each == high)]
    numbers = [brute(table, code, each) for code in ([sex] if sex else CODES) for each in inside]
    if None in numbers:
        assert found is None
    elif numbers:
        assert (reduced_range(found).low, reduced_range(found).high) == (min(numbers), max(numbers))


@given(tables, st.sampled_from(CODES), st.integers(-3, 12))
def test_known_keys_give_one_number_or_none(table, sex, age):
    expected = brute(table, sex, age)
    found = table.find([sex, ratio_range(point(Fraction(age)))])
    assert found is None if expected is None else found.is_point and found.low == expected


@given(tables, st.sampled_from(CODES))
def test_number_that_is_not_known_may_lie_outside_unless_the_table_has_no_ends(table, sex):
    endless = table.branches[sex][0][0].low is None and table.branches[sex][-1][0].high is None
    assert (table.find([sex, None]) is not None) == endless


def test_tables_are_equal_where_every_row_is():
    numbers = range(10)
    assert table_of(STEPS, numbers) == table_of(STEPS, numbers)
    assert table_of(STEPS, numbers) != table_of(STEPS, [*numbers][::-1])
    assert len({table_of(STEPS, numbers), table_of(STEPS, numbers)}) == 1


@pytest.mark.parametrize("key", ["other", ""])
def test_code_that_the_table_does_not_have_gives_nothing(key):
    assert table_of(STEPS, range(10)).find([key, ratio_range(point(Fraction(1)))]) is None
