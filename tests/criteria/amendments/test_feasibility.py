"""What a change of limits brings about that nobody may have meant."""

from copy import deepcopy

import pytest

from criteria.amendments.feasibility import feasibility_issues
from criteria.definition.reader import Edition, edition_from, parse_definition
from tests.conftest import PROTOCOL
from tests.criteria.definition.test_reader import SMALL

BASE = Edition(*parse_definition(PROTOCOL.read_text(encoding="utf-8")))


def amended(edition, words=None, **values):
    """With other values, whatever was permitted, and other words of criteria."""
    data = deepcopy(dict(edition.data))
    for name, value in values.items():
        data["parameters"][name]["value"] = value
        data["parameters"][name].pop("permitted", None)
    for criterion in data["criteria"]:
        criterion.update((words or {}).get(criterion["code"], {}))
    return edition_from(data)


def found(kind, **values):
    return [
        (one.code, one.parameter, one.text)
        for one in feasibility_issues(BASE, amended(BASE, **values))
        if one.kind == kind
    ]


def the_only(kind, **values):
    ((code, parameter, text),) = found(kind, **values)
    return code, parameter, text


def test_what_changes_nothing_meets_no_objection():
    assert feasibility_issues(BASE, BASE) == ()
    assert feasibility_issues(BASE, amended(BASE)) == ()


@pytest.mark.parametrize(
    "values", [{"min_anc": 1000}, {"lab_max_age": 14}, {"vascular_event": 6}, {"washout_systemic": 4}]
)
def test_a_sound_change_meets_no_objection(values):
    assert feasibility_issues(BASE, amended(BASE, **values)) == ()


def test_limits_that_cross_are_refused_with_both_comparisons():
    code, parameter, text = the_only("refused", min_age=81)
    assert (code, parameter) == ("I02", "min_age")
    assert text == (
        "minimum age 81 years: no subject can satisfy I02 any more"
        " (“age on the visit date at least 81 years” and “age on the visit date at most 80 years”)"
    )


def test_both_of_two_changes_that_cross_are_named():
    assert {one[1] for one in found("refused", min_age=70, max_age=60)} == {"min_age", "max_age"}
    assert {one[1] for one in found("refused", min_age=81, max_age=75)} == {"min_age"}  # 75 alone would do


def test_a_limit_that_keeps_everybody_out_of_an_exclusion_s_pass_is_refused():
    lung, pressure = {"some": {"of": "history.copd_exacerbation"}}, ["vitals.systolic_bp", ">=", "$max_systolic"]
    high = {"any": [lung, {"compare": pressure}]}
    base = amended(BASE, {"E15": {"rule": high, "reading": ""}})
    (found_one,) = feasibility_issues(base, amended(base, max_systolic=0))
    assert (found_one.code, found_one.parameter, found_one.kind) == ("E15", "max_systolic", "refused")
    assert "no subject can satisfy E15 any more (“systolic blood pressure at least 0 mmHg”)" in found_one.text


@pytest.mark.parametrize(
    ("code", "name", "value"),
    [("I03", "max_ecog", 4), ("I04", "min_life_expectancy", 0), ("E23", "max_residual_grade", 5)],
)
def test_a_criterion_that_nobody_can_fail_is_a_warning(code, name, value):
    assert f"{code} can exclude no subject any more" in found("warning", **{name: value})[0][2]
    assert found("refused", **{name: value}) == []


@pytest.mark.parametrize(
    ("code", "name", "value", "words"),
    [
        (
            "I02",
            "min_age",
            0,
            "“age on the visit date at least 0 years” holds for every subject: minimum age decides nothing",
        ),
        ("E14", "min_nyha", 1, "holds for every subject"),
        ("E14", "min_nyha", 5, "can hold for no subject"),
        ("E24", "major_surgery_after", 0, "can hold for no subject"),
        ("I08", "min_anc", 70000, "no plausible value satisfies I08 any more"),
        ("I08", "min_anc", 1, "“neutrophils at least 1 /mm³” holds for every plausible value"),
        ("I08", "max_creatinine", 15000, "holds for every plausible value"),
        ("I07", "min_node", 400, "“diameter at least 400 mm” holds for no plausible value"),
    ],
)
def test_a_limit_that_decides_nothing_any_more_is_a_warning(code, name, value, words):
    assert [text for at, parameter, text in found("warning", **{name: value}) if (at, parameter) == (code, name)][0:1]
    assert any(words in text for _, _, text in found("warning", **{name: value}))


