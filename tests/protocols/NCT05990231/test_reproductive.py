"""I09, I10, I11, E28: pregnancy and contraception. First dose on 2026-03-16, so tests count from the 13th on."""

import pytest

from tests.support.documents import ABSENT, changed, no_first_dose, outcomes, put, records


def taken(*found):
    """Each test as `urine 14 negative`."""
    rows = [text.split() for text in found]
    return records(
        "pregnancy_tests",
        *({"specimen": specimen, "date": f"2026-03-{day}", "result": result} for specimen, day, result in rows),
    )


I09 = {
    "no test": ("unknown", taken()),
    "test four days before": ("unknown", taken("serum 12 negative")),
    "positive test four days before": ("unknown", taken("serum 12 positive")),
    "test three days before": ("pass", taken("serum 13 negative")),
    "test on the day of the first dose": ("pass", taken("urine 16 negative")),
    "test the day after the first dose": ("unknown", taken("urine 17 negative")),
    "urine negative": ("pass", taken("urine 14 negative")),
    "urine positive: a serum test is required": ("unknown", taken("urine 14 positive")),
    "urine indeterminate: a serum test is required": ("unknown", taken("urine 14 indeterminate")),
    "serum positive": ("fail", taken("serum 14 positive")),
    "serum indeterminate": ("unknown", taken("serum 14 indeterminate")),
    "urine positive, serum negative of the same day": ("pass", taken("urine 14 positive", "serum 14 negative")),
    "urine positive, serum negative of the next day": ("pass", taken("urine 14 positive", "serum 15 negative")),
    "serum negative, urine positive of the same day": ("pass", taken("serum 14 negative", "urine 14 positive")),
    "serum negative, urine positive of a later day": ("unknown", taken("serum 14 negative", "urine 15 positive")),
    "serum negative, urine doubtful of a later day": ("unknown", taken("serum 14 negative", "urine 15 indeterminate")),
    "serum negative, urine negative of a later day": ("pass", taken("serum 14 negative", "urine 15 negative")),
    "serum negative, urine positive after the first dose": ("pass", taken("serum 14 negative", "urine 17 positive")),
    "serum positive, urine negative of a later day": ("fail", taken("serum 14 positive", "urine 15 negative")),
    "serum positive, then serum negative": ("pass", taken("serum 14 positive", "serum 15 negative")),
    "serum negative, then serum positive": ("fail", taken("serum 14 negative", "serum 15 positive")),
    "serum negative then positive, listed the other way round": (
        "fail",
        taken("serum 15 positive", "serum 14 negative"),
    ),
    "two serum tests of one day: the last in the list": ("fail", taken("serum 14 negative", "serum 14 positive")),
    "doubt of an earlier day is cleared by a later serum test": (
        "pass",
        taken("serum 13 negative", "urine 14 positive", "serum 15 negative"),
    ),
    "urine positive, then urine negative": ("pass", taken("urine 13 positive", "urine 14 negative")),
    "urine negative, then urine positive": ("unknown", taken("urine 13 negative", "urine 14 positive")),
    "an old positive serum test does not count, a recent urine test does": (
        "pass",
        taken("serum 10 positive", "urine 14 negative"),
    ),
    "first dose not known": ("unknown", taken("serum 14 negative"), no_first_dose()),
    "not of childbearing potential": ("not_applicable", taken(), put(reproductive__childbearing_potential="no")),
    "potential not known, negative test": (
        "pass",
        taken("serum 14 negative"),
        put(reproductive__childbearing_potential=ABSENT),
    ),
    "potential not known, positive test": (
        "unknown",
        taken("serum 14 positive"),
        put(reproductive__childbearing_potential="unknown"),
    ),
    "potential not known, no test": ("unknown", taken(), put(reproductive__childbearing_potential=None)),
    "sex not known, negative test": ("pass", taken("urine 14 negative"), put(subject__sex=ABSENT)),
}
OF_WOMEN = {
    "fertile partner, contraception agreed": ("I10", "pass", put()),
    "fertile partner, contraception refused": ("I10", "fail", put(reproductive__contraception_agreed="no")),
    "fertile partner, not asked": ("I10", "unknown", put(reproductive__contraception_agreed=ABSENT)),
    "no fertile partner": (
        "I10",
        "not_applicable",
        put(reproductive__partner_at_risk="no", reproductive__contraception_agreed="no"),
    ),
    "not of childbearing potential": ("I10", "not_applicable", put(reproductive__childbearing_potential="no")),
    "partner not known, agreed": ("I10", "pass", put(reproductive__partner_at_risk=ABSENT)),
    "partner not known, refused": (
        "I10",
        "unknown",
        put(reproductive__partner_at_risk=ABSENT, reproductive__contraception_agreed="no"),
    ),
    "partner not known, but of no childbearing potential": (
        "I10",
        "not_applicable",
        put(reproductive__partner_at_risk=ABSENT, reproductive__childbearing_potential="no"),
    ),
    "what is asked of men": ("I11", "not_applicable", put()),
    "pregnant": ("E28", "fail", put(reproductive__pregnant="yes")),
    "breastfeeding": ("E28", "fail", put(reproductive__breastfeeding="yes", reproductive__pregnant=ABSENT)),
    "pregnancy not known": ("E28", "unknown", put(reproductive__pregnant=ABSENT)),
    "neither": ("E28", "pass", put(reproductive__pregnant="no", reproductive__breastfeeding="no")),
    "sex not known, neither": ("E28", "pass", put(subject__sex=None)),
    "sex not known, pregnant": ("E28", "unknown", put(subject__sex=None, reproductive__pregnant="yes")),
}
OF_MEN = {
    "partner of childbearing potential, agreed": ("I11", "pass", put()),
    "partner of childbearing potential, refused": ("I11", "fail", put(reproductive__contraception_agreed="no")),
    "not asked": ("I11", "unknown", put(reproductive__contraception_agreed=None)),
    "sterilised": (
        "I11",
        "not_applicable",
        put(reproductive__sterilised="yes", reproductive__contraception_agreed="no"),
    ),
    "no partner of childbearing potential": ("I11", "not_applicable", put(reproductive__partner_at_risk="no")),
    "not known whether sterilised, agreed": ("I11", "pass", put(reproductive__sterilised=ABSENT)),
    "not known whether sterilised, refused": (
        "I11",
        "unknown",
        put(reproductive__sterilised=ABSENT, reproductive__contraception_agreed="no"),
    ),
    "pregnancy test": ("I09", "not_applicable", put()),
    "pregnancy": ("E28", "not_applicable", put()),
    "what is asked of women": ("I10", "not_applicable", put()),
    "sex not known": ("I11", "pass", put(subject__sex="unknown")),
}


@pytest.mark.parametrize("case", I09)
def test_pregnancy_is_excluded_by_a_test_when(protocol, case):
    expected, *changes = I09[case]
    assert outcomes(protocol, changed(*changes, sex="woman"))["I09"] == expected


@pytest.mark.parametrize("case", OF_WOMEN)
def test_women_are_asked_what_concerns_them_when(protocol, case):
    code, expected, *changes = OF_WOMEN[case]
    assert outcomes(protocol, changed(*changes, sex="woman"))[code] == expected


@pytest.mark.parametrize("case", OF_MEN)
def test_men_are_asked_what_concerns_them_when(protocol, case):
    code, expected, *changes = OF_MEN[case]
    assert outcomes(protocol, changed(*changes))[code] == expected
