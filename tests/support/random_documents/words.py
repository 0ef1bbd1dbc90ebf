"""Codes, limits and windows from which random documents are made."""

from typing import Any, TypeAlias

Record: TypeAlias = dict[str, Any]

LISTS = ("lesions", "therapies", "adverse_events", "supportive_care", "procedures", "vaccinations")

CONDITIONS = (
    *("other_malignancy", "autoimmune_disease", "interstitial_lung_disease"),
    *("pleural_effusion", "pericardial_effusion", "ascites"),
    *("decompensated_cirrhosis", "nephrotic_syndrome", "uncontrolled_metabolic_disorder"),
    *("compliance_limiting_condition", "other_uncontrolled_comorbidity"),
    *("myocarditis", "cardiomyopathy", "malignant_arrhythmia", "myocardial_infarction", "unstable_angina"),
    *("congestive_heart_failure", "vascular_disease", "other_cardiac_damage", "arterial_thrombosis"),
    *("transient_ischaemic_attack", "cerebrovascular_accident", "hypertensive_crisis"),
    *("hypertensive_encephalopathy", "copd_exacerbation", "venous_thromboembolism"),
    *("bleeding_disorder", "bleeding_event", "inflammatory_bowel_disease", "infection", "immunodeficiency"),
    *("allogeneic_transplant", "study_drug_hypersensitivity", "severe_antibody_hypersensitivity"),
    *("psychiatric_illness", "substance_abuse"),
)

# The window of each condition whose date matters: whether it is counted from V (else from F), months, days.
CONDITION_WINDOWS: dict[str, tuple[bool, int, int]] = {
    "other_malignancy": (True, 36, 0),
    **dict.fromkeys(
        (
            *("myocardial_infarction", "unstable_angina", "congestive_heart_failure", "vascular_disease"),
            "other_cardiac_damage",
        ),
        (False, 12, 0),
    ),
    "arterial_thrombosis": (False, 6, 0),
    "copd_exacerbation": (False, 1, 0),
    "bleeding_event": (False, 1, 0),
    "infection": (False, 0, 28),
}

MALIGNANCY_TYPES = (
    *("basal_cell_skin", "squamous_cell_skin", "superficial_bladder", "cervical_in_situ", "breast_in_situ"),
    *("other", "other"),
)
AGENTS = (
    *("pd1_inhibitor", "platinum", "other_chemotherapy", "targeted", "anti_pdl1", "anti_ctla4", "anti_cd47"),
    *("anti_sirpa", "anti_lag3", "costimulatory_agonist", "cell_therapy", "other_immunotherapy"),
)
IMMUNOMODULATORS = ("interleukin", "il11", "il11", "interferon", "thymosin", "tnf", "other_immunomodulator")
ORGAN_SYSTEMS = (
    *("endocrine", "endocrine", "endocrine", "cardiac", "neurologic", "ophthalmologic", "pulmonary"),
    *("gastrointestinal", "hepatic", "renal", "skin", "haematologic", "other"),
)

# For each analyte the limit in each unit.
LIMITS: dict[str, dict[str, str]] = {
    "anc": {"10*9/L": "1.5", "10*3/uL": "1.5", "/uL": "1500", "/mm3": "1500"},
    "platelets": {"10*9/L": "100", "10*3/uL": "100", "/uL": "100000", "/mm3": "100000"},
    "haemoglobin": {"g/dL": "9", "g/L": "90", "mmol/L": "5.6"},
    "creatinine": {"mg/dL": "1.5", "umol/L": "132.6"},
    "bilirubin_total": {"mg/dL": "1.8", "umol/L": "31.5"},
    "ast": {"U/L": "60"},
    "alt": {"U/L": "75"},
    "creatinine_clearance": {"mL/min": "60"},
    "wbc": {"10*9/L": "20", "10*3/uL": "20", "/uL": "20000", "/mm3": "20000"},
    "hbv_dna": {"[IU]/mL": "200", "{copies}/mL": "1000"},
    "hcv_rna": {"[IU]/mL": "15", "{copies}/mL": "50"},
}
COMFORTABLE = {  # a multiple of the limit that is well on the good side of it
    "anc": "2",
    "platelets": "2",
    "haemoglobin": "1.3",
    "creatinine": "0.6",
    "bilirubin_total": "0.4",
    "ast": "0.5",
    "alt": "0.4",
    "creatinine_clearance": "1.4",
    "wbc": "0.3",
    "hbv_dna": "0.1",
    "hcv_rna": "0.5",
}
UPPER_LIMITS = {"mg/dL": "1.2", "umol/L": "21", "ast": "40", "alt": "50"}
