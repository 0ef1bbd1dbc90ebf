"""The thresholds, at their default values."""

from decimal import Decimal
from fractions import Fraction

from benchmarks.handwritten.facts import Window

# Parameters, at their default values. A window of None is "any time".

MIN_AGE = 18
MAX_AGE = 80
MAX_ECOG = 1
MIN_LIFE_EXPECTANCY = 3
RELAPSE_WINDOW = Window(months=6)
MIN_NODE = 15
MIN_LESION = 10

MIN_ANC = {"/mm3": 1500, "/uL": 1500, "10*3/uL": Decimal("1.5"), "10*9/L": Decimal("1.5")}
MIN_PLATELETS = {"/mm3": 100_000, "/uL": 100_000, "10*3/uL": 100, "10*9/L": 100}
MIN_HAEMOGLOBIN = {"g/dL": 9, "g/L": 90, "mmol/L": Decimal("5.6")}
MAX_CREATININE = {"mg/dL": Decimal("1.5"), "umol/L": Decimal("132.6")}  # 1 mg/dL = 88.4 umol/L
MIN_CLEARANCE = 60
MAX_BILIRUBIN = Fraction(3, 2)  # times the upper limit of normal, as are the next two
MAX_AST = Fraction(3, 2)
MAX_ALT = Fraction(3, 2)
SUPPORT_FREE = Window(days=14)
LAB_MAX_AGE: Window | None = None
PREGNANCY_TEST_WINDOW = Window(days=3)

OTHER_MALIGNANCY = Window(months=36)
WASHOUT_SYSTEMIC = Window(days=21)
WASHOUT_LOCAL = Window(days=14)
WASHOUT_IMMUNOMODULATOR = Window(days=14)
WASHOUT_TCM = Window(days=7)
SEVERE_IRAE = 3
CARDIAC_IRAE = 2
MAX_RESIDUAL_GRADE_PD1 = 1
AUTOIMMUNE = Window(months=24)
CNS_STABLE = Window(days=14)
CNS_STEROID_FREE = Window(days=7)
CNS_MAX_LESION = 15
CARDIAC = Window(months=12)
MIN_NYHA = 2
ARTERIAL_THROMBOSIS = Window(months=6)
VTE_GRADE = 3
VASCULAR_EVENT: Window | None = None
COPD = Window(months=1)
MAX_SYSTOLIC = 160
MAX_DIASTOLIC = 100
BLEEDING = Window(months=1)
SEVERE_INFECTION = Window(days=28)
ANTI_INFECTIVE = Window(days=14)
MAX_HBV_DNA = {"[IU]/mL": 200, "{copies}/mL": 1000}
MAX_RESIDUAL_GRADE = 1
MAJOR_SURGERY_BEFORE = Window(days=30)
MAJOR_SURGERY_AFTER = Window(days=30)
MINOR_PROCEDURE = Window(days=3)
LIVE_VACCINE = Window(days=30)
MAX_WBC = {"/mm3": 20_000, "/uL": 20_000, "10*3/uL": 20, "10*9/L": 20}
MAX_WEIGHT_LOSS = Fraction(10, 100)

# Cockcroft-Gault, (140 - age) x weight x sex / (72 x mg/dL): what the numerator must reach per unit of creatinine.
CLEARANCE_PER_CREATININE = {
    "mg/dL": Fraction(MIN_CLEARANCE * 72),
    "umol/L": Fraction(MIN_CLEARANCE * 72) / Fraction("88.4"),
}
COCKCROFT_GAULT_SEX = {"male": Fraction(1), "female": Fraction("0.85")}

NOT_PD1_IMMUNOTHERAPY = frozenset(
    (
        "anti_pdl1",
        "anti_ctla4",
        "anti_cd47",
        "anti_sirpa",
        "anti_lag3",
        "costimulatory_agonist",
        "cell_therapy",
        "other_immunotherapy",
    )
)
LOCALLY_CURABLE_TUMOURS = (
    "basal_cell_skin",
    "squamous_cell_skin",
    "superficial_bladder",
    "cervical_in_situ",
    "breast_in_situ",
)
