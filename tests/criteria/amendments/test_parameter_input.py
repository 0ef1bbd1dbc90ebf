"""What an administrator types for a limit: read, or refused in words that say what would be right."""

from copy import deepcopy
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from criteria.amendments.parameter_input import parameter_faults, read_value
from criteria.definition.parameter_types import may_be_open
from criteria.definition.reader import BadDefinition, Edition, parse_definition, protocol_from
from criteria.rules.text import limit_text
from tests.conftest import PROTOCOL, ROOT
from tests.criteria.definition.test_reader import SMALL

EDITIONS = [
    Edition(*parse_definition((ROOT / name).read_text(encoding="utf-8")))
    for name in (PROTOCOL, "tests/data/second_trial.yaml", "tests/data/hypertension.yaml")
]
PARAMETERS = [(edition, name) for edition in EDITIONS for name in edition.protocol.limits]


@pytest.mark.parametrize(
    ("name", "typed", "unit", "value"),
    [
        ("min_anc", "1000", "", "1000"),
        ("min_anc", " 1000 ", "/mm3", "1000"),
        ("min_anc", "1000 /mm3", "", "1000"),
        ("min_anc", "1000/mm3", "/mm3", "1000"),
        ("max_creatinine", "1.50", "mg/dL", "1.50"),
        ("max_ast", "2.5 × ULN", "", "2.5"),
        ("max_ast", "2.5 {ULN}", "{ULN}", "2.5"),
        ("max_systolic", "150 mmHg", "mm[Hg]", "150"),
        ("max_wbc", "15 10*9/L", "", "15"),
        ("max_wbc", "15 ×10⁹/L", "", "15"),
        ("max_wbc", "15×10^9/l", "", "15"),
        ("max_systolic", "150 mm Hg", "", "150"),
        ("cardiac", "6 months", "", "6"),
        ("copd", "1 month", "mo", "1"),
        ("max_ecog", "0", "", "0"),
        ("max_ecog", "0", "1", "0"),
        ("min_anc", "0", "", "0"),
    ],
)
def test_a_number_in_the_parameter_s_own_unit_is_read_with_its_digits(protocol, name, typed, unit, value):
    assert str(read_value(protocol, name, typed, unit)) == value


@pytest.mark.parametrize("typed", ["any time", "Any time", " any   time "])
def test_any_time_is_an_open_window(protocol, typed):
    assert read_value(protocol, "lab_max_age", typed) is None


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("min_anc", "", "minimum neutrophil count: nothing was typed; type a number of /mm³"),
        ("max_ecog", " ", "type a number"),
        ("lab_max_age", "", "nothing was typed; type a number of days, or “any time”"),
        ("min_anc", "1 000", "“1 000” is not a number of /mm³; without a gap it would be 1000"),
        ("min_anc", "1'000", "without a gap it would be 1000"),
        ("min_platelets", "1 000 000 /mm3", "without a gap it would be 1000000"),
        ("min_anc", "1,000", "write 1000, or with a decimal point 1.000"),
        ("max_creatinine", "1,5", "“1,5” is not a number of mg/dL; with a decimal point it would be 1.5"),
        ("min_anc", "1e3", "without an exponent it would be 1000"),
        ("min_anc", "1.5E3 /mm3", "without an exponent it would be 1500"),
        ("min_anc", "-5", "never below zero"),
        ("min_anc", "+5", "a limit has no sign"),
        ("min_anc", ">= 1000", "the rule says which side of the limit is meant"),
        ("min_anc", "NaN", "“NaN” is not a number"),
        ("min_anc", "Infinity", "is not a number"),
        ("min_anc", "1.5.2", "is not a number"),
        ("min_anc", ".5", "is not a number"),
        ("min_anc", "１０００", "is not a number"),
        ("min_anc", "unknown", "is not a number"),
        ("min_anc", "9" * 61, "is not a number"),
    ],
)
def test_what_is_no_plain_number_is_refused_with_what_would_be_right(protocol, name, typed, words):
    with pytest.raises(ValueError) as refused:
        read_value(protocol, name, typed)
    assert protocol.limits[name].title in str(refused.value)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("name", "typed", "unit", "words"),
    [
        ("min_anc", "1 10*9/L", "", "minimum neutrophil count is counted in /mm³; 1 ×10⁹/L is 1000 /mm³"),
        ("min_anc", "1.5", "10*9/L", "1.5 ×10⁹/L is 1500 /mm³"),
        ("min_anc", "1000 /mm3", "10*9/L", "1000 ×10⁹/L is 1000000 /mm³"),
        ("min_haemoglobin", "80 g/L", "", "counted in g/dL; 80 g/L is 8 g/dL"),
        ("max_creatinine", "133", "umol/L", "133 µmol/L is ≈ 1.505 mg/dL"),
        ("washout_systemic", "21 days", "", "counted in weeks; 21 days is 3 weeks"),
        ("cardiac", "1", "a", "counted in months; 1 year is 12 months"),
        ("autoimmune", "18 months", "", "18 months is 1.5 years"),
        ("max_ast", "150 %", "", "counted in × ULN; 150 % is 1.5 × ULN"),
        ("min_node", "1.5 cm", "", "1.5 cm is 15 mm"),
        ("min_haemoglobin", "5 mmol/L", "", "not in “mmol/L”; the limit in mmol/L is “minimum haemoglobin by amount”"),
        ("min_haemoglobin_molar", "80 g/L", "", "the limit in g/dL is “minimum haemoglobin by mass”"),
        ("min_anc", "1000 mg", "", "is counted in /mm³, not in “mg”"),
        ("washout_systemic", "1 month", "", "is counted in weeks, not in “month”"),
        ("max_ecog", "1 mg", "", "maximum ECOG performance status has no unit: leave out “mg”"),
    ],
)
def test_a_value_in_another_unit_is_refused_and_told_what_it_would_be(protocol, name, typed, unit, words):
    with pytest.raises(ValueError) as refused:
        read_value(protocol, name, typed, unit)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("min_anc", "1.5", "count, 1.5 /mm³: outside what is permitted, 200 to 5000 /mm³; 1.5 ×10⁹/L"),
        ("min_anc", "1", "1 ×10⁹/L would be 1000 /mm³"),
        ("min_haemoglobin", "80", "80 g/L would be 8 g/dL"),
        ("washout_systemic", "21", "outside what is permitted, 1 to 12 weeks; 21 days would be 3 weeks"),
        ("washout_systemic", "1.5", "a window is counted in whole weeks"),
        ("max_age", "75.5", "maximum age, 75.5 years: only a whole number is possible"),
        ("max_ecog", "5", "outside what is permitted, 0 to 4"),
        ("min_anc", "-1", "-1 is no limit"),
        ("min_anc", "NaN", "NaN is no limit"),
        ("max_ecog", None, "may not be open (any time)"),
        ("relapse_window", None, "may not be open (any time)"),
        ("contraception_after", None, "may not be open (any time)"),
    ],
)  # fmt: skip
def test_a_value_that_is_not_permitted_is_refused_in_words(protocol, name, value, words):
    (found,) = parameter_faults(protocol, name, None if value is None else Decimal(value))
    assert protocol.limits[name].title in found
    assert words in found


