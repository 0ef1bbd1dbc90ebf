from datetime import date

import pytest

from criteria.definition.reader import parse_definition
from criteria.evaluation.outlook import outlook
from screening.worklist.next_action import next_step
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
        ("E04-anti_ctla4", "Assess: E04 fails for good", "", ""),
        ("I08-anc-109-per-L-below", "Repeat: neutrophils (I08)", "laboratory", "at-labs-anc"),
        (
            "I08-gcsf-14d-before",
            "Repeat: neutrophils, platelets, haemoglobin, collected from 2026-03-09 (I08)",
            "laboratory",
            "at-labs-anc",
        ),
        ("I03-ecog-2", "Ask again: ECOG performance status (I03)", "performance", "at-performance-ecog"),
        ("E11-symptomatic", None, "history", "at-history-pleural_effusion"),
        ("E01-2y", "E01: visit from 2027-05-02", "", ""),
        ("E03-systemic-21d", "E03: first dose from 2026-03-17", "", ""),
        ("I09-no-test", "Pregnancy test from 2026-03-13 (I09)", "reproductive", "at-pregnancy_tests"),
        ("I08-anc-missing", "Neutrophils (I08)", "laboratory", "at-labs-anc"),
        ("I04-missing", "Life expectancy (I04)", "performance", "at-performance-life_expectancy_months"),
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


def test_next_step_is_the_investigators_when_all_is_known_and_assessed(step, cases):
    assert step(cases["base-man"]["document"], assessed=True).text == "Ready for the investigator"


def test_failure_for_good_goes_before_one_that_can_come_right(step, cases):
    document = cases["E04-anti_ctla4"]["document"]
    assert step(document | {"performance": {"ecog": 2}}).text == "Assess: E04 fails for good"


def test_failures_for_good_are_named_together(step, cases):
    document = cases["E04-anti_ctla4"]["document"]
    found = step(document | {"disease": cases["I05-adeno"]["document"]["disease"]})
    assert found.text == "Assess: I05, E04 fail for good"


def test_nothing_is_left_to_do_when_a_failure_for_good_was_assessed(step, cases):
    assert step(cases["E04-anti_ctla4"]["document"], assessed=True).text == "Nothing: E04 fails for good"


def test_what_can_be_done_goes_before_what_is_waited_for(step, cases):
    document = cases["E03-systemic-21d"]["document"]
    ecog = document["performance"] | {"ecog": 2}
    assert step(document | {"performance": ecog}).text == "Ask again: ECOG performance status (I03)"


def test_longest_wait_is_told_when_there_are_two(step, cases):
    """A first dose from the earlier day on would still fail by the other criterion."""
    document = cases["E03-systemic-21d"]["document"]
    bleeding = cases["E16-haemoptysis"]["document"]["history"]
    assert step(document | {"history": bleeding}).text == "E16: first dose from 2026-04-02"


def test_failure_that_may_come_right_goes_before_what_is_missing(step, cases):
    document = cases["I08-anc-109-per-L-below"]["document"]
    known = {key: value for key, value in document.items() if key != "imaging"}
    assert step(known).text == "Repeat: neutrophils (I08)"


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (
            {"condition": "other_malignancy", "status": "current", "date": "2025-06-01"}
            | {"type": "other", "cured_by_local_treatment": "no"},
            "Ask again",
        ),
        (
            {"condition": "other_malignancy", "status": "past", "date": "2025-06-01"}
            | {"type": "other", "cured_by_local_treatment": "no"},
            "E01: visit from 2028-06-02",
        ),
    ],
)
def test_later_visit_is_promised_only_where_the_failure_ends_by_then(step, cases, condition, words):
    document = cases["base-man"]["document"]
    others = [row for row in document["history"] if row["condition"] != condition["condition"]]
    assert step(document | {"history": [*others, condition]}).text.startswith(words)


def test_wait_ends_where_something_else_stands_in_the_way(step, cases):
    surgery = [{"kind": "major_surgery", "date": day} for day in ("2026-03-10", "2026-06-20")]
    document = cases["base-man"]["document"] | {"procedures": surgery}
    assert step(document).text == "E24: first dose from 2026-04-10 to 2026-05-20"


def test_day_that_has_passed_by_the_visit_is_not_told(step, cases):
    document = cases["I09-no-test"]["document"]
    visit = {"visit": {"date": "2026-03-14", "planned_first_dose_date": "2026-03-16"}}
    assert date(2026, 3, 13).isoformat() not in step(document | visit).text
