import pytest
from hypothesis import given, strategies as st

from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth, all_of, any_of, truth_of

truths = st.sampled_from(Truth)
lists = st.lists(truths, max_size=6)
# What an unknown answer may turn out to be once somebody asks.
ANSWERS = {TRUE: [TRUE], FALSE: [FALSE], UNKNOWN: [TRUE, FALSE, UNKNOWN]}


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        (TRUE, TRUE, TRUE, TRUE),
        (TRUE, FALSE, FALSE, TRUE),
        (TRUE, UNKNOWN, UNKNOWN, TRUE),
        (FALSE, FALSE, FALSE, FALSE),
        (FALSE, UNKNOWN, FALSE, UNKNOWN),
        (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_tables_are_kleenes_when_two_truths_are_joined(one, other, both, either):
    assert all_of([one, other]) is all_of([other, one]) is both
    assert any_of([one, other]) is any_of([other, one]) is either


@pytest.mark.parametrize(("value", "negated"), [(TRUE, FALSE), (FALSE, TRUE), (UNKNOWN, UNKNOWN)])
def test_unknown_stays_unknown_when_negated(value, negated):
    assert ~value is negated


@given(lists)
def test_de_morgan_holds_when_a_conjunction_is_negated(values):
    assert ~all_of(values) is any_of(~value for value in values)
    assert ~any_of(values) is all_of(~value for value in values)


@given(truths)
def test_double_negation_changes_nothing(value):
    assert ~~value is value


@given(lists, lists)
def test_joining_in_two_steps_is_joining_at_once(left, right):
    assert all_of([all_of(left), all_of(right)]) is all_of(left + right)
    assert any_of([any_of(left), any_of(right)]) is any_of(left + right)


@given(st.data(), lists)
def test_a_decided_condition_stays_decided_when_more_becomes_known(data, values):
    better = [data.draw(st.sampled_from(ANSWERS[value])) for value in values]
    for join in (all_of, any_of):
        assert join(better) in ANSWERS[join(values)]


def test_nothing_to_hold_holds_and_nothing_to_choose_from_does_not():
    assert all_of([]) is TRUE
    assert any_of([]) is FALSE


@pytest.mark.parametrize("value", Truth)
def test_type_error_when_a_truth_is_taken_for_yes_or_no(value):
    with pytest.raises(TypeError, match="three values"):
        bool(value)


def test_yes_or_no_becomes_a_truth():
    assert truth_of(True) is TRUE
    assert truth_of(False) is FALSE
