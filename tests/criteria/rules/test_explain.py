from decimal import Decimal

import pytest

from tests.support.documents import (
    ABSENT,
    add,
    changed,
    history,
    no_first_dose,
    put,
    records,
    result,
    unreviewed,
    verdict,
)


def event(**values):
    return {"term": "rash", "organ_system": "skin", "during_pd1": "yes", "immune_related": "yes"} | values


# What was done, and what a coordinator must be able to read in one line.
PROOFS = {
    "neutrophils too low": (
        "I08",
        [result("anc", "1.49", "10*9/L")],
        "neutrophils 1.49 10*9/L on 2026-03-08, at least 1.5 10*9/L required",
    ),
    "neutrophils too low, in another unit": (
        "I08",
        [result("anc", "1490", "/mm3")],
        "neutrophils 1490 /mm3 on 2026-03-08, at least 1500 /mm3 required",
    ),
    "haemoglobin by the limit of its unit": (
        "I08",
        [result("haemoglobin", "5.59", "mmol/L")],
        "haemoglobin 5.59 mmol/L on 2026-03-08, at least 5.6 mmol/L required",
    ),
    "result below the detectable": (
        "I08",
        [result("anc", "0.1", "10*9/L", comparator="<")],
        "neutrophils < 0.1 10*9/L on 2026-03-08",
    ),
    "growth factor": (
        "I08",
        [records("supportive_care", {"kind": "growth_factor", "date": "2026-02-22"})],
        "2026-02-22",
        "14 days",
        "neutrophils collected from 2026-03-09 would be clear",
    ),
    "bilirubin by the laboratory's own limit": (
        "I08",
        [result("bilirubin_total", 32, "umol/L", uln=21)],
        "total bilirubin 32 umol/L",
        "31.5 umol/L",
        "1.5 × upper limit of normal",
    ),
    "clearance computed": (
        "I08",
        [result("creatinine", 150, "umol/L", uln=111)],
        "creatinine clearance (Cockcroft-Gault)",
        "at least 60 mL/min",
    ),
    "too old": ("I02", [put(subject__birth_date="1945-03-09")], "age 81 years", "at most 80 years required"),
    "perhaps too old": ("I02", [put(subject__birth_date="1945")], "80 to 81 years"),
    "ECOG": ("I03", [put(performance__ecog=2)], "ECOG performance status 2, at most 1 required"),
    "ECOG 0 is shown as 0": ("I03", [put(performance__ecog=0)], "ECOG performance status 0"),
    "ECOG missing": ("I03", [put(performance__ecog=None)], "ECOG performance status not known"),
    "adenocarcinoma": ("I05", [put(disease__histology="other")], "histology: other"),
    "last systemic therapy": (
        "E03",
        [add("therapies", {"kind": "systemic", "name": "second line", "end_date": "2026-02-23", "ongoing": "no"})],
        "therapy 2 (second line)",
        "end 2026-02-23",
        "3 weeks before planned first dose 2026-03-16",
        "planned first dose from 2026-03-17 would be clear",
    ),
    "not asked": ("E22", [history("allogeneic_transplant")], "allogeneic organ or stem cell transplant not asked"),
    "had it": ("E22", [history("allogeneic_transplant", {"status": "past", "date": "1999"})], "past", "1999"),
    "list not confirmed": ("E24", [unreviewed("procedures")], "list not confirmed complete"),
    "list confirmed": ("E24", [], "no procedure recorded", "list confirmed complete"),
    "immune-related event": (
        "E05",
        [records("adverse_events", event(max_grade=3, current_grade=0))],
        "adverse event 1 (rash)",
        "highest grade 3, at least 3 excludes",
        "organ system: skin",
    ),
    "blood pressure": (
        "E15",
        [put(vitals__systolic_bp=165, vitals__on_antihypertensives="yes")],
        "systolic blood pressure 165 mmHg, at least 160 mmHg excludes",
    ),
    "blood pressure untreated": (
        "E15",
        [put(vitals__systolic_bp=165)],
        "treat the blood pressure, and measure it again",
    ),
    "HBV DNA": (
        "E20",
        [put(infections__hbsag="positive", infections__hbv_antiviral="no"), result("hbv_dna", 5000, "[IU]/mL")],
        "HBV DNA 5000 IU/mL on 2026-03-08, above 200 IU/mL excludes",
    ),
    "weight": ("E30", [put(vitals__weight_kg=50)], "weight lost in three months", "above 10 % excludes"),
    "does not apply": ("E28", [], "does not apply", "sex: male"),
    "first dose not known": (
        "E26",
        [records("vaccinations", {"live": "yes", "planned": "no", "date": "2026-01-01"}), no_first_dose()],
        "planned first dose (not known)",
    ),
}


@pytest.mark.parametrize("case", PROOFS)
def test_proof_says_in_one_line_what_decided_when(protocol, case):
    code, changes, *fragments = PROOFS[case]
    proof = verdict(protocol, code, changed(*changes)).proof
    assert "\n" not in proof
    for fragment in fragments:
        assert fragment in proof, proof


def test_proof_names_the_record_that_failed_and_leaves_the_others_out(protocol):
    document = changed(add("therapies", {"kind": "systemic", "name": "new", "ongoing": "yes"}))
    proof = verdict(protocol, "E03", document).proof
    assert "therapy 2 (new)" in proof
    assert "therapy 1" not in proof


def test_proof_says_when_it_is_not_known_whether_a_criterion_applies(protocol):
    document = changed(put(subject__sex=ABSENT, reproductive__pregnant="yes"))
    proof = verdict(protocol, "E28", document).proof
    assert proof.startswith("not known whether it applies: sex: not known")


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
        (result("anc", "1.49", "10*9/L"), "neutrophils at least", "0.01 10*9/L"),
        (result("anc", "1490", "/mm3"), "neutrophils at least", "10 /mm3"),
        (result("haemoglobin", "88", "g/L"), "haemoglobin at least", "2 g/L"),
        (result("haemoglobin", "5.5", "mmol/L"), "haemoglobin at least", "0.1 mmol/L"),
        (result("creatinine", "1.9", "mg/dL"), "creatinine at most 1.5 mg/dL", "0.4 mg/dL"),
        (result("creatinine", "150", "umol/L"), "creatinine at most 1.5 mg/dL", "17.4 umol/L"),
        (result("ast", "61", "U/L", uln=40), "AST at most", "1 U/L"),
        (result("anc", "1.5", "10*9/L"), "neutrophils at least", "0 10*9/L"),
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
    assert values["labs.anc"] == "3.20 10*9/L on 2026-03-08"
    assert values["labs.haemoglobin"] == "118 g/L on 2026-03-08"


def test_parameters_are_kept_with_the_verdict(protocol):
    assert verdict(protocol, "I02", changed()).parameters == {"min_age": "18 years", "max_age": "80 years"}
    assert verdict(protocol, "I08", changed()).parameters["lab_max_age"] == "any time"
