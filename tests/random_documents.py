"""Random visit documents, all valid, biased to where the criteria turn.

A document starts as an eligible man or woman and has up to a dozen things about it changed: a value at a limit or one
step to a side, in some accepted unit, a date at the edge of a window, a fact that is missing, a list nobody reviewed.
"""

import random
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal, localcontext
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


class Draft:
    """A document in the making, with the days that its windows hang on (kept even when the document loses F)."""

    def __init__(self, rng: random.Random, document: Record, visit: date, first_dose: date) -> None:
        self.rng = rng
        self.document = document
        self.visit = visit
        self.first_dose = first_dose

    # Chance.

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def pick(self, *options: Any) -> Any:
        return self.rng.choice(options)

    # Facts.

    def put(self, record: Record, key: str, value: Any, missing: float = 0.12) -> None:
        """Set a fact, or now and then make it unknown in one of the three ways."""
        if value is not None and not self.chance(missing):
            record[key] = value
            return
        how = self.rng.randrange(3)
        if how == 0:
            record.pop(key, None)
        else:
            record[key] = None if how == 1 else "unknown"

    def put_yn(self, record: Record, *keys: str, yes: float = 0.5, missing: float = 0.12) -> None:
        for key in keys:
            self.put(record, key, "yes" if self.chance(yes) else "no", missing)

    def put_code(self, record: Record, key: str, *codes: Any, missing: float = 0.12) -> None:
        self.put(record, key, self.rng.choice(codes), missing)

    def section(self, name: str) -> Record:
        found = self.document.get(name)
        if not isinstance(found, dict):
            found = self.document[name] = {}
        return found

    def records(self, name: str) -> list[Record]:
        found = self.document.get(name)
        if not isinstance(found, list):
            found = self.document[name] = []
        return found

    def add(self, name: str, record: Record) -> None:
        """Add a record to a list, in any place, sometimes in place of all others."""
        found = self.records(name)
        if self.chance(0.25):
            found.clear()
        found.insert(self.rng.randint(0, len(found)), record)

    # Numbers.

    def number(self, value: Decimal) -> int | Decimal:
        """The value as JSON might spell it: an integer where it is one, or with a fraction."""
        if value == value.to_integral_value() and self.chance(0.8):
            return int(value)
        return Decimal(format(value, "f"))

    def around(self, limit: str | Decimal, *steps: str) -> int | Decimal:
        """A number at a limit, a step to either side, or further off. Never negative."""
        with localcontext() as context:
            context.prec = 60
            centre = Decimal(limit)
            step = Decimal(self.rng.choice(steps or ("1", "0.1", "0.01", "1E-30")))
            if self.chance(0.2):
                value = (centre * self.rng.randint(0, 300) / 100).quantize(Decimal("0.01"))
            else:
                value = centre + self.rng.choice((-1, 0, 0, 1)) * step
            return self.number(max(value, Decimal(0)))

    # Dates.

    def spell(self, day: date) -> str:
        """A day as a whole date or, now and then, as the month or year that it is in."""
        roll = self.rng.random()
        if roll < 0.72:
            return day.isoformat()
        return day.isoformat()[:7] if roll < 0.9 else day.isoformat()[:4]

    def near(self, *days: date) -> date:
        """One of these days, one day to a side of it, or some way off."""
        day = self.rng.choice(days)
        if self.chance(0.2):
            return day + timedelta(self.rng.randint(-400, 60))
        return day + timedelta(self.rng.choice((-1, 0, 0, 1)))

    def edge(self, months: int, days: int, from_visit: bool = False) -> date:
        """A day near either end of a window before F, or before V."""
        anchor = self.visit if from_visit else self.first_dose
        start = add_months(anchor, -months) - timedelta(days)
        middle = start + (anchor - start) / 2
        return self.near(start, start, start, anchor, middle, anchor + timedelta(20))


def add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def first_day(text: str) -> date:
    return date.fromisoformat((text + "-01-01")[:10] if len(text) == 4 else (text + "-01")[:10])


