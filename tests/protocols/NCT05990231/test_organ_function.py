"""I08: blood counts, kidney and liver, and the support that may have made them look better. Samples of 2026-03-08."""

import pytest

from tests.support.documents import ABSENT, changed, outcomes, put, records, result, unreviewed


def support(date, kind="growth_factor"):
    return records("supportive_care", {"kind": kind, "date": date})


def creatinine(value, unit="umol/L", **rest):
    return result("creatinine", value, unit, **({"uln": 111 if unit == "umol/L" else "1.2"} | rest))


def clearance(value, **rest):
    return result("creatinine_clearance", value, "mL/min", **rest)


def older_anc(date):
    return lambda document: document["labs"].append({"analyte": "anc", "value": 0, "unit": "/uL", "collected": date})


OF_SIXTY = put(subject__birth_date="1966-03-09", vitals__weight_kg=70)  # 60 years old, 70 kg
CASES = {
    "neutrophils missing": ("unknown", result("anc", None)),
    "platelets missing": ("unknown", result("platelets", None)),
    "haemoglobin missing": ("unknown", result("haemoglobin", None)),
    "one missing and another too low": ("fail", result("anc", None), result("platelets", "99", "10*9/L")),
    "no neutrophils at all": ("fail", result("anc", 0, "10*9/L")),
    "fewer neutrophils than can be counted": ("fail", result("anc", "0.1", "10*9/L", comparator="<")),
    "neutrophils below a bound above the limit": ("unknown", result("anc", "2", "10*9/L", comparator="<")),
    "neutrophils at least the limit": ("pass", result("anc", "1.5", "10*9/L", comparator=">=")),
    "neutrophils above something lower": ("unknown", result("anc", "1.4", "10*9/L", comparator=">")),
    "growth factor 14 days before the sample": ("fail", support("2026-02-22")),
    "growth factor 15 days before the sample": ("pass", support("2026-02-21")),
    "transfusion on the day of the sample": ("fail", support("2026-03-08", "blood_component")),
    "growth factor the day after the sample": ("pass", support("2026-03-09")),
    "growth factor some time in February": ("unknown", support("2026-02")),
    "growth factor some time in January": ("pass", support("2026-01")),
    "growth factor, date not known": ("unknown", support(None)),
    "no support, list not confirmed": ("unknown", unreviewed("supportive_care")),
    "support within the window, list not confirmed": ("fail", support("2026-03-01"), unreviewed("supportive_care")),
    "support before the platelets alone": (
        "fail",
        support("2026-02-15"),
        result("platelets", 210, "10*9/L", collected="2026-02-20"),
    ),
    "creatinine at its upper limit of normal": ("pass", creatinine(150, uln=150)),
    "creatinine above both, clearance not": ("fail", creatinine(140), put(vitals__weight_kg=50)),
    "creatinine above both limits, measured clearance 60": ("pass", creatinine(140), clearance(60)),
    "creatinine above both, measured clearance too low": ("fail", creatinine(140), clearance("59.9")),
    "a measured clearance goes before a computed one": ("fail", creatinine(140), clearance(20), OF_SIXTY),
    "low measured clearance beside a good creatinine": ("pass", creatinine(80), clearance(20)),
    "creatinine within 1.5 mg/dL, normal limit unknown": ("pass", creatinine(132, uln=ABSENT)),
    "creatinine above 1.5 mg/dL, normal limit unknown": (
        "unknown",
        creatinine(140, uln=ABSENT),
        put(vitals__weight_kg=50),
    ),
    "creatinine missing": ("unknown", result("creatinine", None)),
    "creatinine missing, clearance measured": ("pass", result("creatinine", None), clearance(61)),
    "creatinine missing, clearance too low": ("unknown", result("creatinine", None), clearance(59)),
    "clearance that may be anything above 50": ("unknown", creatinine(140), clearance(50, comparator=">")),
    "clearance above 60 and more": ("pass", creatinine(140), clearance(60, comparator=">")),
    "Cockcroft-Gault without a weight": ("unknown", creatinine(140), put(vitals__weight_kg=None)),
    "Cockcroft-Gault without a birth date": ("unknown", creatinine(140), put(subject__birth_date=ABSENT)),
    # (140 - 60) x 108 / (72 x 2) = 60
    "Cockcroft-Gault at the limit": ("pass", OF_SIXTY, put(vitals__weight_kg=108), creatinine("2", "mg/dL")),
    "Cockcroft-Gault just below the limit": (
        "fail",
        OF_SIXTY,
        put(vitals__weight_kg=108),
        creatinine("2.0000000000000000001", "mg/dL"),
    ),
    "Cockcroft-Gault from a birth year, both ends above": (
        "pass",
        put(subject__birth_date="1966", vitals__weight_kg=110),
        creatinine("2", "mg/dL"),
    ),
    "Cockcroft-Gault from a birth year that straddles the limit": (
        "unknown",
        put(subject__birth_date="1966", vitals__weight_kg=107),
        creatinine("2", "mg/dL"),
    ),
    "bilirubin without its upper limit of normal": ("unknown", result("bilirubin_total", 12, "umol/L")),
    "AST without its upper limit of normal": ("unknown", result("ast", 28, "U/L")),
    "ALT without its upper limit of normal": ("unknown", result("alt", 31, "U/L")),
    "bilirubin missing": ("unknown", result("bilirubin_total", None)),
    "AST of 1.5 times a fraction": ("pass", result("ast", "60.3", "U/L", uln="40.2")),
    "AST a trifle above": ("fail", result("ast", "60.3000000000000000000000001", "U/L", uln="40.2")),
    "a worse result of an earlier day": ("pass", older_anc("2026-03-07")),
    "a worse result of the same day, later in the list": ("fail", older_anc("2026-03-08")),
    "a worse result of a later day": ("fail", older_anc("2026-03-10")),
    "first dose not known": ("pass", put(visit__planned_first_dose_date=ABSENT)),
    "results a year old": ("pass", put(visit__planned_first_dose_date="2027-03-09")),
}


