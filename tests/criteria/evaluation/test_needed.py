from datetime import date
from itertools import product

from hypothesis import given, strategies as st

from criteria.evaluation.needed import MOST_CHOICES, Advice, all_of, either, flat, one_of

A, B, C = (Advice(name) for name in "abc")
SETS = st.lists(st.lists(st.sampled_from([A, B, C]), min_size=1, max_size=3).map(tuple), max_size=3).map(tuple)
FOUND = st.none() | SETS


def is_met(found, done):
    return found is not None and all(any(each in done for each in choice) for choice in found)


DONE = [{each for each, is_done in zip((A, B, C), how, strict=True) if is_done} for how in product((0, 1), repeat=3)]


@given(st.lists(FOUND, min_size=1, max_size=3))
def test_all_of_several_is_met_where_each_of_them_is(each):
    assert [is_met(all_of(each), done) for done in DONE] == [all(is_met(one, done) for one in each) for done in DONE]


@given(st.lists(FOUND.filter(lambda found: found != ()), min_size=1, max_size=3))
def test_one_of_several_is_met_where_any_of_them_is(each):
    assert [is_met(one_of(each), done) for done in DONE] == [any(is_met(one, done) for one in each) for done in DONE]


def test_what_time_alone_could_turn_is_not_told_beside_something_to_do():
    assert (one_of([(), ((A,),), None]), one_of([(), None]), one_of([None])) == (((A,),), (), None)


def test_one_test_is_told_once_with_its_latest_day_when_several_days_are_found():
    """A sample of the earlier day would still fail."""
    days = [date(2026, 3, 16), date(2026, 3, 20)]
    found = all_of([*(((A._replace(collected_from=day),),) for day in days), ((A,),), ((B,),)])
    assert found == ((A._replace(collected_from=days[1]),), (B,))


def test_a_wait_keeps_its_washout_when_another_condition_names_none():
    wait = Advice("a", wait="it is over")
    assert one_of([((wait,),), ((wait._replace(washout="7 days"),),)]) == ((wait._replace(washout="7 days"),),)


def test_two_washouts_of_one_wait_are_both_told():
    waits = [Advice("a", wait="it is over", washout=time) for time in ("7 days", "2 weeks")]
    assert list(flat(all_of([((each,),) for each in waits]))) == waits


def test_more_is_needed_than_would_be_enough_when_the_choices_are_too_many():
    one, other = (tuple((Advice(f"{name}{at}"),) for at in range(MOST_CHOICES)) for name in "ab")
    assert either(one, other) == (*one, *other)
