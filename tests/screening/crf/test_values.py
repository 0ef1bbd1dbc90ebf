from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from criteria.vocabulary import Field
from screening.crf.values import NONE_OF_THESE_CODE, answer_values, entered_text, entered_value, input_value

NUMBER = Field(label="n", type="number")
GRADE = Field(label="g", type="integer", maximum=5)
TEXT = Field(label="t", type="text")
WEIGHT = Field(label="w", type="number", unit="kg", plausible=(25, 250))
DAY = Field(label="d", type="day")
DATE = Field(label="d", type="date")
YN = Field(label="y", type="yn")
AGENTS = Field(label="a", type="codes", options={"x": "x", "y": "y"}, empty_means_none={"kind": ("local",)})
STATUS = Field(label="s", type="code", options={"absent": "absent", "unknown": "not known"})


def not_read(name, given):
    raise AssertionError(name)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        (" 12 ", 12),
        ("-3", -3),
        ("1.50", Decimal("1.50")),
        (".5", Decimal("0.5")),
        ("1,5", Decimal("1.5")),
        ("1,200", "1,200"),
        ("1.200", "1.200"),
        ("1。5", Decimal("1.5")),
        ("2⁹", "2⁹"),
        ("①", "①"),
        ("12 kg", "12 kg"),
        ("1e3", "1e3"),
        ("NaN", "NaN"),
        ("１２", 12),
        ("5.", "5."),
        ("abc", "abc"),
        ("9" * 5000, "9" * 5000),
        ("", None),
        ("  ", None),
        ("unknown", None),
    ],
)
def test_number_is_read_as_typed_and_anything_else_stays_text(text, value):
    found = entered_value(NUMBER, text)
    assert (found, type(found), str(found)) == (value, type(value), str(value))


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        (NUMBER, Decimal("1E+3"), "1000"),
        (NUMBER, Decimal("9.0"), "9.0"),
        (NUMBER, 0, "0"),
        (GRADE, Decimal("2.0"), "2"),
        (GRADE, 0, "0"),
        (YN, "unknown", ""),
        (YN, None, ""),
        (STATUS, "unknown", "unknown"),
        (AGENTS, [], [NONE_OF_THESE_CODE]),
        (AGENTS, ["y", "x"], ["y", "x"]),
        (AGENTS, None, []),
    ],
)
def test_input_shows_a_stored_value(field, value, shown):
    assert input_value(field, value) == shown


@pytest.mark.parametrize("stored", [None, "unknown", Decimal("1E+3"), Decimal("9.0"), 0])
def test_input_that_is_left_alone_gives_back_the_stored_value_itself(stored):
    found = answer_values({"n": NUMBER}, {"n": input_value(NUMBER, stored)}, {"n": stored}, not_read)
    assert (found["n"], str(found["n"])) == (stored, str(stored))


def test_order_of_stored_codes_is_kept_when_the_same_are_ticked():
    assert answer_values({"a": AGENTS}, {"a": ["x", "y"]}, {"a": ["y", "x"]}, not_read) == {"a": ["y", "x"]}


def test_nothing_ticked_says_nothing_and_none_must_be_said():
    assert entered_value(AGENTS, []) is None
    assert entered_value(AGENTS, [NONE_OF_THESE_CODE]) == []


def test_key_is_left_out_when_a_stored_value_is_cleared():
    assert answer_values({"t": TEXT}, {"t": ""}, {"t": "liver"}, lambda name, given: entered_value(TEXT, given)) == {}


def test_text_keeps_its_spaces():
    assert entered_value(TEXT, " left lobe ") == " left lobe "


@given(
    st.sampled_from([NUMBER, WEIGHT, DAY, DATE]),
    st.one_of(
        st.text("0123456789.,-/+年月日 \u00a0kg。", max_size=14), st.dates().map(str), st.decimals(places=3).map(str)
    ),
)
def test_what_an_input_shows_is_read_again_as_the_same(field, text):
    shown = entered_text(field, text)
    assert entered_text(field, shown) == shown
    assert str(entered_value(field, shown)) == str(entered_value(field, text))


@pytest.mark.parametrize(
    ("field", "text", "shown"),
    [
        (WEIGHT, "６３.５ kg", "63.5"),
        (WEIGHT, "63.500", "63.500"),  # 63500 is no weight
        (WEIGHT, "63,500", "63,500"),
        (NUMBER, "63.500", "63.500"),
        (DAY, "2026年3月8日", "2026-03-08"),
        (DAY, "2026年3月", "2026年3月"),
        (DATE, "2026年3月", "2026-03"),
        (TEXT, "１", "１"),
        (YN, "yes", "yes"),
    ],
)
def test_input_shows_what_was_read(field, text, shown):
    assert entered_text(field, text) == shown


@pytest.mark.parametrize(("field", "value"), [(WEIGHT, Decimal("63.500")), (NUMBER, "63.500")])
def test_point_is_a_decimal_sign_where_the_field_has_no_room_for_thousands(field, value):
    assert entered_value(field, "63.500") == value