def last_day(text: str) -> date:
    if len(text) == 10:
        return date.fromisoformat(text)
    year, month = int(text[:4]), int(text[5:7] or 12)
    return date(year, month, monthrange(year, month)[1])


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


# What can be changed about a document. Each function changes one thing, or a few that belong together.


def change_consent(draft: Draft) -> None:
    consent = draft.section("consent")
    draft.put_yn(consent, "signed", yes=0.85)
    draft.put(consent, "date", draft.spell(draft.near(draft.visit, draft.visit - timedelta(20))))


def change_compliance(draft: Draft) -> None:
    draft.put_yn(draft.section("consent"), "willing_to_comply", missing=0.4)


def change_age(draft: Draft) -> None:
    years = draft.pick(18, 81, 18, 81, 80, 65, 40)
    born = min(draft.near(add_months(draft.visit, -12 * years)), draft.visit)
    if draft.chance(0.1):
        born = date(draft.pick(1944, 1948, 2004, 2008), 2, 29)
    draft.put(draft.section("subject"), "birth_date", draft.spell(born))


def change_sex(draft: Draft) -> None:
    draft.put_code(draft.section("subject"), "sex", "male", "female", missing=0.7)


def change_performance(draft: Draft) -> None:
    performance = draft.section("performance")
    draft.put_code(performance, "ecog", 0, 1, 1, 2, 3, 4)
    draft.put(performance, "life_expectancy_months", draft.around("3"))


def change_disease(draft: Draft) -> None:
    disease = draft.section("disease")
    draft.put_code(disease, "histology", "escc", "escc", "escc", "other")
    draft.put_code(disease, "confirmed_by", "histology", "cytology", "histology_and_cytology", "not_confirmed")
    draft.put_code(disease, "extent", "localised", "locally_advanced", "recurrent", "metastatic")
    draft.put_yn(disease, "curable", yes=0.2)


def change_lesions(draft: Draft) -> None:
    draft.records("lesions").clear()
    for _ in range(draft.rng.randint(0, 3)):
        lesion: Record = {"site": draft.pick("liver", "lung", "node")}
        draft.put_yn(lesion, "nodal")
        draft.put(lesion, "diameter_mm", draft.around(draft.pick("10", "15"), "1", "0.1", "1E-30"))
        draft.put_yn(lesion, "irradiated", yes=0.4)
        draft.put_yn(lesion, "progressed_after_irradiation")
        draft.add("lesions", lesion)


def draft_agents(draft: Draft, therapy: Record, agents: list[str]) -> None:
    roll = draft.rng.random()
    if roll < 0.85:
        therapy["agents"] = agents
    elif roll < 0.9:
        therapy["agents"] = []
    elif roll < 0.95:
        therapy["agents"] = None


def put_course(draft: Draft, therapy: Record, start: date, end: date) -> None:
    """Set the dates of a course, which may be spelled loosely but never so that it ends before it starts."""
    start_text, end_text = draft.spell(min(start, end)), draft.spell(max(start, end))
    assert first_day(start_text) <= last_day(end_text)
    draft.put(therapy, "start_date", start_text, missing=0.06)
    draft.put(therapy, "end_date", end_text, missing=0.08)
    draft.put_yn(therapy, "ongoing", yes=0.04, missing=0.1)


def pd1_and_platinum(draft: Draft) -> list[str]:
    agents = ["pd1_inhibitor", "platinum"]
    if draft.chance(0.15):
        agents.remove(draft.rng.choice(agents))
    if draft.chance(0.5):
        agents.insert(draft.rng.randint(0, len(agents)), draft.pick("other_chemotherapy", "targeted"))
    if draft.chance(0.06):
        agents.append(draft.rng.choice(AGENTS[4:]))
    return agents


