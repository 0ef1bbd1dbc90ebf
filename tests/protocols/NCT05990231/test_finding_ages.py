"""A finding that is older than its window proves nothing in favour, and still proves what it proves against."""

from datetime import date

import pytest

from criteria.evaluation.dose_dates import next_outcome_change
from criteria.evaluation.finding_ages import finding_ages
from criteria.evaluation.outlook import outlook
from tests.support.documents import BASE, changed, put, result

DAY, BEFORE = "2026-03-09", "2026-03-08"  # seven and eight days before the first dose
WINDOWS = {
    "ecog_max_age": ("performance", {"I03", "I04"}),
    "vitals_max_age": ("vitals", {"E15", "E30"}),
    "serology_max_age": ("infections", {"E19", "E20", "E21"}),
    "imaging_max_age": ("imaging", {"I07", "E06", "E11"}),
    "cns_imaging_max_age": ("cns", {"E09", "E10"}),
}


@pytest.fixture
def limited_to(amended):
    """The protocol with one window set to a number of days."""
    return lambda name, days: amended(((name, days),))


def outcomes(protocol, *changes):
    return protocol.assess(changed(*changes)).outcomes


def day(part, on):
    return put(**{f"{part}__date": on})


@pytest.mark.parametrize("name", WINDOWS)
def test_finding_counts_to_the_last_day_of_its_window_and_is_unknown_from_the_next(protocol, limited_to, name):
    part, codes = WINDOWS[name]
    limited, before = limited_to(name, 7), protocol.assess(BASE["man"]).outcomes
    assert outcomes(limited, day(part, DAY)) == before
    after = outcomes(limited, day(part, BEFORE))
    assert {code for code in before if after[code] != before[code]} == codes
    assert {after[code] for code in codes} == {"unknown"}


@pytest.mark.parametrize("name", WINDOWS)
def test_day_that_is_missing_changes_nothing_while_the_window_is_open(protocol, limited_to, name):
    part, codes = WINDOWS[name]
    missing = outcomes(limited_to(name, 7))
    assert {missing[code] for code in codes} == {"unknown"}
    assert outcomes(protocol, day(part, "2020-01-01")) == outcomes(protocol)


@pytest.mark.parametrize(
    ("name", "code", "against"),
    [
        ("ecog_max_age", "I03", put(performance__ecog=2)),
        ("ecog_max_age", "I04", put(performance__life_expectancy_months=2)),
        ("vitals_max_age", "E15", put(vitals__systolic_bp=165, vitals__on_antihypertensives="yes")),
        ("vitals_max_age", "E30", put(vitals__weight_kg=50)),
        ("serology_max_age", "E19", put(infections__tuberculosis="active")),
        ("serology_max_age", "E21", put(infections__hiv_antibody="positive")),
        ("imaging_max_age", "E06", put(imaging__fistula_risk="yes")),
        ("imaging_max_age", "I07", put(lesions=[])),
        ("cns_imaging_max_age", "E09", put(cns__meningeal_metastasis="yes")),
        ("wbc_max_age", "E30", result("wbc", 21, "10*9/L", collected="2026-01-01")),
    ],
)
def test_old_finding_still_excludes(limited_to, name, code, against):
    part = WINDOWS.get(name, ("",))[0]
    old = [day(part, "2026-01-01")] if part else []
    assert outcomes(limited_to(name, 7), *old, against)[code] == "fail"


def test_old_white_cells_prove_nothing_in_favour(limited_to):
    limited = limited_to("wbc_max_age", 7)
    assert outcomes(limited, result("wbc", 6, "10*9/L", collected=DAY))["E30"] == "pass"
    assert outcomes(limited, result("wbc", 6, "10*9/L", collected=BEFORE))["E30"] == "unknown"


CARRIER = put(infections__hbsag="positive", infections__hbv_antiviral="no")


