from datetime import date

import pytest

from criteria.evaluation.checks import CheckContext
from criteria.evaluation.criterion import outcome_of
from criteria.evaluation.protocol import overall_of
from criteria.rules.truth import FALSE, TRUE, UNKNOWN
from criteria.vocabulary import BadDocument
from tests.support.documents import changed, put


@pytest.mark.parametrize(
    ("category", "applies", "condition", "expected"),
    [
        ("inclusion", TRUE, TRUE, "pass"),
        ("inclusion", TRUE, FALSE, "fail"),
        ("inclusion", TRUE, UNKNOWN, "unknown"),
        ("inclusion", FALSE, TRUE, "not_applicable"),
        ("inclusion", FALSE, FALSE, "not_applicable"),
        ("inclusion", FALSE, UNKNOWN, "not_applicable"),
        ("inclusion", UNKNOWN, TRUE, "pass"),
        ("inclusion", UNKNOWN, FALSE, "unknown"),
        ("inclusion", UNKNOWN, UNKNOWN, "unknown"),
        ("exclusion", TRUE, TRUE, "fail"),
        ("exclusion", TRUE, FALSE, "pass"),
        ("exclusion", TRUE, UNKNOWN, "unknown"),
        ("exclusion", FALSE, TRUE, "not_applicable"),
        ("exclusion", UNKNOWN, FALSE, "pass"),
        ("exclusion", UNKNOWN, TRUE, "unknown"),
        ("exclusion", UNKNOWN, UNKNOWN, "unknown"),
    ],
)
def test_outcome_of_a_criterion(category, applies, condition, expected):
    assert outcome_of(category, applies, condition) == expected


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (["pass", "pass"], "eligible"),
        (["pass", "not_applicable"], "eligible"),
        (["not_applicable"], "eligible"),
        (["pass", "unknown"], "undetermined"),
        (["unknown", "fail"], "ineligible"),
        (["pass", "fail"], "ineligible"),
    ],
)
def test_one_failure_decides_and_one_unknown_leaves_open(outcomes, expected):
    assert overall_of(outcomes) == expected


def test_a_bad_document_is_refused_whole_with_every_fault(protocol):
    with pytest.raises(BadDocument) as refusal:
        protocol.assess(changed(put(subject__sex="m", consent__date="yesterday")))
    assert {fault.path for fault in refusal.value.faults} == {"subject.sex", "consent.date"}
    assert "subject.sex" in str(refusal.value)


def test_a_document_is_read_and_never_changed(protocol, man):
    document = changed()
    protocol.assess(document)
    assert document == man


def test_the_same_document_gives_the_same_sheet(protocol, man):
    assert protocol.assess(man) == protocol.assess(man)


def test_verdicts_come_in_the_order_of_the_criteria(protocol, man):
    sheet = protocol.assess(man)
    assert [verdict.code for verdict in sheet.verdicts] == [criterion.code for criterion in protocol.criteria]
    assert list(sheet.outcomes) == [criterion.code for criterion in protocol.criteria]


# A second trial: another disease, other units, and no code of its own


def patient(**values):
    return {
        "visit": {"date": "2026-03-09", "randomisation": "2026-03-16"},
        "person": {"sex": "female", "born": "1970", "waist_cm": 95},
        "smoker": "no",
        "readings": [{"day": "2026-03-10", "systolic": 150}],
        "medication": {"drugs": ["diuretic"]},
        "hypos": [],
        "blood": [
            {"analyte": "hba1c", "value": 69, "unit": "mmol/mol", "collected": "2026-03-01"},
            {"analyte": "glucose", "value": 6, "unit": "mmol/L", "collected": "2026-03-01"},
            {"analyte": "insulin", "value": 10, "unit": "mU/L", "collected": "2026-03-01"},
        ],
        "history": [{"condition": "heart_attack", "status": "absent"}, {"condition": "gout", "status": "absent"}],
        "reviewed": ["hypos"],
    } | values


def blood(analyte, value, unit):
    others = [row for row in patient()["blood"] if row["analyte"] != analyte]
    return {"blood": [*others, {"analyte": analyte, "value": value, "unit": unit, "collected": "2026-03-01"}]}


