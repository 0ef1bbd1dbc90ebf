from decimal import Decimal

import pytest

from criteria.vocabulary import Field
from screening.crf.values import NONE_OF_THESE_CODE, answer_values, entered_value, input_value

NUMBER = Field(label="n", type="number")
GRADE = Field(label="g", type="integer", maximum=5)
TEXT = Field(label="t", type="text")
YN = Field(label="y", type="yn")
AGENTS = Field(label="a", type="codes", options={"x": "x", "y": "y"}, empty_means_none={"kind": ("local",)})
STATUS = Field(label="s", type="code", options={"absent": "absent", "unknown": "not known"})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        (" 12 ", 12),
        ("-3", -3),
        ("1.50", Decimal("1.50")),
        (".5", Decimal("0.5")),
        ("1,5", "1,5"),
        ("1e3", "1e3"),
        ("NaN", "NaN"),
        ("１２", "１２"),
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
    found = answer_values({"n": NUMBER}, {"n": input_value(NUMBER, stored)}, {"n": stored})
    assert (found["n"], str(found["n"])) == (stored, str(stored))


def test_order_of_stored_codes_is_kept_when_the_same_are_ticked():
    assert answer_values({"a": AGENTS}, {"a": ["x", "y"]}, {"a": ["y", "x"]}) == {"a": ["y", "x"]}


def test_nothing_ticked_says_nothing_and_none_must_be_said():
    assert entered_value(AGENTS, []) is None
    assert entered_value(AGENTS, [NONE_OF_THESE_CODE]) == []


def test_key_is_left_out_when_a_stored_value_is_cleared():
    assert answer_values({"t": TEXT}, {"t": ""}, {"t": "liver"}) == {}


def test_text_keeps_its_spaces():
    assert entered_value(TEXT, " left lobe ") == " left lobe "
