"""E01, E07, E08, E11 to E13, E17, E22, E25, E27: what a person has, or had. The visit is on 2026-03-09."""

import pytest

from tests.support.documents import ABSENT, changed, history, no_first_dose, outcomes

EVER = {
    "myocarditis": "E13",
    "cardiomyopathy": "E13",
    "malignant_arrhythmia": "E13",
    "bleeding_disorder": "E16",
    "inflammatory_bowel_disease": "E17",
    "immunodeficiency": "E21",
    "allogeneic_transplant": "E22",
    "study_drug_hypersensitivity": "E25",
    "severe_antibody_hypersensitivity": "E25",
    "psychiatric_illness": "E27",
    "substance_abuse": "E27",
}
NOW = {
    "decompensated_cirrhosis": "E12",
    "nephrotic_syndrome": "E12",
    "uncontrolled_metabolic_disorder": "E12",
    "compliance_limiting_condition": "E12",
    "other_uncontrolled_comorbidity": "E12",
}
STATUSES = {  # of all entries of one condition: whether the person ever had it, whether the person has it now
    (): ("unknown", "unknown"),
    ("unknown",): ("unknown", "unknown"),
    ("absent",): ("pass", "pass"),
    ("past",): ("fail", "pass"),
    ("current",): ("fail", "fail"),
    ("absent", "unknown"): ("unknown", "unknown"),
    ("past", "unknown"): ("fail", "unknown"),
    ("past", "current"): ("fail", "fail"),
    ("absent", "past"): ("fail", "pass"),
    ("unknown", "current"): ("fail", "fail"),
}


@pytest.mark.parametrize("condition", [*EVER, *NOW])
def test_a_condition_excludes_as_it_was_answered(protocol, condition):
    for statuses, (ever, now) in STATUSES.items():
        document = changed(history(condition, *({"status": status} for status in statuses)))
        found = outcomes(protocol, document)[EVER.get(condition) or NOW[condition]]
        assert found == (ever if condition in EVER else now), statuses


def one(condition, **details):
    found = {"status": "past"} | details
    return history(condition, {key: value for key, value in found.items() if value is not ABSENT})


def tumour(**details):
    return one("other_malignancy", **{"date": "2024-05", "type": "other", "cured_by_local_treatment": "no"} | details)


def autoimmune(**details):
    found = {"systemic_treatment": "systemic", "treatment_ongoing": "no", "treatment_last_date": "2025-01-01"}
    return one("autoimmune_disease", **found | details)


def lung(**details):
    return one(
        "interstitial_lung_disease",
        **{"status": "current", "needs_systemic_steroids": "yes", "controlled": "no"} | details,
    )