@pytest.mark.parametrize(
    ("value", "collected", "outcome"),
    [(10, DAY, "pass"), (10, BEFORE, "unknown"), (5000, BEFORE, "fail")],
)
def test_old_viral_load_proves_nothing_in_favour(limited_to, value, collected, outcome):
    dna = result("hbv_dna", value, "[IU]/mL", collected=collected, lod=20)
    assert outcomes(limited_to("viral_load_max_age", 7), CARRIER, dna)["E20"] == outcome


def test_negative_serology_needs_no_viral_load_of_any_age(limited_to):
    dna = result("hbv_dna", 10, "[IU]/mL", collected="2020-01-01", lod=20)
    assert outcomes(limited_to("viral_load_max_age", 7), dna)["E20"] == "pass"


@pytest.mark.parametrize("fact", ["hbsag", "hcv_antibody", "hiv_antibody"])
def test_indeterminate_serology_is_unknown_and_its_confirmation_is_what_to_get(protocol, fact):
    code = "E21" if fact == "hiv_antibody" else "E20"
    grey = changed(put(**{f"infections__{fact}": "indeterminate"}))
    if fact == "hbsag":
        grey["infections"]["hbv_antiviral"] = "no"
    found = outlook(protocol, grey)
    assert found.outcomes[code] == "unknown"
    steps = {step.path: step.question for step in found.steps}
    assert "confirmation" in steps[f"infections.{fact}"]


def test_plain_zero_is_not_detected_and_hundreds_are(protocol):
    positive = put(infections__hcv_antibody="positive")
    assert outcomes(protocol, positive, result("hcv_rna", 0, "[IU]/mL"))["E20"] == "pass"
    assert outcomes(protocol, positive, result("hcv_rna", 800, "[IU]/mL"))["E20"] == "fail"


# What follows from a window


def test_findings_hold_until_the_last_day_of_the_window(protocol, limited_to):
    limited = limited_to("ecog_max_age", 9)
    document = changed(day("performance", DAY))
    change = next_outcome_change(limited, document)
    assert change.day == date(2026, 3, 19)
    assert [(each.code, each.after) for each in change.changes] == [("I03", "unknown"), ("I04", "unknown")]
    assert next_outcome_change(protocol, document) is None


def test_what_is_too_old_is_to_be_repeated_from_a_day(limited_to):
    limited = limited_to("ecog_max_age", 7)
    found = outlook(limited, changed(day("performance", BEFORE)))
    (step,) = found.steps
    assert (step.path, step.not_before) == ("performance.date", date(2026, 3, 9))
    assert step.question == "repeat performance status (the last is too old)"
    assert set(step.settles) == {"I03", "I04"}


# How old each finding is


def test_every_dated_finding_has_its_age_on_the_first_dose_day_oldest_first(protocol):
    document = changed(day("performance", "2026-01-15"), result("ast", 30, "U/L", uln=40, collected="2026-02-14"))
    found = finding_ages(protocol, document)
    assert [(each.label, each.age) for each in found if each.day][:2] == [("Performance status", 60), ("AST", 30)]
    ages = [each.age for each in found if each.day]
    assert ages == sorted(ages, reverse=True)
    assert not any(each.is_limited for each in found)


def test_finding_without_a_day_comes_first(protocol):
    first, *_ = finding_ages(protocol, changed(day("vitals", DAY)))
    assert (first.day, first.age) == ("", None)
    assert "Vital signs" not in {each.label for each in finding_ages(protocol, changed()) if each.day}


def test_window_that_is_set_is_told_with_its_finding(limited_to):
    found = finding_ages(limited_to("imaging_max_age", 28), changed(day("imaging", DAY)))
    (limit,) = next(each.limits for each in found if each.path == "imaging.date")
    assert (limit.name, limit.value) == ("imaging_max_age", 28)


def test_age_is_not_known_without_a_planned_first_dose(protocol):
    found = finding_ages(protocol, changed(put(visit__planned_first_dose_date=None)))
    assert {each.age for each in found} == {None}


def test_latest_pregnancy_test_has_an_age(protocol):
    found = {each.label: each for each in finding_ages(protocol, BASE["woman"])}
    assert found["pregnancy test"].is_limited
