"""E02, E24, E26, E29, E30: other studies, surgery, vaccines, the investigator. First dose on 2026-03-16."""

from decimal import Decimal

import pytest

from tests.support.documents import ABSENT, changed, no_first_dose, outcomes, put, records, result, unreviewed


def procedure(kind, date):
    return records("procedures", {"kind": kind, "date": date})


def vaccine(**values):
    return records("vaccinations", {"live": "yes", "planned": "no"} | values)


def weights(before, now, known_loss=None):
    return put(
        vitals__weight_kg_3_months_ago=before,
        vitals__weight_kg=now,
        vitals__known_weight_loss_over_10_percent=known_loss,
    )


CASES = {
    "no other study": ("E02", "pass", put(concurrent_study="none")),
    "observational study": ("E02", "pass", put(concurrent_study="observational")),
    "follow-up of an interventional study": ("E02", "pass", put(concurrent_study="interventional_follow_up")),
    "treatment in another study": ("E02", "fail", put(concurrent_study="interventional_treatment")),
    "other studies not asked": ("E02", "unknown", put(concurrent_study="unknown")),
    "major surgery 30 days before": ("E24", "fail", procedure("major_surgery", "2026-02-14")),
    "major surgery 31 days before": ("E24", "pass", procedure("major_surgery", "2026-02-13")),
    "serious injury 30 days before": ("E24", "fail", procedure("serious_injury", "2026-02-14")),
    "serious injury 31 days before": ("E24", "pass", procedure("serious_injury", "2026-02-13")),
    "major surgery on the day": ("E24", "fail", procedure("major_surgery", "2026-03-16")),
    "major surgery planned 30 days after": ("E24", "fail", procedure("major_surgery", "2026-04-15")),
    "major surgery planned 31 days after": ("E24", "pass", procedure("major_surgery", "2026-04-16")),
    "an injury cannot be planned": ("E24", "pass", procedure("serious_injury", "2026-03-20")),
    "minor procedure three days before": ("E24", "fail", procedure("minor_procedure", "2026-03-13")),
    "minor procedure four days before": ("E24", "pass", procedure("minor_procedure", "2026-03-12")),
    "minor procedure planned": ("E24", "pass", procedure("minor_procedure", "2026-03-17")),
    "venous access does not count": ("E24", "pass", procedure("venous_access", "2026-03-15")),
    "kind of procedure not known, recent": ("E24", "unknown", procedure(None, "2026-03-15")),
    "kind of procedure not known, long ago": ("E24", "pass", procedure(None, "2025-03-15")),
    "date of surgery not known": ("E24", "unknown", procedure("major_surgery", None)),
    "surgery in February": ("E24", "unknown", procedure("major_surgery", "2026-02")),
    "surgery in March": ("E24", "unknown", procedure("major_surgery", "2026-03")),
    "surgery, first dose not known": ("E24", "unknown", procedure("major_surgery", "2020"), no_first_dose()),
    "no procedure, list not confirmed": ("E24", "unknown", unreviewed("procedures")),
    "live vaccine 30 days before": ("E26", "fail", vaccine(date="2026-02-14")),
    "live vaccine 31 days before": ("E26", "pass", vaccine(date="2026-02-13")),
    "live vaccine booked after the first dose": ("E26", "fail", vaccine(date="2026-06-01")),
    "live vaccine planned, no date": ("E26", "fail", vaccine(planned="yes")),
    "live vaccine planned, first dose not known": ("E26", "fail", vaccine(planned="yes"), no_first_dose()),
    "inactivated vaccine yesterday": ("E26", "pass", vaccine(live="no", date="2026-03-15", planned="yes")),
    "vaccine of a kind not known, recent": ("E26", "unknown", vaccine(live="unknown", date="2026-03-15")),
    "vaccine of a kind not known, long ago": ("E26", "pass", vaccine(live="unknown", date="2020")),
    "live vaccine at a time not known": ("E26", "unknown", vaccine()),
    "live vaccine long ago, plans not asked": ("E26", "unknown", vaccine(date="2020", planned=None)),
    "no vaccine, list not confirmed": ("E26", "unknown", unreviewed("vaccinations")),
    "investigator sees a reason": ("E29", "fail", put(investigator__other_reason_to_exclude="yes")),
    "investigator not asked": ("E29", "unknown", put(investigator=ABSENT)),
    "white cells of an infection count too": ("E30", "fail", result("wbc", "20.01", "10*9/L")),
    "white cells not counted": ("E30", "unknown", result("wbc", None)),
    "10 % of the weight lost": ("E30", "pass", weights(70, 63)),
    "a gram more than 10 % lost": ("E30", "fail", weights(70, Decimal("62.999"))),
    "weight gained": ("E30", "pass", weights(60, 80, "yes")),
    "weight before not known, no loss known": ("E30", "pass", weights(ABSENT, 60, "no")),
    "weight before not known, loss known": ("E30", "fail", weights(ABSENT, 60, "yes")),
    "weight now not known, loss known": ("E30", "fail", weights(70, ABSENT, "yes")),
    "weights not known, loss neither": ("E30", "unknown", weights(ABSENT, ABSENT)),
    "weights go before what is said of the loss": ("E30", "fail", weights(70, 50, "no")),
    "a tenth of a third is not rounded": ("E30", "pass", weights(Decimal("33.333333333333333333333333333333"), 30)),
    "another complication of the tumour": ("E30", "fail", put(investigator__other_tumour_complication="yes")),
    "another disease": ("E30", "fail", put(investigator__other_disease_raising_risk="yes")),
    "complications not judged": ("E30", "unknown", put(investigator__other_tumour_complication=ABSENT)),
}


@pytest.mark.parametrize("case", CASES)
def test_other_risks_exclude_or_not_when(protocol, case):
    code, expected, *changes = CASES[case]
    assert outcomes(protocol, changed(*changes))[code] == expected
