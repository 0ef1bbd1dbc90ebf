from decimal import Decimal

import pytest
import simplejson

from criteria.records import canonical


@pytest.mark.parametrize(
    "text", ["9.0", "9", "0.10", "1E+3", "null", '"3 \\u2265 2"', '{"b":1,"a":[1.50,true]}', '"\\ud800"', "[]"]
)
def test_text_is_the_same_when_parsed_and_dumped_again(text):
    assert canonical.dump(canonical.parse(text)) == text


def test_whole_numbers_are_int_and_others_decimal_when_parsed():
    assert [type(value) for value in canonical.parse("[9,9.0,9E0]")] == [int, Decimal, Decimal]


@pytest.mark.parametrize("text", ["NaN", "Infinity", '{"a":-Infinity}', "{", "'a'", ""])
def test_value_error_when_the_text_is_not_json(text):
    with pytest.raises(ValueError):
        canonical.parse(text)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), float("nan"), float("inf")])
def test_value_error_when_a_number_is_not_finite(value):
    with pytest.raises(ValueError):
        canonical.dump({"a": [value]})


@pytest.mark.parametrize("value", [Decimal("-0"), Decimal("-0.0")])
def test_minus_zero_is_written_as_it_will_be_read(value):
    text = canonical.dump(value)
    assert canonical.dump(canonical.parse(text)) == text


def test_type_error_when_a_value_has_no_form_in_json():
    with pytest.raises(TypeError, match="object"):
        canonical.dump({"a": object()})


def test_output_is_json_for_any_reader():
    assert simplejson.loads(canonical.dump({"a": Decimal("1.50")})) == {"a": 1.5}
