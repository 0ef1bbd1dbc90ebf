from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from criteria.vocabulary import Analyte
from screening.crf.unit_change import UnitChange

HAEMOGLOBIN = Analyte(label="haemoglobin", units=({"g/dL": 1, "g/L": Decimal("0.1")}, {"mmol/L": 1}))
CREATININE = Analyte(label="creatinine", units=({"umol/L": 1, "mg/dL": Decimal("88.4")},))
CELLS = Analyte(label="cells", units=({"10*9/L": 1, "10*3/uL": 1, "/uL": Decimal("0.001")},))


def asked(analyte, number, was, now, answer=""):
    return UnitChange(analyte, Decimal(number), was, now).question(answer)


def test_both_meanings_of_a_number_are_offered():
    question = asked(HAEMOGLOBIN, "118", "g/L", "g/dL")
    assert [option.label for option in question.options] == ["118 g/dL, as typed", "118 g/L, which is 11.8 g/dL"]
    assert [dict(option.changes) for option in question.options] == [{}, {"value": Decimal("11.8")}]
    assert question.answer is None


def test_number_is_not_converted_between_families():
    question = asked(HAEMOGLOBIN, "7.3", "mmol/L", "g/dL")
    assert [option.label for option in question.options] == ["7.3 g/dL, as typed"]


def test_number_is_not_converted_where_it_would_be_rounded():
    assert len(asked(CREATININE, "83", "umol/L", "mg/dL").options) == 1
    assert len(asked(CREATININE, "88.4", "umol/L", "mg/dL").options) == 2


def test_nothing_is_asked_where_both_units_say_the_same():
    assert asked(CELLS, "2.9", "10*9/L", "10*3/uL") is None
    assert asked(HAEMOGLOBIN, "0", "g/L", "g/dL") is None


def test_answer_counts_for_the_question_it_was_given_to_and_no_other():
    typed, converted = asked(HAEMOGLOBIN, "118", "g/L", "g/dL").options
    assert asked(HAEMOGLOBIN, "118", "g/L", "g/dL", converted.value).answer == converted
    assert asked(HAEMOGLOBIN, "119", "g/L", "g/dL", converted.value).answer is None
    assert asked(HAEMOGLOBIN, "118", "mmol/L", "g/dL", typed.value).answer is None


@given(number=st.decimals(min_value="0.001", max_value=100000, places=3))
@pytest.mark.parametrize(("analyte", "was", "now"), [(HAEMOGLOBIN, "g/L", "g/dL"), (CREATININE, "mg/dL", "umol/L")])
def test_converted_number_is_the_same_quantity(analyte, was, now, number):
    factors = analyte.units[0]
    value = asked(analyte, number, was, now).options[1].changes["value"]
    assert value * factors[now] == number * factors[was]
