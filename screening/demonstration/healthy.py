"""A man and a woman of NCT05990231 with nothing that would exclude them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

InventedDocument = dict[str, Any]

SAMPLE = {"collected": "2026-03-08"}

BASE: InventedDocument = {
    "visit": {"date": "2026-03-09", "planned_first_dose_date": "2026-03-16"},
    "subject": {"sex": "male", "birth_date": "1961-05-20"},
    "consent": {
        "signed": "yes",
        "date": "2026-03-05",
        "version": "1.1",
        "obtained_by": "sub-investigator",
        "time": "09:30",
        "willing_to_comply": "yes",
    },
    "labs": [
        {"analyte": "anc", "value": Decimal("3.2"), "unit": "10*9/L", **SAMPLE},
        {"analyte": "platelets", "value": 210, "unit": "10*9/L", **SAMPLE},
        {"analyte": "haemoglobin", "value": 118, "unit": "g/L", **SAMPLE},
        {"analyte": "creatinine", "value": 78, "unit": "umol/L", **SAMPLE, "uln": 111},
        {"analyte": "bilirubin_total", "value": 12, "unit": "umol/L", **SAMPLE, "uln": 21},
        {"analyte": "ast", "value": 28, "unit": "U/L", **SAMPLE, "uln": 40},
        {"analyte": "alt", "value": 31, "unit": "U/L", **SAMPLE, "uln": 50},
        {"analyte": "wbc", "value": Decimal("6.1"), "unit": "10*9/L", **SAMPLE},
    ],
    "performance": {"date": "2026-03-09", "ecog": 1, "life_expectancy_months": 6},
    "disease": {"histology": "escc", "confirmed_by": "histology", "extent": "metastatic", "curable": "no"},
    "lesions": [{"site": "liver", "nodal": "no", "diameter_mm": 22, "irradiated": "no"}],
    "therapies": [
        {
            "kind": "systemic",
            "agents": ["pd1_inhibitor", "platinum", "other_chemotherapy"],
            "name": "first line",
            "intent": "palliative",
            "start_date": "2025-03-03",
            "end_date": "2025-12-20",
            "ongoing": "no",
            "progressed": "yes",
            "progression_date": "2026-01-15",
        }
    ],
    "adverse_events": [],
    "supportive_care": [],
    "procedures": [],
    "vaccinations": [],
    "vitals": {
        "date": "2026-03-09",
        "systolic_bp": 128,
        "diastolic_bp": 78,
        "on_antihypertensives": "no",
        "weight_kg": 61,
        "weight_kg_3_months_ago": 63,
        "height_cm": 168,
    },
    "imaging": {
        "date": "2026-03-02",
        "invades_critical_structure": "no",
        "necrosis_or_cavity": "no",
        "bleeding_risk_increased": "no",
        "fistula_risk": "no",
    },
    "cns": {
        "date": "2026-03-03",
        "brainstem_metastasis": "no",
        "meningeal_metastasis": "no",
        "spinal_cord_metastasis_or_compression": "no",
        "brain_metastases": "none",
    },
    "infections": {
        "date": "2026-03-06",
        "tuberculosis": "none",
        "syphilis_active": "no",
        "hiv_antibody": "negative",
        "hbsag": "negative",
        "hcv_antibody": "negative",
    },
    "medication": {"long_term_systemic_corticosteroids": "no", "immunosuppressants": "no"},
    "reproductive": {"sterilised": "no", "partner_at_risk": "yes", "contraception_agreed": "yes"},
    "concurrent_study": "none",
    "investigator": {
        "other_reason_to_exclude": "no",
        "other_tumour_complication": "no",
        "other_disease_raising_risk": "no",
    },
    "reviewed": ["lesions", "therapies", "adverse_events", "supportive_care", "procedures", "vaccinations"],
}

WOMAN: InventedDocument = {
    "subject": {"sex": "female", "birth_date": "1982-07"},
    "labs": [row | {"uln": 81} if row["analyte"] == "creatinine" else row for row in BASE["labs"]],
    "reproductive": {
        "childbearing_potential": "yes",
        "partner_at_risk": "yes",
        "contraception_agreed": "yes",
        "pregnant": "no",
        "breastfeeding": "no",
    },
    "pregnancy_tests": [{"specimen": "serum", "result": "negative", "date": "2026-03-14"}],
}