SECOND = {
    "everything in order": (None, "eligible", {}),
    "too young": ("A1", "fail", {"person": {"sex": "female", "born": "1990", "waist_cm": 95}}),
    "forty this year perhaps": ("A1", "unknown", {"person": {"sex": "female", "born": "1986", "waist_cm": 95}}),
    "last reading too low": (
        "A2",
        "fail",
        {"readings": [{"day": "2026-03-12", "systolic": 139}, {"day": "2026-03-10", "systolic": 170}]},
    ),
    "reading too old": ("A2", "unknown", {"readings": [{"day": "2026-03-01", "systolic": 170}]}),
    "HbA1c of 8.5 %": ("A3", "pass", blood("hba1c", 8, "%")),
    "HbA1c of 9 %": ("A3", "fail", blood("hba1c", 9, "%")),
    "HbA1c of 70 mmol/mol": ("A3", "fail", blood("hba1c", 70, "mmol/mol")),
    "waist of 89 cm": ("A4", "fail", {"person": {"sex": "female", "born": "1970", "waist_cm": 89}}),
    "waist of 90 cm": ("A4", "pass", {"person": {"sex": "female", "born": "1970", "waist_cm": 90}}),
    "waist of a man": ("A4", "not_applicable", {"person": {"sex": "male", "born": "1970", "waist_cm": 80}}),
    "HOMA of a glucose in mg/dL": ("A5", "fail", blood("glucose", 210, "mg/dL")),
    "HOMA unknown": ("A5", "unknown", {"blood": []}),
    "on insulin": ("B1", "fail", {"medication": {"drugs": ["insulin"]}}),
    "on another drug": ("B1", "fail", {"medication": {"drugs": ["diuretic", "ace"]}}),
    "drugs not known": ("B1", "unknown", {"medication": {}}),
    "severe hypoglycaemia": ("B2", "fail", {"hypos": [{"severe": "yes"}]}),
    "hypoglycaemias not reviewed": ("B2", "unknown", {"reviewed": []}),
    "readings are what was recorded": ("B3", "pass", {"readings": []}),
    "reading below 100": ("B3", "fail", {"readings": [{"day": "2026-03-10", "systolic": 99}]}),
    "heart attack at any time": ("B4", "fail", {"history": [{"condition": "heart_attack", "status": "past"}]}),
    "heart attack not asked": ("B4", "unknown", {"history": []}),
    "smoker": ("B5", "fail", {"smoker": "yes"}),
    "gout of three flares": ("B5", "fail", {"history": [{"condition": "gout", "status": "past", "flares": 3}]}),
    "gout of two flares": ("B5", "pass", {"history": [{"condition": "gout", "status": "past", "flares": 2}]}),
}


@pytest.mark.parametrize("case", SECOND)
def test_a_second_trial_screens_by_its_own_file_alone(second, case):
    code, expected, changes = SECOND[case]
    sheet = second.assess(patient(**changes))
    assert (sheet.overall if code is None else sheet.outcomes[code]) == expected
    for verdict in sheet.verdicts:
        assert bool(verdict.missing) == (verdict.outcome == "unknown")


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("blood[2].unit", blood("glucose", 6, "mmol/mol")),
        ("person.shoe", {"person": {"shoe": 42}}),
        ("reviewed[0]", {"reviewed": ["readings"]}),
        ("visit.randomisation", {"visit": {"date": "2026-03-09", "randomisation": "2026-03-01"}}),
        ("labs", {"labs": []}),
    ],
)
def test_a_second_trial_refuses_what_its_own_vocabulary_lacks(second, path, changes):
    assert [fault.path for fault in second.validate(patient(**changes))] == [path]


def test_help_texts_name_the_limits_of_the_trial(second):
    assert "0.9" in second.vocabulary.parts["person"].fields["waist_cm"].help


def test_answer_of_the_command_line_says_what_the_saved_sheet_says(protocol):
    for document in (changed(), changed(sex="woman"), {"visit": {"date": "2026-03-09"}}):
        sheet, answer = protocol.assess(document), protocol.answer(document, CheckContext(date(2026, 11, 30)))
        assert (answer.overall, answer.outcomes) == (sheet.overall, sheet.outcomes)
        assert answer.proofs == {verdict.code: verdict.proof for verdict in sheet.verdicts}
        assert answer.missing == {verdict.code: verdict.missing for verdict in sheet.verdicts if verdict.missing}
