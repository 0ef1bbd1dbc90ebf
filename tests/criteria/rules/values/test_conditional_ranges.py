"""Values that depend on conditions: their ranges hold every value that filling in the unknown could give."""

import itertools

from hypothesis import given, strategies as st

from criteria.rules.leaf_truths import at_least_truth
from criteria.rules.ranges import Range, Ratio, point
from criteria.rules.truth import FALSE, TRUE, UNKNOWN
from criteria.rules.values.conditional_ranges import (
    aggregate_range,
    case_range,
    count_range,
    extreme_range,
    score_range,
)

TRUTHS = st.sampled_from([TRUE, FALSE, UNKNOWN])
NUMBERS = st.integers(-4, 9)
# A record: whether it counts, and the values that it may have (one where that is known).
RECORDS = st.lists(st.tuples(TRUTHS, st.lists(NUMBERS, min_size=1, max_size=3)), max_size=4)


def decided(truths):
    """Every way in which the unknown truths could come out."""
    return itertools.product(*([TRUE, FALSE] if truth is UNKNOWN else [truth] for truth in truths))


def range_of(values):
    return Range(Ratio(min(values), 1), Ratio(max(values), 1))


def ends(value):
    return None if value is None else (value.low, value.high)


@given(st.lists(TRUTHS, max_size=5))
def test_count_is_from_the_fewest_to_the_most_that_may_hold(truths):
    possible = [sum(truth is TRUE for truth in way) for way in decided(truths)]
    assert ends(count_range(truths, complete=True)) == (min(possible), max(possible))
    assert ends(count_range(truths, complete=False)) == (min(possible), None)


@given(st.lists(TRUTHS, min_size=1, max_size=5), st.integers(1, 5))
def test_enough_hold_only_where_they_do_whatever_the_unknown_is(truths, needed):
    possible = {sum(truth is TRUE for truth in way) >= needed for way in decided(truths)}
    assert at_least_truth(needed, truths) is (UNKNOWN if len(possible) == 2 else TRUE if True in possible else FALSE)


@given(st.lists(st.tuples(NUMBERS, TRUTHS), min_size=1, max_size=5))
def test_points_are_from_the_fewest_to_the_most_that_may_be_given(items):
    points, truths = zip(*items, strict=True)
    possible = [sum(p for p, truth in zip(points, way, strict=True) if truth is TRUE) for way in decided(truths)]
    assert ends(score_range(points, truths)) == (min(possible), max(possible))


@given(st.lists(st.tuples(TRUTHS, NUMBERS), min_size=1, max_size=4), NUMBERS)
def test_case_may_be_each_value_whose_condition_may_be_the_first_to_hold(rows, otherwise):
    truths, values = zip(*rows, strict=True)
    possible = [
        next((value for truth, value in zip(way, values, strict=True) if truth is TRUE), otherwise)
        for way in decided(truths)
    ]
    assert ends(case_range(truths, list(map(point, values)), point(otherwise))) == (min(possible), max(possible))


def test_case_of_which_a_possible_value_is_not_known_is_not_known():
    assert case_range([UNKNOWN], [None], point(1)) is None
    assert case_range([FALSE], [None], point(1)) == point(1)
    assert case_range([TRUE], [point(2)], None) == point(2)


@given(st.sampled_from(["min", "max"]), st.lists(st.lists(NUMBERS, min_size=1, max_size=3), min_size=1, max_size=4))
def test_smallest_and_largest_of_ranges(which, values):
    pick = min if which == "min" else max
    possible = [pick(way) for way in itertools.product(*values)]
    assert ends(extreme_range(which, list(map(range_of, values)))) == (min(possible), max(possible))


def test_known_value_bounds_the_largest_beside_one_that_is_not_known():
    assert extreme_range("max", [point(3), None]) == Range(3, None)
    assert extreme_range("min", [point(3), None]) == Range(None, 3)
    assert extreme_range("max", [None, None]) is None
    assert extreme_range("min", [point(4), Range(1, None)]) == Range(1, 4)


@given(st.sampled_from(["sum", "mean", "min", "max"]), RECORDS, NUMBERS)
def test_statistic_holds_every_value_that_records_not_known_could_give(function, records, otherwise):
    truths, values = [truth for truth, _ in records], [value for _, value in records]
    last = 0 if function == "sum" else otherwise
    found = aggregate_range(function, list(map(range_of, values)), truths, point(Ratio(last, 1)), complete=True)
    for way in decided(truths):
        for numbers in itertools.product(*values):
            counted = [Ratio(number, 1) for truth, number in zip(way, numbers, strict=True) if truth is TRUE]
            value = statistic(function, counted, last)
            assert found.low <= value <= found.high
    if UNKNOWN not in truths and all(len(set(value)) == 1 for value in values):
        assert found.is_point


def statistic(function, counted, otherwise):
    if not counted:
        return Ratio(otherwise, 1)
    total = Ratio(0, 1)
    for each in counted:
        total += each
    results = {"sum": lambda: total, "mean": lambda: total / Ratio(len(counted), 1)}
    return results.get(function, lambda: {"min": min, "max": max}[function](counted))()


@given(st.sampled_from(["sum", "mean", "min", "max"]), RECORDS, st.lists(NUMBERS, max_size=2))
def test_statistic_of_an_incomplete_list_holds_what_more_records_could_give(function, records, more):
    truths, values = [truth for truth, _ in records], [value[:1] for _, value in records]
    found = aggregate_range(function, list(map(range_of, values)), truths, None, complete=False)
    if found is None:
        return
    for way in decided(truths):
        known = [value[0] for truth, value in zip(way, values, strict=True) if truth is TRUE]
        value = {"min": min, "max": max}[function]([*known, *more])
        assert found.low is None or found.low <= value
        assert found.high is None or value <= found.high