def change_regimens(draft: Draft) -> None:
    """One to three regimens in a row: each progresses near end + 6 months, the next starts near that progression."""
    therapies = draft.records("therapies")
    therapies.clear()
    count = draft.pick(1, 1, 2, 2, 3)
    start = draft.visit - timedelta(draft.rng.randint(200, 500) * count)
    for _ in range(count):
        intent = draft.pick("palliative", "palliative", "neoadjuvant", "adjuvant", "definitive")
        end = start + timedelta(draft.rng.randint(0, 200))
        relapse = add_months(end, 6)
        progression = draft.near(relapse, relapse, end, start + timedelta(30))
        therapy: Record = {}
        draft.put_code(therapy, "kind", "systemic", missing=0.04)
        draft_agents(draft, therapy, pd1_and_platinum(draft) if draft.chance(0.7) else ["other_chemotherapy"])
        draft.put(therapy, "intent", intent, missing=0.06)
        put_course(draft, therapy, start, end)
        draft.put_yn(therapy, "progressed", yes=0.9, missing=0.06)
        draft.put(therapy, "progression_date", draft.spell(progression), missing=0.06)
        therapies.append(therapy)
        start = draft.near(progression, progression, progression + timedelta(20), end)
    if draft.chance(0.3):
        draft.rng.shuffle(therapies)


def add_line(draft: Draft) -> None:
    """One more systemic regimen, started near the progression date of one already there."""
    progressions = [
        first_day(therapy["progression_date"])
        for therapy in draft.records("therapies")
        if therapy.get("progression_date") not in (None, "unknown")
    ]
    start = draft.near(*(progressions or [draft.visit - timedelta(50)]))
    end = start + timedelta(draft.rng.randint(0, 30))
    therapy: Record = {"name": "another line"}
    draft.put_code(therapy, "kind", "systemic", missing=0.05)
    draft_agents(draft, therapy, pd1_and_platinum(draft) if draft.chance(0.5) else ["targeted", "other_chemotherapy"])
    draft.put_code(therapy, "intent", "palliative", "neoadjuvant", "adjuvant", "definitive", missing=0.1)
    put_course(draft, therapy, start, end)
    draft.put_yn(therapy, "progressed", missing=0.1)
    draft.put(therapy, "progression_date", draft.spell(draft.near(end, add_months(end, 6))), missing=0.1)
    draft.records("therapies").append(therapy)


def change_one_therapy(draft: Draft) -> None:
    """Change one fact of one therapy."""
    therapies = draft.records("therapies")
    if not therapies:
        return
    therapy = draft.rng.choice(therapies)
    what = draft.rng.randrange(6)
    if what == 0:
        draft_agents(draft, therapy, pd1_and_platinum(draft))
    elif what == 1:
        draft.put_code(therapy, "intent", "palliative", "neoadjuvant", "adjuvant", "definitive", missing=0.3)
    elif what == 2:
        draft.put_yn(therapy, "progressed", missing=0.5)
    elif what == 3:
        draft.put_yn(therapy, "ongoing", missing=0.6)
    elif what == 4:
        end = draft.edge(0, draft.pick(7, 14, 21))
        put_course(draft, therapy, end - timedelta(draft.rng.randint(0, 300)), end)
    else:
        draft.put_code(therapy, "kind", "systemic", "systemic", "local_palliative", "antitumour_tcm", missing=0.4)


def add_washout(draft: Draft) -> None:
    """A therapy that ended near the start of its washout window."""
    kind, window = draft.pick(
        ("systemic", 21),
        ("local_palliative", 14),
        ("immunomodulator", 14),
        ("immunomodulator", 14),
        ("antitumour_tcm", 7),
    )
    therapy: Record = {}
    draft.put(therapy, "kind", kind, missing=0.05)
    if kind == "systemic":
        draft_agents(draft, therapy, [draft.rng.choice(AGENTS)])
        draft.put_code(therapy, "intent", "palliative", "adjuvant", "definitive")
        draft.put_yn(therapy, "progressed")
    elif kind == "immunomodulator":
        draft_agents(draft, therapy, draft.rng.sample(IMMUNOMODULATORS, draft.pick(1, 1, 1, 2)))
        draft.put_yn(therapy, "for_thrombocytopenia", yes=0.7)
    elif draft.chance(0.7):
        therapy["agents"] = [] if draft.chance(0.7) else [draft.rng.choice(AGENTS)]
    if draft.chance(0.1):
        draft.put_code(therapy, "intent", "palliative", "definitive")
    end = draft.edge(0, window)
    put_course(draft, therapy, end - timedelta(draft.rng.randint(0, 60)), end)
    if draft.chance(0.15):
        therapy["ongoing"] = "yes"
        if draft.chance(0.6):
            therapy.pop("end_date", None)
    draft.add("therapies", therapy)


