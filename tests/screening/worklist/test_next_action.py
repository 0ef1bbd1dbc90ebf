from datetime import date

import pytest

from criteria.definition.reader import parse_definition
from criteria.evaluation.outlook import outlook
from screening.models import NEVER
from screening.worklist.next_action import NextAction, next_step
from tests.conftest import PROTOCOL


@pytest.fixture(scope="module")
def protocol():
    return parse_definition(PROTOCOL.read_text(encoding="utf-8"))[1]


@pytest.fixture
def step(protocol):
    return lambda document, assessed=False: next_step(
        protocol, document, outlook(protocol, document), assessed=assessed
    )


@pytest.mark.parametrize(
    ("case", "text", "section", "anchor"),
    [
        ("E04-anti_ctla4", "Cannot become eligible by waiting (E04). Check the entries, then assess", "", ""),
        ("I08-anc-109-per-L-below", "Repeat neutrophils (I08)", "laboratory", "at-labs-anc"),
        (
            "I08-gcsf-14d-before",
            "Repeat neutrophils, platelets, haemoglobin from 2026-03-09 (I08)",
            "laboratory",
            "at-labs-anc",
        ),
        ("I03-ecog-2", "Repeat ECOG performance status (I03)", "performance", "at-performance-ecog"),
        (
            "E11-symptomatic",
            "Treat the effusion, then examine again (E11)",
            "history",
            "at-history-pleural_effusion",
        ),
        ("E01-2y", "Plan a visit from 2027-05-02 (E01)", "", ""),
        ("E03-systemic-21d", "Plan the first dose from 2026-03-17 (E03)", "", ""),
        (
            "I09-no-test",
            "From 2026-03-13: do a urine or serum pregnancy test (I09)",
            "reproductive",
            "at-pregnancy_tests",
        ),
        ("I08-anc-missing", "Enter: neutrophils (I08)", "laboratory", "at-labs-anc"),
        ("I04-missing", "Enter: life expectancy (I04)", "performance", "at-performance-life_expectancy_months"),
        (
            "E15-bp-180-untreated",
            "Treat the blood pressure, and measure it again (E15)",
            "vitals",
            "at-vitals-systolic_bp",
        ),
        ("E12-status-unknown", None, "history", "at-history-decompensated_cirrhosis"),
        ("base-man", "Assess", "", ""),
    ],
)
def test_next_step_is_told_with_its_field(step, cases, case, text, section, anchor):
    found = step(cases[case]["document"])
    assert found.text == text or text is None
    assert (found.section, found.anchor) == (section, anchor)


@pytest.mark.parametrize(
    ("case", "day"),
    [
        ("I08-gcsf-14d-before", date(2026, 3, 9)),
        ("E01-2y", date(2027, 5, 2)),
        ("E03-systemic-21d", date(2026, 3, 17)),
        ("I09-no-test", date(2026, 3, 13)),
        ("I08-anc-missing", NEVER),
        ("I08-anc-109-per-L-below", NEVER),
        ("base-man", NEVER),
    ],
)
def test_day_of_the_next_step_is_the_one_that_its_text_names(step, cases, case, day):
    found = step(cases[case]["document"])
    assert found.day == day
    assert day == NEVER or day.isoformat() in found.text


def test_next_step_is_the_investigators_when_all_is_known_and_assessed(step, cases):
    assert step(cases["base-man"]["document"], assessed=True).text == "Ready for the investigator"


def test_failure_for_good_goes_before_one_that_can_come_right(step, cases):
    document = cases["E04-anti_ctla4"]["document"]
    assert (
        step(document | {"performance": {"ecog": 2}}).text
        == "Cannot become eligible by waiting (E04). Check the entries, then assess"
    )


def test_failures_for_good_are_named_together(step, cases):
    document = cases["E04-anti_ctla4"]["document"]
    found = step(document | {"disease": cases["I05-adeno"]["document"]["disease"]})
    assert found.text == "Cannot become eligible by waiting (I05, E04). Check the entries, then assess"


def test_nothing_is_left_to_do_when_a_failure_for_good_was_assessed(step, cases):
    assert (
        step(cases["E04-anti_ctla4"]["document"], assessed=True).text
        == "Cannot become eligible by waiting (E04). Check the entries, then confirm the screen failure"
    )


