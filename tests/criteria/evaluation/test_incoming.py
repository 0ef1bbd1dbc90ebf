from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from criteria.evaluation.incoming import Repeated, read
from criteria.records import canonical


def test_a_number_is_read_exactly():
    assert read('{"a": 1.10, "b": 3, "c": 1e2, "d": 0.1000000000000000000000000000000000001}') == {
        "a": Decimal("1.10"),
        "b": 3,
        "c": Decimal("1E+2"),
        "d": Decimal("0.1000000000000000000000000000000000001"),
    }


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_a_float_that_no_field_accepts(text):
    assert isinstance(read(text), float)


def test_a_key_given_twice_wins_neither_time():
    found = read('{"a": 1, "b": {"c": 1, "c": 2, "d": 3}}')
    assert found["a"] == 1
    assert isinstance(found["b"]["c"], Repeated)
    assert found["b"]["d"] == 3


@pytest.mark.parametrize(
    "text",
    ["", "{", "{'a': 1}", "[1,]", "nul", '{"a": 1} {"b": 2}', "1e99999999999999999999", "9" * 5000, "[" * 100000],
    ids=lambda text: text[:20],
)
def test_value_error_when_it_is_not_json(text):
    with pytest.raises(ValueError):
        read(text)


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(json)
def test_whatever_was_written_is_read(value):
    assert read(canonical.dump(value)) == value


@given(st.text(max_size=30))
def test_nothing_but_a_value_error_comes_of_any_text(text):
    try:
        read(text)
    except ValueError:
        return