def test_nothing_is_guessed_of_a_number_that_no_unit_makes_right(protocol):
    assert parameter_faults(protocol, "washout_systemic", Decimal(20)) == [
        "washout of systemic anti-tumour therapy, 20 weeks: outside what is permitted, 1 to 12 weeks"
    ]


@pytest.mark.parametrize("value", [None, Decimal(6), Decimal(48)])
def test_a_window_can_be_set_and_opened(protocol, value):
    assert parameter_faults(protocol, "vascular_event", value) == []


def test_without_a_range_any_number_from_zero_is_permitted():
    protocol = parse_definition(SMALL)[1]
    for value in ("0", "0.001", "100000"):
        assert parameter_faults(protocol, "max_pulse", Decimal(value)) == []


def test_a_window_without_a_range_is_at_most_what_the_calendar_holds(second):
    assert parameter_faults(second, "heart_attack", Decimal(5000)) == []
    assert "at most 5000 months, or any time" in parameter_faults(second, "heart_attack", Decimal(5001))[0]


def test_what_stands_is_permitted_and_read_back_as_it_is_shown():
    for edition, name in PARAMETERS:
        limit = edition.protocol.limits[name]
        assert read_value(edition.protocol, name, limit_text(limit)) == limit.value
        assert parameter_faults(edition, name, limit.value) == []


@given(st.sampled_from(PARAMETERS), st.text(max_size=12), st.sampled_from(["", "d", "mg/dL", "%"]))
def test_whatever_is_typed_is_read_or_refused_in_words(parameter, typed, unit):
    edition, name = parameter
    try:
        value = read_value(edition.protocol, name, typed, unit)
    except ValueError as refused:
        words = str(refused)
    else:
        words = edition.protocol.limits[name].title
        assert value is None or value >= 0
    assert edition.protocol.limits[name].title in words


numbers = st.one_of(st.none(), st.integers(0, 200), st.decimals(0, 6000, places=2))


@settings(max_examples=60)
@given(st.sampled_from(PARAMETERS), numbers)
def test_what_is_permitted_makes_a_sound_definition_and_what_is_not_makes_none(parameter, number):
    edition, name = parameter
    value = None if number is None else Decimal(number)
    data = deepcopy(dict(edition.data))
    data["parameters"][name]["value"] = "any time" if value is None else value
    try:
        made = protocol_from(data)
    except BadDefinition:
        assert parameter_faults(edition, name, value)
    else:
        assert made.limits[name].value == value
        assert parameter_faults(edition, name, value) == [] or (value is None and not may_be_open(name, made.criteria))


def test_limit_with_more_digits_than_anybody_measures_is_refused(protocol):
    (message,) = parameter_faults(protocol, "min_anc", Decimal("1000.0000001"))
    assert "more than 6 digits after the point" in message
