from decimal import Decimal

import pytest

from tests.support.documents import changed, result, verdict

# The whole trace


def leaves(saved):
    children = saved.get("children", [])
    return [leaf for child in children for leaf in leaves(child)] if children else [saved]


def test_every_condition_of_a_criterion_stands_in_the_saved_trace(protocol):
    trace = verdict(protocol, "I08", changed(result("anc", 0, "/uL"))).trace["condition"]
    rules = " / ".join(leaf["rule"] for leaf in leaves(trace))
    for label in ("neutrophils", "platelets", "haemoglobin", "creatinine", "total bilirubin", "AST", "ALT"):
        assert label in rules


@pytest.mark.parametrize(
    ("change", "rule", "distance"),
    [
        (result("anc", "1.49", "10*9/L"), "neutrophils at least", "0.01 ×10⁹/L"),
        (result("anc", "1490", "/mm3"), "neutrophils at least", "10 /mm³"),
        (result("haemoglobin", "88", "g/L"), "haemoglobin at least", "2 g/L"),
        (result("haemoglobin", "5.5", "mmol/L"), "haemoglobin at least", "0.1 mmol/L"),
        (result("creatinine", "1.9", "mg/dL"), "creatinine at most 1.5 mg/dL", "0.4 mg/dL"),
        (result("creatinine", "150", "umol/L"), "creatinine at most 1.5 mg/dL", "17.4 µmol/L"),
        (result("ast", "61", "U/L", uln=40), "AST at most", "1 U/L"),
        (result("anc", "1.5", "10*9/L"), "neutrophils at least", "0 ×10⁹/L"),
    ],
)
def test_distance_to_the_limit_is_told_in_the_unit_reported(protocol, change, rule, distance):
    trace = verdict(protocol, "I08", changed(change)).trace["condition"]
    (leaf,) = [leaf for leaf in leaves(trace) if leaf["rule"].startswith(rule)]
    assert leaf["distance"] == distance


@pytest.mark.parametrize("change", [result("anc", None), result("anc", 2, "10*9/L", comparator="<")])
def test_no_distance_is_told_where_there_is_none(protocol, change):
    trace = verdict(protocol, "I08", changed(change)).trace["condition"]
    (leaf,) = [leaf for leaf in leaves(trace) if leaf["rule"].startswith("neutrophils at least")]
    assert "distance" not in leaf


def test_values_are_kept_as_they_were_reported(protocol):
    values = verdict(protocol, "I08", changed(result("anc", Decimal("3.20"), "10*9/L"))).values
    assert values["labs.anc"] == "3.20 ×10⁹/L on 2026-03-08"
    assert values["labs.haemoglobin"] == "118 g/L on 2026-03-08"


def test_open_window_proves_nothing_and_is_not_told(protocol):
    assert verdict(protocol, "I03", changed()).proof == "ECOG performance status 1 (limit: at most 1)"


def test_parameters_are_kept_with_the_verdict(protocol):
    assert verdict(protocol, "I02", changed()).parameters == {"min_age": "18 years", "max_age": "80 years"}
    assert verdict(protocol, "I08", changed()).parameters["lab_max_age"] == "any time"
