"""Sentences that once needed a second reading, each as a clinician reads it now; first those that issue 14 names."""

import pytest

from tests.support.documents import (
    ABSENT,
    add,
    amend,
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
    return {"term": "myocarditis", "during_pd1": "yes", "immune_related": "yes", "current_grade": 0} | values


def therapy(**values):
    return {"kind": "systemic", "name": "second line", "ongoing": "no"} | values


WOMAN = put(subject__sex="female", reproductive__childbearing_potential="yes")
SERUM = {"specimen": "serum", "result": "negative", "date": "2026-03-14"}
URINE = {"specimen": "urine", "result": "positive", "date": "2026-03-15"}
TREATED = put(
    cns__brain_metastases="treated",
    cns__stable_since="2026-01-10",
    cns__corticosteroids="stopped",
    cns__corticosteroid_stop_date="2026-03-10",
)
MODELS = {
    "a pressure": (
        "E15",
        [put(vitals__systolic_bp=126)],
        "Systolic 126 mmHg (limit: below 160). Diastolic 78 mmHg (limit: below 100). Absent: arterial "
        "thrombosis, venous thromboembolism, transient ischaemic attack, cerebrovascular accident, "
        "hypertensive crisis, hypertensive encephalopathy, COPD exacerbation",
    ),
    "a washout": (
        "E03",
        [amend("therapies", end_date="2025-12-01")],
        "Therapy 1 (first line): last dose 2025-12-01, 105 days before planned first dose; more than 21 needed; "
        "ended; systemic anti-tumour. No other therapy (list confirmed complete)",
    ),
    "a pregnancy test": (
        "I09",
        [WOMAN, records("pregnancy_tests", SERUM)],
        "Pregnancy test 1 (serum): negative; taken 2026-03-14, 2 days before planned first dose (within the 3 days "
        "required)",
    ),
    "G-CSF": (
        "I08",
        [records("supportive_care", {"kind": "growth_factor", "date": "2026-02-26"})],
        "Haematological support 1 (growth factor): last given 2026-02-26, 10 days before the sample "
        "(neutrophils, platelets, haemoglobin); more than 14 needed. Repeat the sample from 2026-03-13",
    ),
    "a cardiac event": (
        "E05",
        [records("adverse_events", event(organ_system="cardiac", max_grade=3))],
        "Adverse event 1 (myocarditis): grade 3 (excluded from grade 2); during the PD-1 inhibitor; immune-"
        "related; cardiac",
    ),
}
MENDED = {
    "no day is too late by one": (
        "E03",
        [add("therapies", therapy(end_date="2026-02-23"))],
        "Therapy 2 (second line): last dose 2026-02-23, 21 days before planned first dose; more than 21 needed; "
        "systemic anti-tumour. Clear with planned first dose from 2026-03-17",
    ),
    "a day after the dose": (
        "E03",
        [add("therapies", therapy(end_date="2026-03-20"))],
        "Therapy 2 (second line): last dose 2026-03-20, 4 days after planned first dose; must be more than 21 days "
        "before it; systemic anti-tumour. Clear with planned first dose from 2026-04-11",
    ),
    "one interval, whatever the kind is": (
        "E03",
        [add("therapies", {"end_date": "2025-01-01", "ongoing": "no"})],
        "Therapy 1 (first line): last dose 2025-12-20, 86 days before planned first dose; more than 21 needed; "
        "ended; systemic anti-tumour. Therapy 2: last dose 2025-01-01, 439 days before planned first dose; more than "
        "21 needed; ended. No other therapy (list confirmed complete)",
    ),
    "what is not known of a record": (
        "E03",
        [add("therapies", {"kind": "systemic", "name": "second line"})],
        "Therapy 2 (second line), not known: whether ongoing, last dose",
    ),
    "what would exclude before what keeps it from doing so": (
        "E20",
        [put(infections__hbsag="positive", infections__hbv_antiviral="yes"), result("hbv_dna", 5000, "[IU]/mL")],
        "HBsAg positive, HBV DNA 5000 IU/mL, 2026-03-08, but antiviral therapy for hepatitis B given or planned. HCV "
        "antibody negative",
    ),
    "an invasion that raises no risk": (
        "E06",
        [put(imaging__invades_critical_structure="yes", imaging__bleeding_risk_increased="no")],
        "A critical structure surrounded or invaded, but taking part would not raise the risk of bleeding. No risk of "
        "an oesophageal fistula",
    ),
    "what does not count": (
        "E24",
        [records("procedures", {"kind": "venous_access", "date": "2026-03-14"})],
        "Procedure 1 (venous access), 2026-03-14 (does not count). No other procedure (list confirmed complete)",
    ),
    "a vaccine that is planned": (
        "E26",
        [records("vaccinations", {"live": "yes", "planned": "yes", "date": "2026-04-01"})],
        "Vaccination 1: live vaccine; planned during the study; 2026-04-01",
    ),
    "no list of therapies": (
        "I06",
        [records("therapies")],
        "No therapy (list confirmed complete), so none counts as the failed PD-1 inhibitor with platinum",
    ),
    "one limit where another makes up for it": (
        "I07",
        [records("lesions", {"nodal": "no", "diameter_mm": 9, "irradiated": "no"})],
        "No lesion counts as a measurable lesion (list confirmed complete). Lesion 1: diameter 9 mm (limit: at least "
        "10); not a lymph node",
    ),
    "the day of all results once": (
        "I08",
        [],
        "Neutrophils 3.2 ×10⁹/L (limit: at least 1.5). Platelets 210 ×10⁹/L (limit: at least 100). "
        "Haemoglobin 118 g/L (limit: at least 90). Creatinine 78 µmol/L (limit: at most ULN 111). Total "
        "bilirubin 12 µmol/L (limit: at most 31.5 = 1.5 × ULN). AST 28 U/L (limit: at most 60 = 1.5 × ULN). "
        "ALT 31 U/L (limit: at most 75 = 1.5 × ULN). All results of 2026-03-08. No haematological support "
        "(list confirmed complete)",
    ),
    "the upper limit as laboratories write it": (
        "I08",
        [result("ast", 61, "U/L", uln=40)],
        "AST 61 U/L (limit: at most 60 = 1.5 × ULN), 2026-03-08",
    ),
    "a way out that was not taken": (
        "I06",
        [amend("therapies", intent="adjuvant", end_date="2025-08-31", progression_date="2026-02-28")],
        "No therapy counts as the failed PD-1 inhibitor with platinum (list confirmed complete). Therapy 1 (first "
        "line): progression 2026-02-28, 6 months after last dose; less than 6 months allowed; adjuvant",
    ),
    "a later line": (
        "I06",
        [
            amend("therapies", progression_date="2026-01-15"),
            add("therapies", therapy(agents=["other_chemotherapy"], intent="palliative", start_date="2026-01-20")),
        ],
        "Therapy 2 (second line) counts as another line of systemic therapy: systemic anti-tumour; other chemotherapy; "
        "palliative",
    ),
    "what is not known of the record around": (
        "I06",
        [add("therapies", therapy(agents=["other_chemotherapy"], progressed="no"))],
        "Whether therapy 2 (second line) counts as another line of systemic therapy is not known (missing: intent, "
        "start)",
    ),
    "the agent that excludes": (
        "E04",
        [amend("therapies", agents=["pd1_inhibitor", "anti_ctla4", "platinum"])],
        "Therapy 1 (first line): PD-1 inhibitor, anti-CTLA-4, platinum (excluded: anti-CTLA-4)",
    ),
    "an agent that excludes alone": (
        "E04",
        [add("therapies", therapy(agents=["anti_pdl1"]))],
        "Therapy 2 (second line): anti-PD-L1 (excluded)",
    ),
    "an exception for one agent alone": (
        "E03",
        [add("therapies", therapy(kind="immunomodulator", agents=["interferon"], end_date="2026-03-10"))],
        "Therapy 2 (second line): last dose 2026-03-10, 6 days before planned first dose; more than 14 needed; "
        "non-specific immunomodulator; interferon. Clear with planned first dose from 2026-03-25",
    ),
    "grade that has not settled": (
        "E23",
        [
            records(
                "adverse_events",
                event(
                    term="rash",
                    organ_system="skin",
                    current_grade=2,
                    alopecia="no",
                    irreversible_accepted="no",
                    level_permitted="no",
                ),
            )
        ],
        "Adverse event 1 (rash): current grade 2 (excluded above 1); no exception applies",
    ),
    "answers yes": (
        "E06",
        [put(imaging__invades_critical_structure="yes", imaging__bleeding_risk_increased="yes")],
        "A critical structure surrounded or invaded: taking part would raise the risk of bleeding",
    ),
    "answers no": (
        "E06",
        [],
        "No critical structure surrounded or invaded. No obvious necrosis or cavity. No risk of an oesophageal fistula",
    ),
    "steroids stopped too late": (
        "E10",
        [TREATED],
        "Treated brain metastases: corticosteroids stopped on 2026-03-10, 6 days before planned first dose; at least "
        "7 needed. Clear with planned first dose from 2026-03-17",
    ),
    "what is past": (
        "E11",
        [history("ascites", {"status": "current", "symptomatic": "no", "repeated_drainage": "no"})],
        "Ascites (current): no symptoms; no repeated drainage needed. Absent: pleural effusion, pericardial effusion",
    ),
    "status not known": (
        "E01",
        [history("other_malignancy", {"status": "unknown"})],
        "Other malignant tumour: status not known",
    ),
    "months and days": (
        "E14",
        [history("myocardial_infarction", {"status": "past", "date": "2025-03"})],
        "Myocardial infarction (past): last occurrence 2025-03, day not known; must be more than 12 months before "
        "planned first dose",
    ),
    "years and days": (
        "E01",
        [history("other_malignancy", {"status": "past", "date": "2024-05", "cured_by_local_treatment": "no"})],
        "Other malignant tumour (past): last evidence of disease 2024-05, 1 year 282 days to 1 year 312 days before "
        "visit; more than 3 years needed; not cured by local treatment. Clear with visit from 2027-06-01",
    ),
    "what has to be done comes last": (
        "E15",
        [put(vitals__systolic_bp=165, vitals__on_antihypertensives="no")],
        "Systolic 165 mmHg (limit: below 160). Not on antihypertensive treatment. Treat the blood pressure, "
        "and measure it again",
    ),
    "taken as detected": (
        "E20",
        [put(infections__hcv_antibody="positive"), result("hcv_rna", 10, "[IU]/mL")],
        "HCV antibody positive: HCV RNA 10 IU/mL (taken as detected: reported without “<”, no limit of detection "
        "given), 2026-03-08",
    ),
    "the higher of two limits": (
        "E20",
        [put(infections__hbsag="positive", infections__hbv_antiviral="no"), result("hbv_dna", 501, "[IU]/mL", lod=500)],
        "HBsAg positive: HBV DNA 501 IU/mL (excluded above limit of detection 500), 2026-03-08; no antiviral therapy "
        "for hepatitis B",
    ),
    "on either side of the dose": (
        "E24",
        [records("procedures", {"kind": "major_surgery", "date": "2026-03"})],
        "Procedure 1 (major surgery): 2026-03, day not known; must be more than 30 days before planned first dose, "
        "or more than 30 days after it",
    ),
    "a test on the day of the dose": (
        "I09",
        [WOMAN, records("pregnancy_tests", SERUM | {"date": "2026-03-16"})],
        "Pregnancy test 1 (serum): negative; taken 2026-03-16, the same day as planned first dose",
    ),
    "a later test": (
        "I09",
        [WOMAN, records("pregnancy_tests", SERUM, URINE)],
        "Pregnancy test 1 (serum): negative; taken 2026-03-14, 2 days before planned first dose (within the 3 days "
        "required); later urine test positive or indeterminate: pregnancy test 2 (urine), 2026-03-15. Repeat the "
        "serum pregnancy test",
    ),
    "an earlier test": (
        "I09",
        [WOMAN, records("pregnancy_tests", SERUM, URINE | {"date": "2026-03-13"})],
        "Pregnancy test 1 (serum): negative; taken 2026-03-14, 2 days before planned first dose (within the 3 days "
        "required); no later urine test positive or indeterminate",
    ),
    "a test that excludes": (
        "I09",
        [WOMAN, records("pregnancy_tests", SERUM | {"result": "positive"})],
        "Pregnancy test 1 (serum): positive (excluded); taken 2026-03-14, 2 days before planned first dose (within "
        "the 3 days required)",
    ),
    "whether it applies": (
        "I11",
        [put(reproductive__sterilised=ABSENT, reproductive__contraception_agreed="no")],
        "Whether sterilised: not known. Not satisfied if it applies (not sterilised): effective contraception not "
        "agreed",
    ),
    "what is asked only after what is not known": (
        "E10",
        [put(cns__brain_metastases=ABSENT)],
        "Brain metastases: not known",
    ),
    "a question that could be read as a finding": (
        "I06",
        [amend("therapies", progressed="unknown")],
        "Whether therapy 1 (first line) counts as the failed PD-1 inhibitor with platinum or as another line of "
        "systemic therapy is not known (missing: whether disease progressed)",
    ),
    "no test in its window": (
        "I09",
        [WOMAN, records("pregnancy_tests")],
        "No pregnancy test within 3 days before planned first dose. Do a urine or serum pregnancy test",
    ),
    "no test, and perhaps no woman": (
        "I09",
        [WOMAN, put(subject__sex=ABSENT), records("pregnancy_tests")],
        "Sex: not known. If it applies (female): no pregnancy test within 3 days before planned first dose; do a "
        "urine or serum pregnancy test",
    ),
    "a result without its exact value": (
        "I08",
        [result("anc", 2, "10*9/L", comparator="<")],
        "Neutrophils < 2 ×10⁹/L, exact value not known (limit: at least 1.5), 2026-03-08",
    ),
    "a date of birth in part": (
        "I02",
        [put(subject__birth_date="2008")],
        "Age 17 to 18 years, date of birth incomplete (limit: at least 18)",
    ),
    "a year alone": (
        "E03",
        [add("therapies", therapy(end_date="2026"))],
        "Therapy 2 (second line): last dose 2026, month and day not known; must be more than 21 days before planned "
        "first dose",
    ),
    "what keeps a value from being computed": (
        "E30",
        [put(vitals__weight_kg=60, vitals__weight_kg_3_months_ago=0)],
        "Weight lost in three months: cannot be computed",
    ),
    "a weight that was gained": (
        "E30",
        [put(vitals__weight_kg=80, vitals__weight_kg_3_months_ago=64)],
        "White cells 6.1 ×10⁹/L (limit: at most 20), 2026-03-08. Weight gained in three months 25 %. No other "
        "complication of the tumour raises the risk. No other disease raises the risk",
    ),
    "a lesion that is no node": (
        "I07",
        [records("lesions", {"site": "liver", "nodal": "no", "diameter_mm": 22, "irradiated": "no"})],
        "Lesion 1 (liver) counts as a measurable lesion: diameter 22 mm (limit: at least 10); not a lymph node; not "
        "irradiated",
    ),
    "one drug for both kinds of metastases": (
        "E10",
        [
            put(
                cns__brain_metastases="treated_and_untreated",
                cns__stable_since="2026-01-10",
                cns__corticosteroids="ongoing",
                cns__symptomatic="no",
                cns__largest_mm=5,
                cns__oedema="no",
            )
        ],
        "Treated and untreated brain metastases: on corticosteroids (excluded)",
    ),
    "more digits than anybody reads": (
        "I08",
        [result("ast", "60.3000000000000000000000001", "U/L", uln="40.2")],
        "AST just above 60.3 U/L (limit: at most 60.3 = 1.5 × ULN), 2026-03-08",
    ),
    "every answer but one would do": (
        "I05",
        [put(disease__extent="localised")],
        "Extent of disease: localised (excluded)",
    ),
    "list not confirmed": ("E26", [unreviewed("vaccinations")], "List not confirmed complete: Vaccinations"),
    "no first dose": (
        "E24",
        [records("procedures", {"kind": "major_surgery", "date": "2026-02-01"}), no_first_dose()],
        "Procedure 1 (major surgery): 2026-02-01; planned first dose: not known",
    ),
}


@pytest.mark.parametrize("case", MODELS)
def test_sentence_is_as_the_issue_models_it(protocol, case):
    code, changes, proof = MODELS[case]
    assert verdict(protocol, code, changed(*changes)).proof == proof


@pytest.mark.parametrize("case", MENDED)
def test_sentence_is_understood_at_first_sight(protocol, case):
    code, changes, proof = MENDED[case]
    assert verdict(protocol, code, changed(*changes)).proof == proof
