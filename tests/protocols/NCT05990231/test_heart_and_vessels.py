"""E14, E15, E16: heart, vessels, pressure and bleeding. First dose on 2026-03-16."""

import pytest

from tests.support.documents import ABSENT, changed, history, no_first_dose, outcomes, put

PAST, CURRENT = "past", "current"


def entry(condition, date=None, status=PAST, **details):
    return history(condition, {"status": status, **({"date": date} if date else {}), **details})


def window(code, condition, inside, outside, **details):
    """What happens at the edge of a condition's window, and without dates."""
    return {
        f"{condition} at the edge": (code, "fail", entry(condition, inside, **details)),
        f"{condition} a day outside": (code, "pass", entry(condition, outside, **details)),
        f"{condition} at a time not known": (code, "unknown", entry(condition, **details)),
        f"{condition} in the month of the edge": (code, "unknown", entry(condition, inside[:7], **details)),
        f"{condition} now": (code, "fail", entry(condition, status=CURRENT, **details)),
        f"{condition} now, first dose not known": (
            code,
            "fail",
            entry(condition, status=CURRENT, **details),
            no_first_dose(),
        ),
        f"{condition} past, first dose not known": (
            code,
            "unknown",
            entry(condition, inside, **details),
            no_first_dose(),
        ),
        f"{condition} not asked": (code, "unknown", history(condition)),
        f"{condition} not known": (code, "unknown", history(condition, {"status": "unknown"})),
        f"{condition} twice, the second recent": (
            code,
            "fail",
            history(
                condition,
                {"status": PAST, "date": "2010", **details},
                {"status": PAST, "date": inside, **details},
            ),
        ),
    }


YEAR = ("2025-03-16", "2025-03-15")
ANY = {"status": PAST, "date": "1999"}
E14 = {
    **window("E14", "myocardial_infarction", *YEAR),
    **window("E14", "unstable_angina", *YEAR, hospitalised="yes"),
    **window("E14", "congestive_heart_failure", *YEAR, nyha_class=2),
    **window("E14", "vascular_disease", *YEAR, affects_safety_evaluation="yes"),
    **window("E14", "other_cardiac_damage", *YEAR, affects_safety_evaluation="yes"),
    "angina at home": ("E14", "pass", entry("unstable_angina", "2026-01-01", hospitalised="no")),
    "angina, hospital not known": ("E14", "unknown", entry("unstable_angina", "2026-01-01")),
    "heart failure of class I": ("E14", "pass", entry("congestive_heart_failure", status=CURRENT, nyha_class=1)),
    "heart failure of a class not known": ("E14", "unknown", entry("congestive_heart_failure", status=CURRENT)),
    "vessel disease of no consequence": (
        "E14",
        "pass",
        entry("vascular_disease", status=CURRENT, affects_safety_evaluation="no"),
    ),
}
E15 = {
    **window("E15", "arterial_thrombosis", "2025-09-16", "2025-09-15"),
    **window("E15", "copd_exacerbation", "2026-02-16", "2026-02-15"),
    "venous thromboembolism of grade 3, long ago": (
        "E15",
        "fail",
        history("venous_thromboembolism", ANY | {"grade": 3}),
    ),
    "venous thromboembolism of grade 2, now": (
        "E15",
        "pass",
        history("venous_thromboembolism", {"status": CURRENT, "grade": 2}),
    ),
    "venous thromboembolism of a grade not known": ("E15", "unknown", history("venous_thromboembolism", ANY)),
    **{
        f"{condition} {when}": ("E15", "fail", history(condition, entry_))
        for condition in (
            "transient_ischaemic_attack",
            "cerebrovascular_accident",
            "hypertensive_crisis",
            "hypertensive_encephalopathy",
        )
        for when, entry_ in (("long ago", ANY), ("at a time not known", {"status": PAST}))
    },
    "stroke, first dose not known": ("E15", "fail", history("cerebrovascular_accident", ANY), no_first_dose()),
}


def pressure(systolic, diastolic, treated):
    return put(vitals__systolic_bp=systolic, vitals__diastolic_bp=diastolic, vitals__on_antihypertensives=treated)


PRESSURE = {
    "159/99 on treatment": ("E15", "pass", pressure(159, 99, "yes")),
    "160/80 on treatment": ("E15", "fail", pressure(160, 80, "yes")),
    "120/100 on treatment": ("E15", "fail", pressure(120, 100, "yes")),
    "160/80 without treatment: treat and measure again": ("E15", "unknown", pressure(160, 80, "no")),
    "160/80, treatment not known": ("E15", "unknown", pressure(160, 80, ABSENT)),
    "120/80, treatment not known": ("E15", "pass", pressure(120, 80, ABSENT)),
    "systolic alone known, and fine": ("E15", "unknown", pressure(120, ABSENT, "yes")),
    "systolic alone known, and high": ("E15", "fail", pressure(170, ABSENT, "yes")),
}
E16 = {
    **window("E16", "bleeding_event", "2026-02-16", "2026-02-15", significant="yes", haemorrhoidal="no"),
    "insignificant bleeding": ("E16", "pass", entry("bleeding_event", "2026-03-10", significant="no")),
    "significance not known": ("E16", "unknown", entry("bleeding_event", "2026-03-10")),
    "haemorrhoids without intervention": (
        "E16",
        "pass",
        entry("bleeding_event", "2026-03-10", significant="yes", haemorrhoidal="yes", needed_intervention="no"),
    ),
    "haemorrhoids with intervention": (
        "E16",
        "fail",
        entry("bleeding_event", "2026-03-10", significant="yes", haemorrhoidal="yes", needed_intervention="yes"),
    ),
    "haemorrhoids, intervention not known": (
        "E16",
        "unknown",
        entry("bleeding_event", "2026-03-10", significant="yes", haemorrhoidal="yes"),
    ),
    "no haemorrhoids, no intervention": (
        "E16",
        "fail",
        entry("bleeding_event", "2026-03-10", significant="yes", haemorrhoidal="no", needed_intervention="no"),
    ),
    "a bleeding disorder long ago": ("E16", "fail", history("bleeding_disorder", ANY)),
    "a bleeding disorder now": ("E16", "fail", history("bleeding_disorder", {"status": CURRENT})),
    "bleeding disorder not asked": ("E16", "unknown", history("bleeding_disorder")),
}
CASES = E14 | E15 | PRESSURE | E16


@pytest.mark.parametrize("case", CASES)
def test_heart_and_vessels_exclude_or_not_when(protocol, case):
    code, expected, *changes = CASES[case]
    assert outcomes(protocol, changed(*changes))[code] == expected


@pytest.mark.parametrize(("date", "expected"), [("2025-09-16", "fail"), ("2025-09-15", "pass"), ("1999", "pass")])
def test_a_stroke_may_be_forgotten_once_an_administrator_sets_the_window(with_parameter, date, expected):
    document = changed(history("cerebrovascular_accident", {"status": PAST, "date": date}))
    assert outcomes(with_parameter("vascular_event", "6"), document)["E15"] == expected
