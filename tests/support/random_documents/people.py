"""People who pass every criterion."""

from datetime import date, timedelta
from decimal import Decimal

from tests.support.random_documents.words import CONDITIONS, LISTS, Record


def eligible(sex: str, visit: date, first_dose: date) -> Record:
    """The document of somebody who passes every criterion (the cases `base-man` and `base-woman`)."""

    def ago(days: int) -> str:
        return (visit - timedelta(days)).isoformat()

    def result(analyte: str, value: int | Decimal, unit: str, uln: int | None = None) -> Record:
        record: Record = {"analyte": analyte, "value": value, "unit": unit, "collected": ago(1)}
        return record if uln is None else {**record, "uln": uln}

    document: Record = {
        "subject": {"sex": sex, "birth_date": "1961-05-20" if sex == "male" else "1982-07-01"},
        "visit": {"date": visit.isoformat(), "planned_first_dose_date": first_dose.isoformat()},
        "consent": {"signed": "yes", "date": ago(4), "willing_to_comply": "yes"},
        "performance": {"ecog": 1, "life_expectancy_months": 6},
        "disease": {"histology": "escc", "confirmed_by": "histology", "extent": "metastatic", "curable": "no"},
        "lesions": [{"site": "liver", "nodal": "no", "diameter_mm": 22, "irradiated": "no"}],
        "therapies": [
            {
                "kind": "systemic",
                "agents": ["pd1_inhibitor", "platinum", "other_chemotherapy"],
                "name": "first line",
                "intent": "palliative",
                "start_date": ago(371),
                "end_date": ago(79),
                "ongoing": "no",
                "progressed": "yes",
                "progression_date": ago(53),
            }
        ],
        "adverse_events": [],
        "supportive_care": [],
        "procedures": [],
        "vaccinations": [],
        "history": [{"condition": condition, "status": "absent"} for condition in CONDITIONS],
        "labs": [
            result("anc", Decimal("3.2"), "10*9/L"),
            result("platelets", 210, "10*9/L"),
            result("haemoglobin", 118, "g/L"),
            result("creatinine", 78, "umol/L", 111),
            result("bilirubin_total", 12, "umol/L", 21),
            result("ast", 28, "U/L", 40),
            result("alt", 31, "U/L", 50),
            result("wbc", Decimal("6.1"), "10*9/L"),
        ],
        "vitals": {
            "systolic_bp": 128,
            "diastolic_bp": 78,
            "on_antihypertensives": "no",
            "weight_kg": 61,
            "weight_kg_3_months_ago": 63,
            "height_cm": 168,
        },
        "imaging": {
            "invades_critical_structure": "no",
            "necrosis_or_cavity": "no",
            "bleeding_risk_increased": "no",
            "fistula_risk": "no",
        },
        "cns": {
            "brainstem_metastasis": "no",
            "meningeal_metastasis": "no",
            "spinal_cord_metastasis_or_compression": "no",
            "brain_metastases": "none",
        },
        "infections": {
            "tuberculosis": "none",
            "syphilis_active": "no",
            "hiv_antibody": "negative",
            "hbsag": "negative",
            "hcv_antibody": "negative",
        },
        "medication": {"long_term_systemic_corticosteroids": "no", "immunosuppressants": "no"},
        "concurrent_study": "none",
        "investigator": {
            "other_reason_to_exclude": "no",
            "other_tumour_complication": "no",
            "other_disease_raising_risk": "no",
        },
        "reviewed": list(LISTS),
    }
    if sex == "male":
        document["reproductive"] = {"sterilised": "no", "partner_at_risk": "yes", "contraception_agreed": "yes"}
        return document
    document["reproductive"] = {
        "childbearing_potential": "yes",
        "partner_at_risk": "yes",
        "contraception_agreed": "yes",
        "pregnant": "no",
        "breastfeeding": "no",
    }
    document["pregnancy_tests"] = [
        {"specimen": "serum", "result": "negative", "date": (first_dose - timedelta(2)).isoformat()}
    ]
    return document
