"""E18 to E21: infections and what weakens the defence against them. First dose on 2026-03-16."""

import pytest

from tests.support.documents import ABSENT, changed, history, no_first_dose, outcomes, put, result


def infection(**details):
    """A past infection that was neither severe nor treated, with something changed."""
    found = {"status": "past", "date": "2025-01-01", "severe": "no", "anti_infective": "none"} | details
    return history("infection", {key: value for key, value in found.items() if value is not ABSENT})


def antibiotic(last, **details):
    return infection(anti_infective="systemic", anti_infective_ongoing="no", anti_infective_last_date=last, **details)


def hepatitis_b(value, unit="[IU]/mL", antiviral="no", **rest):
    def change(document):
        put(infections__hbsag="positive", infections__hbv_antiviral=antiviral)(document)
        result("hbv_dna", value, unit, **rest)(document)

    return change


def hepatitis_c(value, unit="[IU]/mL", **rest):
    def change(document):
        put(infections__hcv_antibody="positive")(document)
        result("hcv_rna", value, unit, **rest)(document)

    return change


E18 = {
    "severe, four weeks before": ("fail", infection(severe="yes", date="2026-02-16")),
    "severe, a day more": ("pass", infection(severe="yes", date="2026-02-15")),
    "severe, in February": ("unknown", infection(severe="yes", date="2026-02")),
    "severe, now": ("fail", infection(severe="yes", status="current", date=ABSENT)),
    "severe, date not known": ("unknown", infection(severe="yes", date=ABSENT)),
    "severe, first dose not known": ("unknown", infection(severe="yes"), no_first_dose()),
    "severe and now, first dose not known": ("fail", infection(severe="yes", status="current"), no_first_dose()),
    "not severe, now": ("pass", infection(status="current")),
    "severity not known, recent": ("unknown", infection(severe=ABSENT, date="2026-03-01")),
    "severity not known, long ago": ("pass", infection(severe=ABSENT)),
    "antibiotics two weeks before": ("fail", antibiotic("2026-03-02")),
    "antibiotics a day more": ("pass", antibiotic("2026-03-01")),
    "antibiotics to go on after the first dose": ("fail", antibiotic("2026-04-01")),
    "antibiotics ongoing": (
        "fail",
        infection(anti_infective="systemic", anti_infective_ongoing="yes", status="current"),
    ),
    "antibiotics, nobody knows until when": ("unknown", antibiotic(ABSENT)),
    "antiviral of hepatitis": (
        "pass",
        infection(anti_infective="hepatitis_antiviral", anti_infective_ongoing="yes", status="current"),
    ),
    "treatment not known": ("unknown", infection(anti_infective=ABSENT)),
    "absent": ("pass", history("infection", {"status": "absent"})),
    "not asked": ("unknown", history("infection")),
}
E19 = {
    "active tuberculosis": ("fail", put(infections__tuberculosis="active")),
    "suspected tuberculosis: to be ruled out": ("unknown", put(infections__tuberculosis="suspected")),
    "tuberculosis ruled out": ("pass", put(infections__tuberculosis="ruled_out")),
    "tuberculosis not asked": ("unknown", put(infections__tuberculosis=ABSENT)),
    "active syphilis": ("fail", put(infections__syphilis_active="yes")),
    "active syphilis and suspected tuberculosis": (
        "fail",
        put(infections__syphilis_active="yes", infections__tuberculosis="suspected"),
    ),
    "syphilis not asked": ("unknown", put(infections__syphilis_active=ABSENT)),
}
E20 = {
    "HBV DNA at the limit": ("pass", hepatitis_b(200)),
    "HBV DNA above the limit": ("fail", hepatitis_b(201)),
    "1000 copies": ("pass", hepatitis_b(1000, "{copies}/mL")),
    "1001 copies": ("fail", hepatitis_b(1001, "{copies}/mL")),
    "300 copies are not 300 units": ("pass", hepatitis_b(300, "{copies}/mL")),
    "above the limit, below a coarse limit of detection": ("pass", hepatitis_b(400, lod=500)),
    "above the limit and the limit of detection": ("fail", hepatitis_b(501, lod=500)),
    "below the limit, above the limit of detection": ("pass", hepatitis_b(150, lod=20)),
    "reported below a limit of detection that is above 200": ("pass", hepatitis_b(500, comparator="<", lod=500)),
    "reported below 20": ("pass", hepatitis_b(20, comparator="<")),
    "reported below 500, and no limit of detection": ("unknown", hepatitis_b(500, comparator="<")),
    "reported below 500, limit of detection 100": ("unknown", hepatitis_b(500, comparator="<", lod=100)),
    "reported above the limit": ("fail", hepatitis_b(200, comparator=">")),
    "reported above less than the limit": ("unknown", hepatitis_b(100, comparator=">")),
    "no HBV DNA": ("unknown", hepatitis_b(None)),
    "no HBV DNA, but on antiviral therapy": ("pass", hepatitis_b(None, antiviral="yes")),
    "above the limit, on antiviral therapy": ("pass", hepatitis_b(50000, antiviral="yes")),
    "above the limit, therapy not asked": ("unknown", hepatitis_b(50000, antiviral=ABSENT)),
    "below the limit, therapy not asked": ("pass", hepatitis_b(50, antiviral=ABSENT)),
    "HBsAg negative, whatever the DNA": ("pass", hepatitis_b(50000), put(infections__hbsag="negative")),
    "HBsAg not known, DNA high": ("unknown", hepatitis_b(50000), put(infections__hbsag=ABSENT)),
    "HBsAg not known, DNA low": ("pass", hepatitis_b(50), put(infections__hbsag=ABSENT)),
    "HCV RNA above its limit of detection": ("fail", hepatitis_c(16, lod=15)),
    "HCV RNA at its limit of detection": ("pass", hepatitis_c(15, lod=15)),
    "HCV RNA below its limit of detection": ("pass", hepatitis_c(15, lod=15, comparator="<")),
    "HCV RNA reported, no limit of detection": ("fail", hepatitis_c(10)),
    "HCV RNA above something, no limit of detection": ("fail", hepatitis_c(10, comparator=">")),
    "HCV RNA below something, no limit of detection": ("pass", hepatitis_c(10, comparator="<")),
    "HCV RNA below more than its limit of detection": ("unknown", hepatitis_c(100, comparator="<", lod=15)),
    "no HCV RNA": ("unknown", hepatitis_c(None)),
    "HCV antibody negative, whatever the RNA": ("pass", hepatitis_c(50000), put(infections__hcv_antibody="negative")),
    "HCV antibody not known": ("unknown", put(infections__hcv_antibody=ABSENT)),
    "active hepatitis C, hepatitis B not known": ("fail", hepatitis_c(50000), put(infections__hbsag=ABSENT)),
    "HBsAg not known, nothing else": ("unknown", put(infections__hbsag="unknown")),
}
E21 = {
    "immunodeficiency of childhood": ("fail", history("immunodeficiency", {"status": "past"})),
    "immunodeficiency not asked": ("unknown", history("immunodeficiency")),
    "HIV antibody": ("fail", put(infections__hiv_antibody="positive")),
    "HIV not tested": ("unknown", put(infections__hiv_antibody=ABSENT)),
    "long-term steroids": ("fail", put(medication__long_term_systemic_corticosteroids="yes")),
    "immunosuppressants": ("fail", put(medication__immunosuppressants="yes")),
    "medication not asked": ("unknown", put(medication=ABSENT)),
    "HIV antibody, medication not asked": ("fail", put(infections__hiv_antibody="positive", medication=ABSENT)),
}
CASES = {
    (code, case): found for code, cases in {"E18": E18, "E19": E19, "E20": E20, "E21": E21}.items()
    for case, found in cases.items()
}  # fmt: skip


@pytest.mark.parametrize(("code", "case"), CASES)
def test_infection_excludes_or_not_when(protocol, code, case):
    expected, *changes = CASES[code, case]
    assert outcomes(protocol, changed(*changes))[code] == expected
