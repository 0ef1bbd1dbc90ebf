from decimal import Decimal

import pytest

from criteria.versions.versions import protocol_of
from screening.eligibility.assess import assess
from screening.models import SubjectStatus
from screening.review.flags import (
    ReviewedVerdict,
    fails_by_interpretation,
    judgement_paths,
    review_flags,
    turns_on_judgement,
)
from screening.visits.save import open_visit, register_subject, save_section
from tests.support.reviewed import assessed, saved_again

BARE = {"visit": {"date": "2026-03-09"}}


@pytest.fixture
def find(trial, coordinator):
    """The marks of a person of whom this is known."""
    return lambda document: set(review_flags(assessed(trial, coordinator, document)))


def test_failure_by_an_opinion_is_marked(find, cases):
    document = cases["base-man"]["document"]
    short = document["performance"] | {"life_expectancy_months": 2}
    assert "judgement" in find(document | {"performance": short})


def test_opinion_that_lets_everybody_pass_is_not_marked(find, cases):
    document = cases["base-man"]["document"]
    assert document["performance"]["life_expectancy_months"] >= 3
    assert document["investigator"]["other_reason_to_exclude"] == "no"
    assert "judgement" not in find(document)


@pytest.mark.parametrize(
    ("outcome", "path", "marked"),
    [
        ("pass", "adverse_events[0].irreversible_accepted", True),
        ("pass", "history.other_malignancy.investigator_confirms_exempt", True),
        ("pass", "investigator.other_reason_to_exclude", False),
        ("fail", "investigator.other_reason_to_exclude", True),
        ("pass", "history.nephrotic_syndrome.status", False),
        ("fail", "history.nephrotic_syndrome.status", True),
        ("unknown", "adverse_events[0].irreversible_accepted", False),
        ("fail", "performance.ecog", False),
    ],
)
def test_judgement_is_marked_where_the_outcome_turned_on_it(vocabulary, outcome, path, marked):
    assert turns_on_judgement(vocabulary, ReviewedVerdict("E29", outcome, {path: "yes"})) == marked


def test_opinion_that_leaves_the_outcome_open_decided_nothing(trial, vocabulary):
    values = {"performance.life_expectancy_months": "5 months", "performance.ecog": "1"}
    assert judgement_paths(vocabulary, "pass", values) == ["performance.life_expectancy_months"]
    assert judgement_paths(vocabulary, "fail", values) == ["performance.life_expectancy_months"]
    assert judgement_paths(vocabulary, "unknown", values) == []
    assert judgement_paths(vocabulary, "not_applicable", values) == []


@pytest.mark.parametrize(
    "path",
    [
        "adverse_events[3].irreversible_accepted",
        "history.other_malignancy.investigator_confirms_exempt",
        "history.other_malignancy[1].investigator_confirms_exempt",
    ],
)
def test_opinion_about_a_record_is_seen_wherever_it_stands(vocabulary, path):
    assert judgement_paths(vocabulary, "pass", {path: "yes"}) == [path]


@pytest.mark.parametrize(
    ("code", "birth_date", "marked"),
    [("I02", "1940-01-01", True), ("I02", "1961-05-20", False), ("I02", None, False), ("I03", "1940-01-01", False)],
)
def test_interpretation_is_marked_where_it_kept_somebody_out(version, cases, code, birth_date, marked):
    protocol = protocol_of(version)
    subject = {"subject": {"sex": "male", "birth_date": birth_date}, "performance": {"ecog": 2}}
    findings = protocol.evaluate(cases["base-man"]["document"] | subject)
    assert fails_by_interpretation(protocol, next(each for each in findings if each.criterion.code == code)) is marked


def test_failure_by_an_interpretation_is_marked_and_one_by_another_part_is_not(find, cases):
    document = cases["base-man"]["document"]
    assert "reading" not in find(document)
    assert "reading" in find(document | {"subject": {"sex": "male", "birth_date": "1940-01-01"}})
    labs = [each | ({"value": Decimal("1.2")} if each["analyte"] == "anc" else {}) for each in document["labs"]]
    assert "reading" not in find(document | {"labs": labs})  # what I08 interprets is about other parts of it


def test_retest_is_marked(find, cases):
    document = cases["base-man"]["document"]
    earlier = {"analyte": "anc", "value": Decimal("1.2"), "unit": "10*9/L", "collected": "2026-03-01"}
    assert "retest" not in find(document)
    assert "retest" in find(document | {"labs": [earlier, *document["labs"]]})


def test_confirmed_implausible_value_is_marked_until_it_is_corrected(trial, coordinator):
    visit = open_visit(register_subject(trial, coordinator), coordinator, BARE)
    part = {"vitals": {"weight_kg": 610}}
    revision = save_section(visit, "vitals", part, 1, coordinator, confirmed=["vitals.weight_kg 610 kg"])
    first = assess(revision, coordinator)
    assert "implausible" in review_flags(first)
    corrected = save_section(visit, "vitals", {"vitals": {"weight_kg": 61}}, 2, coordinator, reason="a slip")
    assert "implausible" not in review_flags(assess(corrected, coordinator))
    assert "implausible" in review_flags(first)  # which stands as it stood


def test_correction_is_marked_only_when_it_came_after_the_first_assessment(trial, coordinator, cases):
    visit = open_visit(register_subject(trial, coordinator), coordinator, cases["base-man"]["document"])
    first = assess(saved_again(visit, coordinator), coordinator)
    assert "corrected" not in review_flags(first)
    second = assess(saved_again(visit, coordinator, months=8), coordinator)
    assert "corrected" in review_flags(second)
    assert "corrected" not in review_flags(first)  # which stands as it stood


def test_standing_carries_the_marks_of_the_latest_assessment(trial, coordinator, cases):
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    row = SubjectStatus.objects.get()
    assert (row.flags, row.flag_labels) == ("", [])
    assess(saved_again(assessment.revision.visit, coordinator), coordinator)
    row = SubjectStatus.objects.get()
    assert (row.flags, row.flag_labels) == ("|corrected|", ["corrected after the first assessment"])
