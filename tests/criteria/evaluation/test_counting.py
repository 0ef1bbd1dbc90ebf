"""A trial that counts, adds up, scores and chooses: outcomes, proofs, what is missing, and what moves with the days."""

import json
from datetime import date

import pytest

from criteria.definition.reader import parse_definition
from criteria.evaluation.dose_dates import dose_calendar, next_outcome_change
from criteria.evaluation.finding_ages import finding_ages
from criteria.evaluation.outlook import outlook
from criteria.evaluation.served import criteria_served
from tests.conftest import ROOT

LESIONS = [
    {"site": "Liver", "diameter": 12, "seen": "2026-03-01"},
    {"site": "liver", "diameter": 9, "seen": "2026-03-01"},
    {"site": "lung", "seen": "2026-03-01"},
]
FULL = {
    "visit": {"date": "2026-03-09", "planned_first_dose_date": "2026-03-12"},
    "subject": {"birth_date": "1950", "sex": "male", "smoker": "yes", "diabetes": "no", "qt": 440, "rate": 90},
    "labs": [{"analyte": "creatinine", "value": 1.4, "unit": "mg/dL", "collected": "2026-03-08"}],
    "lesions": LESIONS,
    "reviewed": ["lesions"],
    "history": [{"condition": "stroke", "status": "past"}],
}
EMPTY = {"visit": {"date": "2026-03-09"}}


@pytest.fixture(scope="module")
def counting():
    return parse_definition((ROOT / "tests/data/counting.yaml").read_text(encoding="utf-8"))[1]


@pytest.fixture(scope="module")
def told(counting):
    """Outcome, proof and missing facts of each criterion for a document."""

    def tell(document):
        document = json.loads(json.dumps(document), parse_float=str)
        found = counting.findings(counting.reader.read(document))
        return {
            each.criterion.code: (each.outcome, counting.proof(each), [*counting.open_questions(each)])
            for each in found
        }

    return tell


def test_what_is_known_already_decides_and_what_was_counted_is_told(told):
    found = told(FULL)
    assert found["I01"][:2] == (
        "pass",
        "Number of large recent lesions 1 to 2 (limit: at most 3). Counted: lesion 1 (Liver). "
        "Lesion 3 (lung), not known: diameter",
    )
    assert found["I02"][0] == "unknown"
    assert found["I02"][2] == ["lesions[2].diameter"]
    assert found["I03"][:2] == (
        "pass",
        "Risk score 4 (limit: at least 3). Age 75 to 76 years (limit: at least 65). Smoker: yes. Stroke: past",
    )
    assert found["I05"][1] == (
        "eGFR (CKD-EPI 2021) ≈ 52.1 to ≈ 52.4 mL/min (limit: at least 30), from creatinine 1.4 mg/dL, sex male, "
        "age 75 to 76 years"
    )
    assert found["E01"][:2] == (
        "fail",
        "QTcF ≈ 503.7 ms (excluded above 450 ms), from QT interval 440 ms, heart rate 90 /min. Sex: male",
    )
    assert found["I06"][1] == "Age 902 to 914 months (limit: at least 216)"
    assert found["E02"][0] == "fail"
    assert "the same site: liver" in found["E02"][1]


def test_nobody_is_ineligible_before_anything_is_answered_and_all_that_is_missing_is_named(told):
    for outcome, _proof, missing in told(EMPTY).values():
        assert outcome == "unknown"
        assert missing


def test_sum_is_told_with_its_unit_and_a_score_that_nothing_adds_to_with_what_it_asks(told):
    grown = [{**each, "diameter": 40} for each in LESIONS]
    found = told({**FULL, "lesions": grown, "subject": {**FULL["subject"], "birth_date": "1990-01-01", "smoker": "no"}})
    assert found["I02"][1].startswith("Sum of diameter of Lesions 120 mm (limit: at most 100)")
    none = {**FULL, "subject": {**FULL["subject"], "birth_date": "1990-01-01", "smoker": "no"}}
    none["history"] = [{"condition": "stroke", "status": "absent"}]
    assert told(none)["I03"][1] == (
        "Risk score 0 (limit: at least 3). Age 36 years (limit: at least 65). Smoker: no. Stroke: absent"
    )


def test_count_in_a_window_before_the_first_dose_moves_with_it(counting):
    recent = [{"site": str(at), "diameter": 12, "seen": "2026-03-01"} for at in range(4)]
    document = {**FULL, "subject": {}, "labs": [], "history": [], "lesions": recent}
    change = next_outcome_change(counting, document)
    assert change.day == date(2026, 3, 30)  # the first day more than 28 days after 2026-03-01
    assert [(each.code, each.before, each.after) for each in change.changes] == [("I01", "fail", "pass")]
    days = dose_calendar(counting, document, date(2026, 3, 12), 30)
    assert [day.overall for day in days if day.day < date(2026, 3, 30)] == ["ineligible"] * 18
    assert {day.overall for day in days if day.day >= date(2026, 3, 30)} == {"undetermined"}


def test_everything_that_a_page_asks_of_a_visit_answers(counting):
    for document in (FULL, EMPTY):
        assert outlook(counting, document).findings
        finding_ages(counting, document)
    assert {code for each in criteria_served(counting)["lesions"] for code in each.codes} == {"I01", "I02", "E02"}