def test_what_was_so_before_is_not_said_again():
    before = amended(BASE, min_age=81, max_ecog=4)
    assert [one.text for one in feasibility_issues(before, amended(before, min_age=82)) if "any more" in one.text] == []
    assert feasibility_issues(before, amended(before, max_ecog=5)) == ()
    assert feasibility_issues(before, amended(before, min_age=80)) == ()  # it comes right


def test_an_open_window_is_no_limit_that_decides_nothing():
    assert not any("holds for" in text for _, _, text in found("warning", cardiac="any time"))


def test_words_that_still_say_the_old_number_are_a_warning():
    texts = [text for _, _, text in found("warning", max_age=75)]
    assert texts == [
        "maximum age is now 75 years: the statement of I02 still says “80”",
        "maximum age is now 75 years: the interpretation of I02 still says “80”",
    ]
    words = {"I02": {"statement": "Aged 18 to 75", "reading": "Completed years."}}
    assert found("warning", words=words, max_age=75) == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("min_life_expectancy", 2, "the statement of I04 still says “three months”"),
        ("severe_infection", 2, "the statement of E18 still says “four weeks”"),
        ("cardiac", 6, "the statement of E14 still says “12”"),
        ("arterial_thrombosis", 12, "the interpretation of E15 still says “six months”"),
        ("max_weight_loss", 5, "“known weight loss over 10 %”, which only a new definition file changes"),
        (
            "max_weight_loss",
            5,
            "“weight loss over 10 %: no (reported, without two weights)”, which only a new definition file changes",
        ),
    ],
)
def test_numbers_are_found_in_words_and_in_questions(name, value, said):
    assert any(said in text for _, _, text in found("warning", **{name: value}))


def test_a_number_within_a_name_or_another_number_is_none():
    assert found("warning", max_residual_grade_pd1=2) == []  # PD-1
    assert found("warning", min_lesion=11) == []  # RECIST 1.1


def test_a_limit_left_behind_in_another_unit_is_a_warning():
    code, parameter, text = the_only("warning", min_haemoglobin=8)
    assert (code, parameter) == ("", "min_haemoglobin")
    assert "minimum haemoglobin by amount, the limit of the same value in another unit, was left at 5.6 mmol/L" in text
    assert feasibility_issues(BASE, amended(BASE, min_haemoglobin=8, min_haemoglobin_molar=5)) == ()


def small(**changes):
    text = SMALL
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    data, protocol = parse_definition(text)
    return Edition(data, protocol)


FIELD = ("type: number, unit: /min}", "type: number, unit: /min, maximum: 300}")
RED = "rule: {is: {visit.colour: red}}"
APPLIES = (RED, 'applies: {compare: [visit.pulse, ">", $max_pulse]}\n    ' + RED)


def test_a_limit_beyond_a_field_s_maximum_applies_to_nobody_and_lets_nobody_fail():
    old, new = (
        small(field=FIELD, applies=APPLIES),
        small(field=FIELD, applies=APPLIES, value=("value: 100", "value: 300")),
    )
    assert [(one.code, one.kind, one.text.split(" (")[0]) for one in feasibility_issues(old, new)] == [
        ("I1", "warning", "highest pulse 300 /min: I1 can exclude no subject any more"),
        ("E1", "warning", "highest pulse 300 /min: E1 applies to no subject any more"),
    ]


def test_a_parameter_whose_unit_changed_is_compared_in_the_new_one():
    old = small(field=FIELD)
    per_second = ("type: number, unit: /min}", "type: number, unit: /s, maximum: 5}")
    new = small(field=per_second, unit=("100, unit: /min", "5, unit: /s"))
    assert [one.text.split(" (")[0] for one in feasibility_issues(old, new)] == [
        "highest pulse 5 /s: I1 can exclude no subject any more",
    ]
