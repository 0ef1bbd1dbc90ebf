from datetime import date
from decimal import Decimal

import pytest
from django import forms

from screening.views.shared.fields import NumberField, WholeNumberField, day_field


class DayForm(forms.Form):
    day = day_field("Day")


class NumberForm(forms.Form):
    number = NumberField()
    age = WholeNumberField()


@pytest.mark.parametrize("text", ["2026-03-08", "2026/3/8", "２０２６年３月８日", "20260308", "8 Mar 2026"])
def test_day_is_read_in_any_spelling(text):
    form = DayForm({"day": text})
    assert form.is_valid()
    assert form.cleaned_data["day"] == date(2026, 3, 8)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("03/08/2026", "“03/08/2026” may mean 2026-08-03 or 2026-03-08: type the one that is meant"),
        ("2026-03", "This is not a whole date such as 2026-03-14."),
        ("soon", "This is not a whole date such as 2026-03-14."),
        ("", "This field is required."),
    ],
)
def test_day_is_refused_with_both_readings_when_it_may_be_two(text, message):
    assert DayForm({"day": text}).errors == {"day": [message]}


@pytest.mark.parametrize(
    ("text", "number"), [("４０", 40), ("40,5", "40.5"), ("1,234,567", 1234567), (" 0.5 ", "0.5"), ("40。5", "40.5")]
)
def test_number_is_read_as_in_a_section(text, number):
    form = NumberForm({"number": text, "age": "１８"})
    assert form.is_valid()
    assert form.cleaned_data == {"number": Decimal(number), "age": 18}


@pytest.mark.parametrize("text", ["1_000", "1e30", "١٢", "1,200", "1.200", "NaN", "40 U/L"])
def test_number_is_refused_when_it_has_no_one_meaning(text):
    errors = NumberForm({"number": text, "age": text}).errors
    assert list(errors) == ["number", "age"]
    assert errors["age"][0].startswith(f"“{text}” is not a whole number")


def test_day_of_any_year_is_read_in_iso_8601():
    assert DayForm({"day": "2999-01-01"}).is_valid()