def add_immunotherapy(draft: Draft) -> None:
    therapy: Record = {"kind": "systemic", "agents": draft.rng.sample(AGENTS, draft.rng.randint(1, 3))}
    draft.put_code(therapy, "intent", "palliative", "adjuvant", "neoadjuvant")
    end = draft.visit - timedelta(draft.rng.randint(30, 900))
    put_course(draft, therapy, end - timedelta(60), end)
    draft.put_yn(therapy, "progressed")
    draft.add("therapies", therapy)


def add_adverse_event(draft: Draft) -> None:
    event: Record = {"term": "event"}
    calm = draft.chance(0.4)
    draft.put_code(event, "organ_system", *ORGAN_SYSTEMS)
    draft.put_yn(event, "during_pd1", yes=0.7)
    draft.put_yn(event, "immune_related")
    draft.put_code(event, "max_grade", 0, 1, 1, 2, 2, 3, 3, 4, 5)
    draft.put_code(event, "current_grade", 0, 1, 1, 1, 2, 2, 3)
    draft.put_yn(event, "alopecia", "irreversible_accepted", "level_permitted", yes=0.2)
    draft.put_yn(event, "stable_on_replacement", yes=0.5)
    for key in ("led_to_permanent_discontinuation", "needed_other_immunosuppressant"):
        draft.put_yn(event, key, yes=0.0 if calm else 0.2, missing=0.02 if calm else 0.1)
    draft.put_yn(event, "recurred_needing_systemic_steroids", yes=0.0 if calm else 0.2, missing=0.02 if calm else 0.1)
    draft.add("adverse_events", event)


def add_support(draft: Draft) -> None:
    sampled = [date.fromisoformat(result["collected"]) for result in draft.records("labs")] or [draft.visit]
    support: Record = {}
    draft.put_code(support, "kind", "blood_component", "growth_factor")
    days = [day - timedelta(back) for day in sampled for back in (14, 14, 0, 7)]
    draft.put(support, "date", draft.spell(draft.near(*days)))
    draft.add("supportive_care", support)


def add_procedure(draft: Draft) -> None:
    procedure: Record = {}
    kind = draft.pick("major_surgery", "major_surgery", "serious_injury", "minor_procedure", "venous_access")
    draft.put(procedure, "kind", kind)
    edges = (draft.edge(0, 30), draft.edge(0, 3), draft.near(draft.first_dose + timedelta(30)))
    draft.put(procedure, "date", draft.spell(draft.rng.choice(edges)))
    draft.add("procedures", procedure)


def add_vaccination(draft: Draft) -> None:
    vaccination: Record = {}
    draft.put_yn(vaccination, "live", yes=0.7)
    draft.put_yn(vaccination, "planned", yes=0.15)
    draft.put(vaccination, "date", draft.spell(draft.edge(0, 30)))
    draft.add("vaccinations", vaccination)


def change_pregnancy_tests(draft: Draft) -> None:
    tests = draft.records("pregnancy_tests")
    tests.clear()
    for _ in range(draft.rng.randint(0, 4)):
        day = draft.first_dose + timedelta(draft.pick(-5, -4, -3, -3, -2, -1, -1, 0, 0, 1))
        tests.append(
            {
                "specimen": draft.pick("urine", "serum"),
                "result": draft.pick("negative", "negative", "positive", "indeterminate"),
                "date": day.isoformat(),
            }
        )


