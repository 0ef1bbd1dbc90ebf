from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from criteria.rules.dates import Days, single_day
from criteria.rules.truth import FALSE, TRUE, UNKNOWN
from criteria.rules.windows import within_window

DOSE = date(2026, 3, 16).toordinal()
DIRECTIONS = st.sampled_from(["before", "since", "after"])
offsets = st.integers(-40, 40)


def inside(direction, weeks, day, centre):
    first, last = date.fromordinal(centre) - timedelta(weeks=weeks), date.fromordinal(centre) + timedelta(weeks=weeks)
    found = date.fromordinal(day)
    return {
        "before": first <= found <= date.fromordinal(centre),
        "since": first <= found,
        "after": date.fromordinal(centre) < found <= last,
    }[direction]


@given(DIRECTIONS, st.integers(0, 4), offsets)
def test_day_is_in_the_window_as_the_calendar_says(direction, weeks, offset):
    found = within_window(direction, weeks, "wk", single_day(DOSE + offset), single_day(DOSE))
    assert found is (TRUE if inside(direction, weeks, DOSE + offset, DOSE) else FALSE)


@given(DIRECTIONS, st.integers(0, 4), offsets, st.integers(0, 20))
def test_day_known_in_part_is_in_the_window_only_when_each_of_its_days_is(direction, weeks, offset, length):
    low, high = DOSE + offset, DOSE + offset + length
    answers = {inside(direction, weeks, day, DOSE) for day in range(low, high + 1)}
    found = within_window(direction, weeks, "wk", Days(low, high, "in part"), single_day(DOSE))
    if found is not UNKNOWN:
        assert answers == {found is TRUE}
    elif direction == "since":  # the others ask two things, each of which may be known in part
        assert answers == {True, False}


@pytest.mark.parametrize("direction", ["before", "since", "after"])
def test_washout_is_not_known_when_a_date_is_missing(direction):
    assert within_window(direction, 4, "wk", None, single_day(DOSE)) is UNKNOWN
    assert within_window(direction, 4, "wk", single_day(DOSE), None) is UNKNOWN
