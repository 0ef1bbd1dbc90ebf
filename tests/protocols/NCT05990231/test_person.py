"""I01 to I05, I07, I12: consent, age, performance, disease and lesions. The visit is on 2026-03-09."""

from decimal import Decimal

import pytest

from tests.support.documents import ABSENT, amend, changed, outcomes, put, records, unreviewed


def lesion(**values):
    return {"site": "liver", "nodal": "no", "diameter_mm": 22, "irradiated": "no"} | values


CASES = {
    "consent on the day of the visit": ("I01", "pass", put(consent__date="2026-03-09")),
    "consent the day after the visit": ("I01", "fail", put(consent__date="2026-03-10")),
    "consent some time in the month of the visit": ("I01", "unknown", put(consent__date="2026-03")),
    "consent in an earlier month": ("I01", "pass", put(consent__date="2026-02")),
    "consent not signed, and no date either": ("I01", "fail", put(consent={"signed": "no"})),
    "consent signed, date not known": ("I01", "unknown", put(consent__date="unknown")),
    "consent dated, nobody says that it is signed": ("I01", "unknown", put(consent__signed=ABSENT)),
    "consent dated after the visit, nobody says that it is signed": (
        "I01",
        "fail",
        put(consent={"date": "2026-03-10"}),
    ),
    "eighteenth birthday": ("I02", "pass", put(subject__birth_date="2008-03-09")),
    "the day before the eighteenth birthday": ("I02", "fail", put(subject__birth_date="2008-03-10")),
    "the day before the 81st birthday": ("I02", "pass", put(subject__birth_date="1945-03-10")),
    "the 81st birthday": ("I02", "fail", put(subject__birth_date="1945-03-09")),
    "eighteen or seventeen by the year of birth": ("I02", "unknown", put(subject__birth_date="2008")),
    "eighteen or seventeen by the month of birth": ("I02", "unknown", put(subject__birth_date="2008-03")),
    "eighteen by the month of birth": ("I02", "pass", put(subject__birth_date="2008-02")),
    "eighty or eighty-one by the year of birth": ("I02", "unknown", put(subject__birth_date="1945")),
    "seventeen at most": ("I02", "fail", put(subject__birth_date="2009")),
    "born on a leap day, birthday on 1 March": ("I02", "pass", put(subject__birth_date="2008-02-29")),
    "born on a leap day, and it is still February": (
        "I02",
        "fail",
        put(subject__birth_date="2008-02-29", visit__date="2026-02-28", consent__date="2026-02-01"),
    ),
    "birth date not known": ("I02", "unknown", put(subject__birth_date=ABSENT)),
    "ECOG 0 is a value": ("I03", "pass", put(performance__ecog=0)),
    "ECOG 1": ("I03", "pass", put(performance__ecog=1)),
    "ECOG 2": ("I03", "fail", put(performance__ecog=2)),
    "ECOG not assessed": ("I03", "unknown", put(performance__ecog=None)),
    "three months to live": ("I04", "pass", put(performance__life_expectancy_months=3)),
    "less than three months to live": ("I04", "fail", put(performance__life_expectancy_months=Decimal("2.99"))),
    "nothing said of life expectancy": ("I04", "unknown", put(performance={"ecog": 1})),
    "no months to live": ("I04", "fail", put(performance__life_expectancy_months=0)),
    "other histology": ("I05", "fail", put(disease__histology="other")),
    "confirmed by cytology alone": ("I05", "pass", put(disease__confirmed_by="cytology")),
    "confirmed by both": ("I05", "pass", put(disease__confirmed_by="histology_and_cytology")),
    "not confirmed": ("I05", "fail", put(disease__confirmed_by="not_confirmed")),
    "localised": ("I05", "fail", put(disease__extent="localised")),
    "locally advanced": ("I05", "pass", put(disease__extent="locally_advanced")),
    "recurrent": ("I05", "pass", put(disease__extent="recurrent")),
    "still curable": ("I05", "fail", put(disease__curable="yes")),
    "not known whether curable": ("I05", "unknown", put(disease__curable="unknown")),
    "localised, all else unknown": ("I05", "fail", put(disease={"extent": "localised"})),
    "10 mm, not a node": ("I07", "pass", amend("lesions", diameter_mm=10)),
    "9 mm, not a node": ("I07", "fail", amend("lesions", diameter_mm=9)),
    "node of 15 mm": ("I07", "pass", records("lesions", lesion(nodal="yes", diameter_mm=15))),
    "node of 14 mm": ("I07", "fail", records("lesions", lesion(nodal="yes", diameter_mm=14))),
    "14 mm, node or not": ("I07", "unknown", records("lesions", lesion(nodal="unknown", diameter_mm=14))),
    "15 mm, node or not": ("I07", "pass", records("lesions", lesion(nodal="unknown", diameter_mm=15))),
    "9 mm, node or not": ("I07", "fail", records("lesions", lesion(nodal="unknown", diameter_mm=9))),
    "irradiated and grown since": (
        "I07",
        "pass",
        records("lesions", lesion(irradiated="yes", progressed_after_irradiation="yes")),
    ),
    "irradiated and not grown since": (
        "I07",
        "fail",
        records("lesions", lesion(irradiated="yes", progressed_after_irradiation="no")),
    ),
    "irradiated, growth not known": ("I07", "unknown", records("lesions", lesion(irradiated="yes"))),
    "irradiation not known": ("I07", "unknown", records("lesions", lesion(irradiated=None))),
    "irradiation not known, but grown": (
        "I07",
        "pass",
        records("lesions", lesion(irradiated=None, progressed_after_irradiation="yes")),
    ),
    "one good lesion, list not confirmed": ("I07", "pass", unreviewed("lesions")),
    "no good lesion, list not confirmed": (
        "I07",
        "unknown",
        amend("lesions", diameter_mm=5),
        unreviewed("lesions"),
    ),
    "no lesion, list confirmed": ("I07", "fail", records("lesions")),
    "no lesion, list not confirmed": ("I07", "unknown", records("lesions"), unreviewed("lesions")),
    "size not known": ("I07", "unknown", amend("lesions", diameter_mm=ABSENT)),
    "not willing": ("I12", "fail", put(consent__willing_to_comply="no")),
    "willingness not asked": ("I12", "unknown", put(consent__willing_to_comply=ABSENT)),
}


@pytest.mark.parametrize("case", CASES)
def test_person_is_judged_by_the_record_when(protocol, case):
    code, expected, *changes = CASES[case]
    assert outcomes(protocol, changed(*changes))[code] == expected