def change_reproductive(draft: Draft) -> None:
    reproductive = draft.section("reproductive")
    keys = ["childbearing_potential", "sterilised", "partner_at_risk", "contraception_agreed"]
    for key in draft.rng.sample(keys, draft.rng.randint(1, 3)):
        draft.put_yn(reproductive, key, missing=0.3)


def change_pregnancy(draft: Draft) -> None:
    draft.put_yn(draft.section("reproductive"), "pregnant", "breastfeeding", yes=0.2, missing=0.2)


# Medical history.


def entry_details(draft: Draft, condition: str, entry: Record) -> None:
    if condition == "other_malignancy":
        draft.put_code(entry, "type", *MALIGNANCY_TYPES)
        draft.put_yn(entry, "cured_by_local_treatment", "investigator_confirms_exempt")
    elif condition == "autoimmune_disease":
        draft.put_code(entry, "systemic_treatment", "none", "replacement_only", "systemic", "systemic", "systemic")
        draft.put_yn(entry, "treatment_ongoing", yes=0.2)
        draft.put(entry, "treatment_last_date", draft.spell(draft.edge(24, 0, from_visit=True)))
    elif condition == "interstitial_lung_disease":
        draft.put_yn(entry, "needs_systemic_steroids", "controlled")
    elif condition in ("pleural_effusion", "pericardial_effusion", "ascites"):
        draft.put_yn(entry, "symptomatic", "repeated_drainage", yes=0.3)
    elif condition == "unstable_angina":
        draft.put_yn(entry, "hospitalised")
    elif condition == "congestive_heart_failure":
        draft.put_code(entry, "nyha_class", 1, 1, 2, 3, 4)
    elif condition in ("vascular_disease", "other_cardiac_damage"):
        draft.put_yn(entry, "affects_safety_evaluation")
    elif condition == "venous_thromboembolism":
        draft.put_code(entry, "grade", 1, 2, 2, 3, 3, 4, 5)
    elif condition == "bleeding_event":
        draft.put_yn(entry, "significant", "haemorrhoidal", yes=0.6)
        draft.put_yn(entry, "needed_intervention", yes=0.3)
    elif condition == "infection":
        draft.put_yn(entry, "severe")
        draft.put_code(entry, "anti_infective", "none", "systemic", "systemic", "hepatitis_antiviral")
        draft.put_yn(entry, "anti_infective_ongoing", yes=0.2)
        draft.put(entry, "anti_infective_last_date", draft.spell(draft.edge(0, 14)))


def change_condition(draft: Draft, condition: str) -> None:
    """Other entries for a condition: none, one or several, in every status."""
    history = draft.records("history")
    others = [entry for entry in history if entry["condition"] != condition]
    history[:] = others
    for _ in range(draft.pick(0, 1, 1, 1, 1, 2, 2, 3)):
        entry: Record = {
            "condition": condition,
            "status": draft.pick("absent", "past", "past", "past", "current", "unknown"),
        }
        if entry["status"] != "absent" or draft.chance(0.2):
            from_visit, months, days = CONDITION_WINDOWS.get(condition, (False, 12, 0))
            draft.put(entry, "date", draft.spell(draft.edge(months, days, from_visit)))
            entry_details(draft, condition, entry)
        history.insert(draft.rng.randint(0, len(history)), entry)


def history_changer(*conditions: str) -> Callable[[Draft], None]:
    def change(draft: Draft) -> None:
        change_condition(draft, draft.rng.choice(conditions))

    return change


# Laboratory results.