def test_what_can_be_done_goes_before_what_is_waited_for(step, cases):
    document = cases["E03-systemic-21d"]["document"]
    ecog = document["performance"] | {"ecog": 2}
    assert step(document | {"performance": ecog}).text == "Repeat ECOG performance status (I03)"


def test_longest_wait_is_told_when_there_are_two(step, cases):
    """A first dose from the earlier day on would still fail by the other criterion."""
    document = cases["E03-systemic-21d"]["document"]
    bleeding = cases["E16-haemoptysis"]["document"]["history"]
    assert step(document | {"history": bleeding}).text == "Plan the first dose from 2026-04-02 (E16)"


def test_failure_that_may_come_right_goes_before_what_is_missing(step, cases):
    document = cases["I08-anc-109-per-L-below"]["document"]
    known = {key: value for key, value in document.items() if key != "imaging"}
    assert step(known).text == "Repeat neutrophils (I08)"


@pytest.mark.parametrize(
    ("status", "text"), [("current", "Assess: E01 present"), ("past", "Plan a visit from 2028-06-02 (E01)")]
)
def test_later_visit_is_promised_only_where_the_failure_ends_by_then(step, cases, status, text):
    tumour = {"condition": "other_malignancy", "status": status, "date": "2025-06-01"}
    document = cases["base-man"]["document"]
    others = [row for row in document["history"] if row["condition"] != "other_malignancy"]
    history = [*others, tumour | {"type": "other", "cured_by_local_treatment": "no"}]
    assert step(document | {"history": history}).text == text


@pytest.mark.parametrize(
    ("assessed", "text"),
    [
        (False, "Assess: I12 not met"),
        (True, "Investigator: confirm the screen failure, or keep the case open (I12 not met)"),
    ],
)
def test_answer_about_which_nothing_is_to_be_done_goes_to_the_investigator(step, cases, assessed, text):
    """Also where a result could be repeated: that alone would not help."""
    document = cases["I08-anc-109-per-L-below"]["document"]
    consent = document["consent"] | {"willing_to_comply": "no"}
    assert step(document | {"consent": consent}, assessed=assessed) == NextAction(text)


def test_antiviral_therapy_is_advised_and_not_another_answer(step, cases):
    document = cases["base-man"]["document"]
    infections = document["infections"] | {"hbsag": "positive", "hbv_antiviral": "no"}
    dna = {"analyte": "hbv_dna", "value": 5000, "unit": "[IU]/mL", "collected": "2026-03-08", "lod": 20}
    found = step(document | {"infections": infections, "labs": [*document["labs"], dna]})
    assert found == NextAction("Start antiviral therapy (E20)", "laboratory", "at-labs-hbv_dna")


def test_person_too_young_waits_for_time_alone(step, cases):
    document = cases["base-man"]["document"]
    assert (
        step(document | {"subject": {"sex": "male", "birth_date": "2009-01-01"}}).text
        == "Plan a visit from 2027-01-01 (I02)"
    )


def test_wait_ends_where_something_else_stands_in_the_way(step, cases):
    surgery = [{"kind": "major_surgery", "date": day} for day in ("2026-03-10", "2026-06-20")]
    document = cases["base-man"]["document"] | {"procedures": surgery}
    assert step(document).text == "Plan the first dose from 2026-04-10 to 2026-05-20 (E24)"


def test_wait_says_when_the_criterion_is_only_not_yet_known_then(step, cases):
    document = cases["base-man"]["document"]
    others = [row for row in document["history"] if row["condition"] != "infection"]
    infection = {"status": "past", "date": "2026-03-01", "severe": "yes", "anti_infective": "systemic"}
    document = document | {"history": [*others, infection | {"condition": "infection"}]}
    assert step(document).text == "Plan the first dose from 2026-03-30 (E18), not yet known then"


def test_day_that_has_passed_by_the_visit_is_not_told(step, cases):
    document = cases["I09-no-test"]["document"]
    visit = {"visit": {"date": "2026-03-14", "planned_first_dose_date": "2026-03-16"}}
    assert date(2026, 3, 13).isoformat() not in step(document | visit).text
