"""A limit decides where nothing else does; what others answer, they answer."""

from decimal import Decimal

import pytest

from criteria.amendments.boundary.limit_outcome import isolated_outcome
from criteria.amendments.uses import leaf_paths, parameter_uses, same_use
from tests.criteria.amendments.boundary.amended import amended, edition
from tests.support.documents import changed, result


def decided(name: str, document) -> str:
    protocol = edition("oesophagus").protocol
    criterion, use = next((each, use) for each in protocol.criteria for use in parameter_uses(each, name))
    (finding,) = protocol.findings(protocol.reader.read(document), (criterion.code,))
    return isolated_outcome(finding, leaf_paths(criterion, same_use(use)))


def anc(value: int) -> dict:
    row = {"analyte": "anc", "value": value, "unit": "/mm3", "collected": "2026-03-08"}
    return {"visit": {"date": "2026-03-10"}, "labs": [row], "reviewed": ["supportive_care"]}


@pytest.mark.parametrize(("value", "expected"), [(1500, "pass"), (1499, "fail")])
def test_what_is_not_known_beside_the_limit_lets_it_decide(value, expected):
    assert decided("min_anc", anc(value)) == expected


def test_what_the_limit_looks_at_stays_unknown():
    assert decided("min_anc", {"visit": {"date": "2026-03-10"}, "reviewed": ["supportive_care"]}) == "unknown"


@pytest.mark.parametrize(("day", "expected"), [("2026-03-09", "pass"), ("2026-03-08", "unknown")])
def test_judgement_beside_a_window_of_age_makes_what_is_too_old_unknown_and_no_failure(day, expected):
    protocol = amended("oesophagus", ecog_max_age=Decimal(7)).protocol
    document = {
        "visit": {"date": "2026-03-10", "planned_first_dose_date": "2026-03-16"},
        "performance": {"date": day},
    }
    criterion, use = next((each, use) for each in protocol.criteria for use in parameter_uses(each, "ecog_max_age"))
    (finding,) = protocol.findings(protocol.reader.read(document), (criterion.code,))
    assert isolated_outcome(finding, leaf_paths(criterion, same_use(use))) == expected


def test_another_condition_that_fails_is_not_overlooked():
    low = {"analyte": "platelets", "value": 5, "unit": "10*9/L", "collected": "2026-03-08"}
    document = anc(1500)
    document["labs"].append(low)
    assert decided("min_anc", document) == "fail"


def test_another_condition_that_is_enough_by_itself_is_not_overlooked():
    document = changed(result("creatinine", "30", "umol/L", uln="100"), result("creatinine_clearance", "20", "mL/min"))
    assert decided("min_crcl", document) == "pass"


def test_a_criterion_that_is_not_known_to_apply_is_taken_to_apply():
    test = {"specimen": "serum", "result": "negative", "date": "2026-03-09"}
    visit = {"date": "2026-03-10", "planned_first_dose_date": "2026-03-10"}
    assert decided("pregnancy_test_window", {"visit": visit, "pregnancy_tests": [test]}) == "pass"


def test_a_criterion_that_does_not_apply_stays_so():
    document = {"visit": {"date": "2026-03-10"}, "subject": {"sex": "male"}}
    assert decided("pregnancy_test_window", document) == "not_applicable"


def test_a_record_whose_list_is_not_known_to_be_complete_proves_nothing():
    document = {
        "visit": {"date": "2026-03-10"},
        "lesions": [{"nodal": "no", "diameter_mm": Decimal(9), "irradiated": "no"}],
    }
    assert decided("min_lesion", document) == "unknown"
    assert decided("min_lesion", document | {"reviewed": ["lesions"]}) == "fail"