def draft_result(draft: Draft, analyte: str, value: int | Decimal | None = None, unit: str | None = None) -> Record:
    unit = unit or draft.rng.choice(list(LIMITS[analyte]))
    limit = LIMITS[analyte][unit]
    if value is None:
        value = draft.around(limit)
        if draft.chance(0.4):
            value = draft.number(Decimal(limit) * Decimal(COMFORTABLE[analyte]))
    collected = draft.visit - timedelta(draft.pick(0, 1, 1, 1, 1, 2, 14, 40, -3, -9))
    result: Record = {"analyte": analyte, "value": value, "unit": unit, "collected": collected.isoformat()}
    if draft.chance(0.2):
        result["comparator"] = draft.pick(">", ">=", "<=", "<") if value > 0 else draft.pick(">", ">=")
    elif draft.chance(0.05):
        result["comparator"] = None
    if analyte in ("creatinine", "bilirubin_total", "ast", "alt") and draft.chance(0.85):
        uln = Decimal(UPPER_LIMITS.get(unit) or UPPER_LIMITS[analyte])
        if analyte == "creatinine":
            uln = Decimal(draft.pick("1.2", "1.5") if unit == "mg/dL" else draft.pick("106", "132.6"))
        result["uln"] = draft.number(uln)
    elif analyte in ("hbv_dna", "hcv_rna") and draft.chance(0.7):
        result["lod"] = draft.around(draft.pick("20", "15", "50", limit))
    return result


def change_lab(draft: Draft) -> None:
    """Another result of one analyte, in place of the old ones or beside them; or no result any more."""
    analyte = draft.rng.choice([name for name in LIMITS if name not in ("hbv_dna", "hcv_rna")])
    replace_result(draft, analyte, draft_result(draft, analyte))


def replace_result(draft: Draft, analyte: str, result: Record) -> None:
    labs = draft.records("labs")
    if draft.chance(0.7):
        labs[:] = [other for other in labs if other["analyte"] != analyte]
    if not draft.chance(0.05):
        labs.insert(draft.rng.randint(0, len(labs)), result)


def change_kidney(draft: Draft) -> None:
    """Creatinine above its limits, so that the clearance decides; a weight that brings it near the limit."""
    unit = draft.pick("mg/dL", "umol/L")
    value = Decimal(draft.pick("1.6", "1.51", "2", "1.8", "2.125"))
    result = draft_result(
        draft, "creatinine", draft.number(value if unit == "mg/dL" else value * Decimal("88.4")), unit
    )
    result["uln"] = Decimal("1.2") if unit == "mg/dL" else 106
    replace_result(draft, "creatinine", result)
    age = draft.pick(40, 68, 65, 76, 20)
    born = draft.near(add_months(draft.visit, -12 * age))
    draft.put(draft.section("subject"), "birth_date", draft.spell(min(born, draft.visit)), missing=0.05)
    sex = draft.section("subject").get("sex")
    with localcontext() as context:
        context.prec = 40
        needed = 60 * 72 * value / (140 - age) / (Decimal("0.85") if sex == "female" else 1)
        exact = needed.quantize(Decimal("1E-9")).normalize()
    draft.put(draft.section("vitals"), "weight_kg", draft.around(exact, "1", "0.1", "1E-9"), missing=0.06)
    if draft.chance(0.25):
        replace_result(draft, "creatinine_clearance", draft_result(draft, "creatinine_clearance"))


def change_hepatitis(draft: Draft) -> None:
    infections = draft.section("infections")
    if draft.chance(0.6):
        draft.put_code(infections, "hbsag", "positive", "positive", "positive", "negative")
        draft.put_yn(infections, "hbv_antiviral", yes=0.3, missing=0.2)
        replace_result(draft, "hbv_dna", draft_result(draft, "hbv_dna"))
    else:
        draft.put_code(infections, "hcv_antibody", "positive", "positive", "positive", "negative")
        replace_result(draft, "hcv_rna", draft_result(draft, "hcv_rna"))


def change_infections(draft: Draft) -> None:
    infections = draft.section("infections")
    if draft.chance(0.5):
        draft.put_code(infections, "tuberculosis", "none", "active", "suspected", "ruled_out", missing=0.2)
    if draft.chance(0.5):
        draft.put_yn(infections, "syphilis_active", yes=0.3, missing=0.2)
    if draft.chance(0.5):
        draft.put_code(infections, "hiv_antibody", "negative", "positive", missing=0.3)


# Everything else.


