import random

import pytest

from criteria.evaluation.offsets import offset_values
from tests.support.documents import add, changed, put, records, result
from tests.support.random_documents import random_document


def found(protocol, *changes):
    document = changed(*changes)
    assert not protocol.validate(document)
    values = {finding.criterion.code: offset_values(protocol, finding) for finding in protocol.evaluate(document)}
    return {code: told for code, told in values.items() if told}


def clearance(value):
    return add("labs", {"analyte": "creatinine_clearance", "value": value, "unit": "mL/min", "collected": "2026-03-08"})


def test_nothing_is_told_of_somebody_with_every_value_within_its_limits(protocol):
    assert found(protocol) == {}


def test_low_measured_clearance_is_told_beside_a_good_creatinine(protocol):
    (told,) = found(protocol, clearance(28))["I08"]
    assert told.value == "creatinine clearance 28 mL/min (limit: at least 60), 2026-03-08"
    assert told.enough == "creatinine 78 µmol/L (limit: at most ULN 111), 2026-03-08"


def test_low_computed_clearance_is_told_beside_a_good_creatinine(protocol):
    (told,) = found(protocol, put(vitals__weight_kg=41))["I08"]
    assert told.value == (
        "creatinine clearance (Cockcroft-Gault) ≈ 49 mL/min (limit: at least 60), "
        "from sex male, age 64 years, weight 41 kg, creatinine 78 µmol/L"
    )


@pytest.mark.parametrize("value", [60, 75])
def test_clearance_within_its_limit_is_not_told(protocol, value):
    assert found(protocol, clearance(value)) == {}


def test_low_clearance_that_fails_is_told_by_the_failure_alone(protocol):
    assert found(protocol, clearance(28), result("creatinine", "200")) == {}


def test_creatinine_that_another_limit_lets_pass_is_not_told(protocol):
    """Above its upper limit, and not above 1.5 mg/dL."""
    assert found(protocol, result("creatinine", "120"), clearance(75)) == {}


def test_viral_load_above_its_limit_is_told_beside_antiviral_therapy(protocol):
    infected = put(infections__hbsag="positive", infections__hbv_antiviral="yes")
    load = {"analyte": "hbv_dna", "value": 4800, "unit": "[IU]/mL", "collected": "2026-03-08", "lod": 20}
    ((code, (told,)),) = found(protocol, infected, add("labs", load)).items()
    assert (code, told.enough) == ("E20", "antiviral therapy for hepatitis B given or planned")


def test_record_is_no_value_of_the_visit(protocol):
    small = {"site": "lung", "nodal": "yes", "diameter_mm": 11}
    assert found(protocol, records("lesions", {"site": "liver", "nodal": "no", "diameter_mm": 22}, small)) == {}


def test_only_what_passes_has_values_beside_their_limit(protocol):
    numbers = random.Random(13)
    for _index in range(150):
        document = random_document(numbers)
        for finding in protocol.evaluate(document):
            assert finding.outcome == "pass" or offset_values(protocol, finding) == ()