CASES = {
    "tumour three years before the visit": ("E01", "fail", tumour(date="2023-03-09")),
    "tumour a day more": ("E01", "pass", tumour(date="2023-03-08")),
    "tumour counted from the visit, not from the first dose": ("E01", "fail", tumour(date="2023-03-12")),
    "tumour, first dose not known": ("E01", "fail", tumour(), no_first_dose()),
    "tumour in the year of the edge": ("E01", "unknown", tumour(date="2023")),
    "tumour at a time not known": ("E01", "unknown", tumour(date=ABSENT)),
    "tumour now, date not known": ("E01", "fail", tumour(date=ABSENT, status="current")),
    "tumour not known": ("E01", "unknown", history("other_malignancy", {"status": "unknown"})),
    **{
        f"{kind} cured by local treatment": ("E01", "pass", tumour(type=kind, cured_by_local_treatment="yes"))
        for kind in (
            "basal_cell_skin",
            "squamous_cell_skin",
            "superficial_bladder",
            "cervical_in_situ",
            "breast_in_situ",
        )
    },
    "skin cancer not cured": ("E01", "fail", tumour(type="basal_cell_skin")),
    "skin cancer not cured, investigator would exempt": (
        "E01",
        "fail",
        tumour(type="basal_cell_skin", investigator_confirms_exempt="yes"),
    ),
    "skin cancer, cure not known": ("E01", "unknown", tumour(type="basal_cell_skin", cured_by_local_treatment=ABSENT)),
    "another tumour cured by local treatment": (
        "E01",
        "fail",
        tumour(cured_by_local_treatment="yes", investigator_confirms_exempt="no"),
    ),
    "another tumour cured, investigator exempts": (
        "E01",
        "pass",
        tumour(cured_by_local_treatment="yes", investigator_confirms_exempt="yes"),
    ),
    "another tumour cured, investigator not asked": ("E01", "unknown", tumour(cured_by_local_treatment="yes")),
    "type not known, cured": (
        "E01",
        "unknown",
        tumour(type=ABSENT, cured_by_local_treatment="yes", investigator_confirms_exempt="no"),
    ),
    "exempt now": ("E01", "pass", tumour(status="current", type="cervical_in_situ", cured_by_local_treatment="yes")),
    "two tumours, one exempt": (
        "E01",
        "fail",
        history(
            "other_malignancy",
            {"status": "past", "date": "2025", "type": "basal_cell_skin", "cured_by_local_treatment": "yes"},
            {"status": "past", "date": "2025", "type": "other", "cured_by_local_treatment": "no"},
        ),
    ),
    "treated systemically two years before": ("E07", "fail", autoimmune(treatment_last_date="2024-03-09")),
    "treated systemically a day more": ("E07", "pass", autoimmune(treatment_last_date="2024-03-08")),
    "treatment ongoing": ("E07", "fail", autoimmune(treatment_ongoing="yes", treatment_last_date=ABSENT)),
    "end of treatment not known": ("E07", "unknown", autoimmune(treatment_last_date=ABSENT)),
    "active disease, treated long ago": ("E07", "pass", autoimmune(status="current", treatment_last_date="2010")),
    "replacement only": ("E07", "pass", autoimmune(systemic_treatment="replacement_only", treatment_ongoing="yes")),
    "no treatment": ("E07", "pass", autoimmune(systemic_treatment="none", status="current")),
    "treatment not known": ("E07", "unknown", autoimmune(systemic_treatment=ABSENT)),
    "autoimmune disease, first dose not known": ("E07", "fail", autoimmune(), no_first_dose()),
    "lung disease on steroids and not controlled": ("E08", "fail", lung()),
    "lung disease controlled": ("E08", "pass", lung(controlled="yes")),
    "lung disease without steroids": ("E08", "pass", lung(needs_systemic_steroids="no")),
    "lung disease of the past": ("E08", "pass", lung(status="past")),
    "lung disease, control not known": ("E08", "unknown", lung(controlled=ABSENT)),
    "lung disease, control not known, without steroids": (
        "E08",
        "pass",
        lung(controlled=ABSENT, needs_systemic_steroids="no"),
    ),
    **{
        f"{name} {case}": ("E11", expected, one(name, **details))
        for name in ("pleural_effusion", "pericardial_effusion", "ascites")
        for case, (expected, details) in {
            "with symptoms": ("fail", {"status": "current", "symptomatic": "yes", "repeated_drainage": "no"}),
            "drained again and again": ("fail", {"status": "current", "symptomatic": "no", "repeated_drainage": "yes"}),
            "silent": ("pass", {"status": "current", "symptomatic": "no", "repeated_drainage": "no"}),
            "of the past": ("pass", {"symptomatic": "yes", "repeated_drainage": "yes"}),
            "symptoms not known": ("unknown", {"status": "current", "repeated_drainage": "no"}),
            "not known": ("unknown", {"status": "unknown"}),
        }.items()
    },
    "one effusion not asked, another with symptoms": (
        "E11",
        "fail",
        history("ascites"),
        one("pleural_effusion", status="current", symptomatic="yes"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_history_excludes_or_not_when(protocol, case):
    code, expected, *changes = CASES[case]
    assert outcomes(protocol, changed(*changes))[code] == expected