def change_pressure(draft: Draft) -> None:
    vitals = draft.section("vitals")
    draft.put(vitals, "systolic_bp", draft.around("160", "1", "0.1"))
    draft.put(vitals, "diastolic_bp", draft.around("100", "1", "0.1"))
    draft.put_yn(vitals, "on_antihypertensives")


def change_weight(draft: Draft) -> None:
    vitals = draft.section("vitals")
    earlier = Decimal(draft.pick("70", "63.5", "80", "55.55"))
    draft.put(vitals, "weight_kg_3_months_ago", draft.number(earlier))
    draft.put(vitals, "weight_kg", draft.around(earlier * Decimal("0.9"), "1", "0.01", "1E-30"))
    draft.put_yn(vitals, "known_weight_loss_over_10_percent", missing=0.3)


def change_imaging(draft: Draft) -> None:
    imaging = draft.section("imaging")
    draft.put_yn(imaging, "invades_critical_structure", "necrosis_or_cavity", "bleeding_risk_increased")
    draft.put_yn(imaging, "fistula_risk", yes=0.15)
    if draft.chance(0.3):
        draft.put(imaging, "date", draft.spell(draft.visit - timedelta(draft.rng.randint(0, 60))))


def change_cns_sites(draft: Draft) -> None:
    key = draft.pick("brainstem_metastasis", "meningeal_metastasis", "spinal_cord_metastasis_or_compression")
    draft.put_yn(draft.section("cns"), key, missing=0.4)


def change_brain(draft: Draft) -> None:
    cns = draft.section("cns")
    kinds = ("none", "treated", "treated", "untreated", "untreated", "treated_and_untreated")
    draft.put_code(cns, "brain_metastases", *kinds, missing=0.1)
    draft.put(cns, "stable_since", draft.spell(draft.edge(0, 14)))
    draft.put_code(cns, "corticosteroids", "never", "never", "stopped", "stopped", "stopped", "ongoing", missing=0.08)
    draft.put(cns, "corticosteroid_stop_date", draft.spell(draft.edge(0, 7)))
    draft.put_yn(cns, "symptomatic", "oedema", yes=0.15, missing=0.08)
    draft.put(cns, "largest_mm", draft.around("15", "1", "0.1"), missing=0.08)


def change_medication(draft: Draft) -> None:
    key = draft.pick("long_term_systemic_corticosteroids", "immunosuppressants")
    draft.put_yn(draft.section("medication"), key, missing=0.4)


def change_study(draft: Draft) -> None:
    kinds = ("none", "observational", "interventional_follow_up", "interventional_treatment")
    draft.put_code(draft.document, "concurrent_study", *kinds, missing=0.3)


def change_judgement(draft: Draft) -> None:
    key = draft.pick("other_reason_to_exclude", "other_tumour_complication", "other_disease_raising_risk")
    draft.put_yn(draft.section("investigator"), key, missing=0.3)


def lose_first_dose(draft: Draft) -> None:
    draft.put(draft.section("visit"), "planned_first_dose_date", None)


def lose_review(draft: Draft) -> None:
    """A list that nobody confirmed, or no confirmation at all."""
    reviewed = draft.document.get("reviewed")
    if draft.chance(0.1):
        draft.document["reviewed"] = draft.pick(None, [])
    elif reviewed:
        reviewed.remove(draft.rng.choice(reviewed))


def lose_list(draft: Draft) -> None:
    """A list gone from the document: absent, null or empty."""
    name = draft.rng.choice((*LISTS, "pregnancy_tests", "labs", "history") if draft.chance(0.2) else LISTS)
    how = draft.rng.randrange(3)
    if how == 0:
        draft.document.pop(name, None)
    else:
        draft.document[name] = None if how == 1 else []


def lose_fact(draft: Draft) -> None:
    """A fact of one section gone unknown."""
    sections = (
        *("subject", "consent", "performance", "disease", "vitals", "imaging", "cns", "infections", "medication"),
        *("reproductive", "investigator"),
    )
    facts = draft.section(draft.rng.choice(sections))
    if facts:
        draft.put(facts, draft.rng.choice(list(facts)), None)


