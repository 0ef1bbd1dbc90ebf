"""Changes in words: a value is called by the test or condition that it was of."""

import pytest

from screening.shared.diff import changes
from screening.visits.diff_text import change_texts

ANC = {"analyte": "anc", "value": 1, "unit": "10*9/L", "collected": "2026-03-01"}
PLATELETS = {"analyte": "platelets", "value": 100, "unit": "10*9/L", "collected": "2026-03-02"}


def told(vocabulary, old, new):
    return [tuple(each) for each in change_texts(vocabulary, changes(old, new), new, old)]


@pytest.mark.parametrize("stays", [PLATELETS, PLATELETS | {"value": 1}], ids=["other value", "same value"])
def test_value_that_went_is_called_by_its_own_test_when_another_result_took_its_place(vocabulary, stays):
    said = told(vocabulary, {"labs": [ANC, stays]}, {"labs": [stays]})
    assert ("Neutrophils: value", "1 ×10⁹/L", "not known") in said
    assert {label.partition(":")[0] for label, _old, _new in said} == {"Neutrophils"}


def test_each_value_is_called_by_its_own_test_when_one_result_was_typed_over_another(vocabulary):
    said = told(vocabulary, {"labs": [ANC]}, {"labs": [PLATELETS]})
    assert ("Neutrophils: value", "1 ×10⁹/L", "not known") in said
    assert ("Platelets: value", "not known", "100 ×10⁹/L") in said


def test_value_taken_out_of_a_result_that_moved_up_is_called_by_its_own_test(vocabulary):
    without = {key: value for key, value in PLATELETS.items() if key != "collected"}
    said = told(vocabulary, {"labs": [ANC, PLATELETS]}, {"labs": [without]})
    assert ("Platelets: collection day", "2026-03-02", "not known") in said


def test_record_without_any_answer_is_called_empty(vocabulary):
    said = told(vocabulary, {"lesions": [{"site": "liver"}, {}]}, {"lesions": [{"site": "liver"}]})
    assert said == [("Lesion 2", "empty", "not known")]


def test_number_of_a_result_stands_with_its_unit_when_it_was_typed_in_another(vocabulary):
    said = told(vocabulary, {"labs": [ANC]}, {"labs": [ANC | {"value": 1200, "unit": "/mm3"}]})
    assert ("Neutrophils: value", "1 ×10⁹/L", "1200 /mm³") in said


def test_number_stands_without_a_unit_when_two_results_of_the_test_have_it_in_different_units(vocabulary):
    other = ANC | {"unit": "/mm3", "collected": "2026-03-03"}
    said = told(vocabulary, {"labs": [ANC, other]}, {"labs": [ANC | {"value": 2}, other]})
    assert ("Neutrophils: value", "1", "2 ×10⁹/L") in said
