from datetime import date
from decimal import Decimal

import pytest

from criteria.vocabulary import Fault
from screening.views.visits.reference_range_form import RangeForm, RangeValues

TYPED = {
    "laboratory": "City laboratory",
    "test": "creatinine umol/L",
    "sex": "",
    "uln": "104.50",
    "valid_from": "2026-01-01",
    "source": "laboratory's list",
}


@pytest.fixture
def form(vocabulary):
    return lambda **typed: RangeForm(vocabulary, TYPED | typed)


def test_form_gives_what_was_typed_to_the_last_digit(form):
    filled = form(valid_until="2026-12-31", lln="45.0", age_from="18")
    assert filled.is_valid()
    days = date(2026, 1, 1), date(2026, 12, 31)
    assert filled.range_values == RangeValues(
        laboratory="City laboratory",
        analyte="creatinine",
        unit="umol/L",
        sex="",
        age_from=18,
        age_until=None,
        lln=Decimal("45.0"),
        uln=Decimal("104.50"),
        valid_from=days[0],
        valid_until=days[1],
        source="laboratory's list",
    )
    assert str(filled.range_values.uln) == "104.50"


def test_limit_is_given_up_only_by_name(form):
    assert form(uln="").errors.keys() == {"uln"}
    withdrawn = form(uln="", none="on")
    assert withdrawn.is_valid()
    assert withdrawn.range_values.uln is None


def test_only_tests_whose_limit_counts_are_offered_in_the_units_of_each(form):
    groups = dict(form().fields["test"].choices[1:])
    assert list(groups) == ["Creatinine", "Total bilirubin", "AST", "ALT"]
    assert groups["Creatinine"] == [
        ("creatinine umol/L", "Creatinine, µmol/L"),
        ("creatinine mg/dL", "Creatinine, mg/dL"),
    ]


@pytest.mark.parametrize(("path", "field"), [("unit", "test"), ("analyte", "test"), ("uln", "uln"), ("x", "__all__")])
def test_fault_is_shown_at_the_input_that_asks_it(form, path, field):
    filled = form()
    filled.is_valid()
    filled.refuse([Fault(path, "wrong")])
    assert filled.errors == {field: ["wrong"]}