@pytest.mark.parametrize("case", CASES)
def test_organ_function_is_adequate_or_not_when(protocol, case):
    expected, *changes = CASES[case]
    assert outcomes(protocol, changed(*changes))["I08"] == expected


def test_a_woman_has_0_85_of_a_mans_clearance(protocol):
    """72 x 2.0 mg/dL, 60 years: a man needs 108 kg for 60 mL/min, a woman 127.06 kg."""
    base = (OF_SIXTY, creatinine("2", "mg/dL"))
    for weight, expected in ((127, "fail"), (128, "pass")):
        document = changed(*base, put(vitals__weight_kg=weight), sex="woman")
        assert outcomes(protocol, document)["I08"] == expected


def test_clearance_is_unknown_when_the_sex_is(protocol):
    document = changed(OF_SIXTY, creatinine("2", "mg/dL"), put(vitals__weight_kg=200, subject__sex=None))
    assert outcomes(protocol, document)["I08"] == "unknown"


@pytest.mark.parametrize(
    ("analyte", "day", "expected"),
    [
        ("anc", "2026-02-16", "pass"),
        ("anc", "2026-02-15", "fail"),
        ("platelets", "2026-02-15", "fail"),
        ("haemoglobin", "2026-02-15", "fail"),
        ("creatinine", "2026-02-15", "fail"),
        ("bilirubin_total", "2026-02-15", "fail"),
        ("ast", "2026-02-15", "fail"),
        ("alt", "2026-02-15", "fail"),
        ("wbc", "2026-02-15", "pass"),
        ("ast", "2026-03-17", "fail"),
    ],
)
def test_old_results_count_no_more_when_an_administrator_sets_their_age(with_parameter, analyte, day, expected):
    def older(document):
        for lab in document["labs"]:
            lab["collected"] = day if lab["analyte"] == analyte else lab["collected"]

    strict = with_parameter("lab_max_age", "28")
    assert outcomes(strict, changed(older))["I08"] == expected


def test_a_clearance_that_was_never_measured_cannot_be_too_old(with_parameter):
    strict = with_parameter("lab_max_age", "28")
    assert outcomes(strict, changed())["I08"] == "pass"
    assert outcomes(strict, changed(clearance(90, collected="2026-01-01")))["I08"] == "fail"
    assert outcomes(strict, changed(put(visit__planned_first_dose_date=ABSENT)))["I08"] == "unknown"
