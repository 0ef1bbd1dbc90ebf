import operator
from itertools import product

import pytest
from hypothesis import given, strategies as st

from criteria.rules.dates import DAYS_PER_UNIT, MONTHS_PER_UNIT
from criteria.rules.proofs import sentences as s
from criteria.rules.proofs.limits import Bound, Need, bounds_text, decisive_bounds, decisive_needs, period_text

RELATIONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
LIMITS = st.lists(st.tuples(st.sampled_from(sorted(RELATIONS)), st.integers(0, 4)), min_size=1, max_size=5)


def bound(relation: str, number: int) -> Bound:
    return Bound(s.NUMBER_LIMITS[relation] % {"limit": number}, relation, number, str(number))


def holds(bounds, value: int, *, every: bool) -> bool:
    return (all if every else any)(RELATIONS[each.operator](value, each.number) for each in bounds)


@given(LIMITS, st.booleans())
def test_what_is_told_of_several_limits_says_the_same_as_all_of_them(limits, every):
    bounds = [bound(*each) for each in limits]
    kept = decisive_bounds(bounds, every=every)
    assert [holds(kept, value, every=every) for value in range(-1, 6)] == [
        holds(bounds, value, every=every) for value in range(-1, 6)
    ]
    assert len(kept) <= 2  # one on either side


@pytest.mark.parametrize(
    ("limits", "every", "expected"),
    [
        ([(">=", 18), ("<=", 80)], True, "18 to 80"),
        ([("<=", 80), (">=", 18)], True, "18 to 80"),
        ([(">=", 15), (">=", 10)], False, "at least 10"),
        ([(">=", 15), (">=", 10)], True, "at least 15"),
        ([("<", 3), ("<", 2)], True, "below 2"),
        ([("<=", 111), ("<=", 132)], False, "at most 132"),
        ([(">", 5), (">=", 5)], True, "above 5"),
        ([("<", 5), ("<=", 5)], False, "at most 5"),
        ([("<", 3), (">", 5)], False, "below 3 or above 5"),
        ([(">", 3), ("<", 5)], True, "above 3 and below 5"),
    ],
)
def test_limits_are_told_as_one_when_one_says_all(limits, every, expected):
    assert bounds_text(decisive_bounds([bound(*each) for each in limits], every=every), every=every) == expected


def test_limits_without_a_number_stay_beside_each_other():
    codes = [Bound("PD-1 inhibitor"), Bound("platinum"), Bound("platinum")]
    assert bounds_text(decisive_bounds(codes, every=True), every=True) == "PD-1 inhibitor and platinum"


def need(relation: str, number: int, unit: str = "d", template: str = s.NEEDED) -> Need:
    return Need(template, relation, number, unit, is_bare=True)


@pytest.mark.parametrize(
    ("needs", "every", "expected"),
    [
        ([need(">", 3, "wk"), need(">", 14), need(">", 1, "wk")], True, ["more than 21"]),
        ([need(">", 3, "wk"), need(">", 14)], False, ["more than 14"]),
        ([need("<=", 3), need("<=", 7)], True, ["at most 3"]),
        ([need("<=", 3), need("<=", 7)], False, ["at most 7"]),
        ([need(">=", 14), need(">", 14)], True, ["more than 14"]),
        ([need(">", 1, "a"), need(">", 6, "mo")], True, ["more than 1 year"]),
        ([need(">", 30), need(">", 1, "mo")], True, ["more than 30", "more than 1 month"]),  # neither says the other
    ],
)
def test_lengths_are_told_as_one_when_one_says_all(needs, every, expected):
    assert [each.length for each in decisive_needs(needs, every=every)] == expected


def test_lengths_on_either_side_are_both_told():
    before, after = need(">", 30, template=s.MUST_BE_BEFORE), need(">", 30, template=s.MUST_BE_AFTER)
    assert decisive_needs([before, after], every=True) == (before, after)


@pytest.mark.parametrize(
    ("count", "unit", "bare", "expected"),
    [(3, "wk", True, "21"), (3, "wk", False, "21 days"), (12, "mo", True, "12 months"), (2, "a", False, "2 years")],
)
def test_period_has_no_word_for_days_when_bare(count, unit, bare, expected):
    assert period_text(count, unit, bare=bare) == expected


def test_every_unit_of_a_window_has_a_length():
    for unit, relation in product((*DAYS_PER_UNIT, *MONTHS_PER_UNIT), RELATIONS):
        assert decisive_needs([need(relation, 2, unit)], every=True) == (need(relation, 2, unit),)
