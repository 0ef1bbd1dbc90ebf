"""A trial with limits below zero and lower limits of normal: outcomes, proofs, boundary cases, and what is refused."""

import json
from copy import deepcopy
from decimal import Decimal

import pytest

from criteria.amendments.boundary.tables import boundary_tables
from criteria.amendments.parameter_input import parameter_faults, read_value
from criteria.definition.protocol_tests import merge_patch
from criteria.definition.reader import check_definition, edition_from, parse_definition
from criteria.records import canonical
from criteria.vocabulary.edit_checks import edit_checks
from tests.conftest import ROOT

TEXT = (ROOT / "tests/data/facts.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def parsed():
    return parse_definition(TEXT)


@pytest.fixture(scope="module")
def facts_trial(parsed):
    return parsed[1]


@pytest.fixture(scope="module")
def documents(parsed):
    """The documents of the trial's own tests, by name."""
    found = {}
    for each in parsed[0]["tests"]:
        base = found.get(each.get("like"), {})
        found[each["name"]] = merge_patch(base, each.get("document", {}))
    return found


@pytest.fixture(scope="module")
def proofs(facts_trial, documents):
    def tell(name, **changes):
        document = merge_patch(documents[name], json.loads(json.dumps(changes), parse_float=Decimal))
        assert facts_trial.validate(document) == ()
        return {each.criterion.code: facts_trial.proof(each) for each in facts_trial.evaluate(document)}

    return tell


@pytest.fixture(scope="module")
def tables(parsed):
    """The boundary cases of the trial once a parameter has another value."""

    def table(name, value):
        changed = deepcopy(parsed[0])
        changed["parameters"][name]["value"] = Decimal(value)
        (found,) = boundary_tables(edition_from(parsed[0]), edition_from(changed))
        return {row.case: (row.before, row.after) for row in found.rows}

    return table


def faults_with(old, new):
    assert TEXT.count(old) == 1, old
    checked = check_definition(TEXT.replace(old, new))
    return [f"{each.path}: {each.message}" for each in checked.errors]


# Numbers below zero


def test_proof_tells_a_number_below_zero_with_its_limit(proofs):
    assert proofs("in order")["I01"] == "T score of the spine -2.5 (limit: at most -2.5)"
    assert proofs("surely below")["I02"] == "Base excess < -4 mmol/L (limit: at least -4), 2026-03-08"


def test_boundary_cases_stand_on_both_sides_of_a_limit_below_zero(tables):
    found = tables("max_t_score", "-3")
    assert found["-3, at the new limit"] == ("pass", "pass")
    assert found["-2.5, at the old limit"] == ("pass", "fail")
    assert found["-2.4, just above the old limit"] == ("fail", "fail")
    assert tables("min_base_excess", "-5")["-5 mmol/L, at the new limit"] == ("fail", "pass")


def test_implausible_number_below_zero_is_asked_back(facts_trial, documents):
    low = {"analyte": "base_excess", "value": -31, "unit": "mmol/L", "collected": "2026-03-08"}
    document = documents["in order"] | {"labs": [low, low | {"comparator": "<", "value": -28}]}
    told = [(each.path, each.text) for each in edit_checks(facts_trial.vocabulary, document)]
    assert told == [("labs[0].value", "-31 mmol/L: outside what is plausible: -30 to 30 mmol/L")]


@pytest.mark.parametrize("typed", ["-3", "−3", "-3.0"])
def test_amendment_may_set_a_limit_below_zero_where_its_range_begins_there(facts_trial, typed):
    value = read_value(facts_trial, "max_t_score", typed)
    assert value == -3
    assert parameter_faults(facts_trial, "max_t_score", value) == []
    assert "outside what is permitted, -5 to 0" in parameter_faults(facts_trial, "max_t_score", Decimal(-6))[0]


def test_amendment_refuses_a_sign_where_no_range_begins_below_zero(facts_trial):
    with pytest.raises(ValueError, match="never below zero"):
        read_value(facts_trial, "min_fibrinogen", "-1")
    assert "a number from 0" in parameter_faults(facts_trial, "min_fibrinogen", Decimal(-1))[0]


def test_definition_refuses_a_negative_limit_without_a_range_and_a_negative_window():
    (fault,) = faults_with("value: -2.5, permitted: [-5, 0]", "value: -2.5")
    assert fault.startswith("parameters.max_t_score.value: -2.5 is below zero: say by `permitted:")
    window = "{title: lowest T score, value: -2, unit: wk, permitted: [-4, 4]}"
    rule = "{within: {date: subject.birth_date, period: $max_t_score, before: visit.date}}"
    told = check_definition(
        TEXT.replace("{title: highest T score, value: -2.5, permitted: [-5, 0]}", window).replace(
            '{compare: [subject.t_score, "<=", $max_t_score]}', rule
        )
    ).errors
    assert "a window is no shorter than 0" in told[0].message


# The lower limit of normal


def test_proof_tells_how_many_times_the_lower_limit(proofs):
    assert proofs("in order")["E01"] == "Fibrinogen 160 mg/dL (limit: at least 160 = 0.8 × LLN), 2026-03-08"


def test_boundary_cases_leave_the_lower_limit_of_normal_where_it_is(tables):
    found = tables("min_fibrinogen", "0.9")
    assert found["32 g/L (lower limit of normal of fibrinogen 40 g/L), at the old limit"] == ("pass", "fail")


def test_lower_limit_is_a_fact_only_of_a_test_that_asks_for_it():
    (fault,) = faults_with("lln: true, plausible_lln: {g/L: [1, 3]}", "uln: true")
    assert "unknown fact “labs.fibrinogen.lln”; did you mean “labs.fibrinogen.uln”?" in fault
    (fault,) = faults_with("lln: true, plausible_lln", "lln: false, plausible_lln")[:1]
    assert "the test asks no “lln”" in fault


def test_results_have_no_lower_limit_where_no_test_asks_for_it(protocol):
    part = protocol.vocabulary.parts["labs"]
    assert "lln" not in part.fields
    result = {"analyte": "anc", "value": 3, "unit": "10*9/L", "collected": "2026-03-08", "lln": 1}
    document = {"visit": {"date": "2026-03-09"}, "labs": [result]}
    assert [fault.path for fault in protocol.validate(document)] == ["labs[0].lln"]


def test_definition_keeps_its_data_through_canonical_text(parsed):
    again = canonical.parse(canonical.dump(parsed[0]))
    assert edition_from(again).protocol.limits["max_t_score"].value == Decimal("-2.5")
