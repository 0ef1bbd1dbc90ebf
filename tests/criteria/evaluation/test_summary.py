"""The lines of a summary in words."""

from criteria.definition.reader import parse_definition
from tests.criteria.definition.test_summary import WITH_SUMMARY

RESULT = {"analyte": "hb", "value": 98, "unit": "g/L", "collected": "2026-03-08"}


def lines(**parts):
    _data, protocol = parse_definition(WITH_SUMMARY)
    found = protocol.summary({"visit": {"date": "2026-03-09", **parts.pop("visit", {})}, **parts})
    return {line.label: [tuple(answer) for answer in line.answers] for line in found}


def test_each_value_is_told_with_its_label_and_unit():
    found = lines(visit={"pulse": 80, "colour": "red"}, labs=[RESULT])
    assert found["Pulse"] == [("pulse", "80 /min"), ("a third", "≈ 26.67 /min")]
    assert found["Blood"] == [("haemoglobin", "98 g/L on 2026-03-08"), ("colour", "red")]


def test_what_is_not_known_has_no_words():
    found = lines(visit={"pulse": "unknown"})
    assert found["Pulse"] == [("pulse", ""), ("a third", "")]
    assert found["Therapy"] == [("", "")]


def test_each_record_is_told_by_what_is_known_of_it():
    records = [{"name": "cisplatin", "started": "2025-03", "ongoing": "no"}, {"ongoing": "yes"}]
    assert lines(therapies=records)["Therapy"] == [
        ("therapy 1", "cisplatin, start: 2025-03, ongoing: no"),
        ("therapy 2", "ongoing: yes"),
    ]


def test_a_list_that_is_complete_and_empty_says_none():
    assert lines(therapies=[], reviewed=["therapies"])["Therapy"] == [("", "none")]


def test_a_measured_value_is_told_before_a_computed_one(definition_text):
    _data, protocol = parse_definition(definition_text)
    measured = {"analyte": "creatinine_clearance", "value": 71, "unit": "mL/min", "collected": "2026-03-08"}
    document = {"visit": {"date": "2026-03-09"}, "labs": [measured]}
    kidney = next(line for line in protocol.summary(document) if line.label == "Kidney and liver")
    assert kidney.answers[0] == ("creatinine clearance", "71 mL/min on 2026-03-08")