def lose_record_fact(draft: Draft) -> None:
    """A fact of one record in a list gone unknown."""
    found = draft.document.get(draft.rng.choice(LISTS))
    record = draft.rng.choice(found) if found else {}
    keys = [key for key in record if key not in ("agents", "term", "site", "name")]
    if keys:
        draft.put(record, draft.rng.choice(keys), None)


def lose_section(draft: Draft) -> None:
    names = [name for name in draft.document if name not in ("visit", "reviewed", *LISTS, "labs", "history")]
    if not names:
        return
    name = draft.rng.choice(names)
    if draft.chance(0.5):
        del draft.document[name]
    else:
        draft.document[name] = None


CHANGES: tuple[Callable[[Draft], None], ...] = (
    *(change_consent, change_compliance, change_age, change_sex, change_performance, change_disease),
    *(change_lesions, change_lesions, change_regimens, change_regimens, add_line, change_one_therapy),
    *(add_washout, add_washout, add_immunotherapy, add_adverse_event, add_adverse_event, add_support),
    *(add_procedure, add_procedure, add_vaccination, change_pregnancy_tests, change_pregnancy_tests),
    *(change_reproductive, change_reproductive, change_pregnancy),
    *(change_lab, change_lab, change_lab, change_kidney, change_kidney, change_hepatitis, change_hepatitis),
    *(change_infections, change_pressure, change_weight, change_imaging, change_cns_sites, change_brain, change_brain),
    *(change_medication, change_study, change_judgement),
    *(lose_first_dose, lose_review, lose_list, lose_fact, lose_record_fact, lose_section),
    history_changer(*CONDITIONS),
    history_changer("other_malignancy"),
    history_changer("autoimmune_disease"),
    history_changer("interstitial_lung_disease"),
    history_changer("pleural_effusion", "pericardial_effusion", "ascites"),
    history_changer(*CONDITIONS[6:11]),
    history_changer("myocarditis", "cardiomyopathy", "malignant_arrhythmia"),
    history_changer(*CONDITIONS[14:19]),
    history_changer(*CONDITIONS[19:26]),
    history_changer("bleeding_disorder", "bleeding_event", "bleeding_event"),
    history_changer("inflammatory_bowel_disease"),
    history_changer("infection"),
    history_changer("immunodeficiency", "allogeneic_transplant"),
    history_changer("study_drug_hypersensitivity", "severe_antibody_hypersensitivity"),
    history_changer("psychiatric_illness", "substance_abuse"),
)


def random_days(rng: random.Random) -> tuple[date, date]:
    """V and F: mostly an ordinary March, sometimes where the calendar is awkward."""
    if rng.random() < 0.6:
        return date(2026, 3, 9), date(2026, 3, 16)
    awkward = [(2026, 8, 31), (2024, 2, 29), (2025, 2, 28), (2026, 3, 30), (2026, 3, 1), (2026, 1, 1), (2025, 12, 31)]
    first_dose = date(*rng.choice(awkward))
    return first_dose - timedelta(rng.choice((0, 0, 1, 7, 28))), first_dose


def random_document(rng: random.Random) -> dict[str, object]:
    """A valid visit document, its numbers int or Decimal."""
    visit, first_dose = random_days(rng)
    if rng.random() < 0.04:  # wholly random: of nothing but what the changes put there
        days = {"date": visit.isoformat(), "planned_first_dose_date": first_dose.isoformat()}
        draft = Draft(rng, {"visit": days, "reviewed": rng.sample(LISTS, rng.randint(0, 6))}, visit, first_dose)
        draft.put_code(draft.section("subject"), "sex", "male", "female")
        changes = rng.randint(10, 80)
    else:
        draft = Draft(rng, eligible(rng.choice(("male", "female")), visit, first_dose), visit, first_dose)
        changes = rng.randint(0, 12)
    for change in rng.choices(CHANGES, k=changes):
        change(draft)
    return draft.document
