"""A trial with limits below zero, lower limits of normal and lists of results.

Outcomes, proofs, boundary cases, and what is refused.
"""

import json
from copy import deepcopy
from decimal import Decimal

import pytest

from criteria.amendments.boundary.tables import boundary_tables
from criteria.amendments.parameter_input import parameter_faults, read_value
from criteria.definition.protocol_tests import merge_patch
from criteria.definition.reader import check_definition, edition_from, parse_definition
from criteria.definition.writer import definition_text
from criteria.evaluation.remedy import remedy_of
from criteria.evaluation.served import criteria_served
from criteria.records import canonical
from criteria.versions.comparison import compare
from criteria.versions.versions import load_definition, published_definition
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
    assert told == [("labs[0].value", "base excess -31 mmol/L: outside what is plausible: -30 to 30 mmol/L")]


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


# Results of a test as a list


def told(trial, document, code):
    (finding,) = (each for each in trial.evaluate(document) if each.criterion.code == code)
    return finding.outcome, trial.proof(finding), trial.missing(finding)


def test_confirmed_low_count_is_told_with_both_results(facts_trial, documents):
    outcome, proof, _missing = told(facts_trial, documents["a low count that another one a week later confirms"], "E02")
    assert outcome == "fail"
    assert proof == (
        "Platelets of 2026-03-01: platelets 99 ×10⁹/L (limit: below 100), 2026-03-01; beside platelets of 2026-03-08, "
        "low: collection day 2026-03-08, 7 days after collection day of platelets of 2026-03-01; "
        "less than 7 allowed"
    )


def test_list_that_is_not_confirmed_leaves_a_further_result_possible(facts_trial, documents):
    name = "a low count a day too early to confirm it, of results that may not be all"
    assert told(facts_trial, documents[name], "E02")[::2] == ("unknown", ["reviewed.labs"])
    assert told(facts_trial, documents["in order"], "I03")[::2] == ("unknown", ["labs.fibrinogen", "reviewed.labs"])


def test_missing_limit_of_a_result_in_a_list_is_named_by_its_place_in_the_document():
    rule = '{compare: [labs.fibrinogen, "<", {times: [$min_fibrinogen, labs.fibrinogen.lln]}]}'
    listed = '{some: {of: "labs.fibrinogen[]", where: {compare: [.value, "<", {times: [$min_fibrinogen, .lln]}]}}}'
    trial = check_definition(TEXT[: TEXT.index("tests:\n")].replace(rule, listed)).protocol
    result = {"analyte": "fibrinogen", "value": 1, "unit": "g/L", "collected": "2026-03-08"}
    platelets = {"analyte": "platelets", "value": 99, "unit": "10*9/L", "collected": "2026-03-01"}
    document = {"visit": {"date": "2026-03-09"}, "labs": [platelets, result], "reviewed": ["labs"]}
    assert told(trial, document, "E01")[::2] == ("unknown", ["labs[1].lln"])
    known = document | {"labs": [result | {"lln": 2}]}
    proof = "Fibrinogen of 2026-03-08: fibrinogen 1 g/L (excluded below 1.6 = 0.8 × LLN), 2026-03-08"
    assert told(trial, known, "E01")[:2] == ("fail", proof)


def test_results_of_two_families_of_units_are_not_compared():
    units = 'units: [{"10*9/L": 1}]'
    faults = faults_with(units, 'units: [{"10*9/L": 1}, {mg: 1}]')
    assert any("no limit for “.value” reported in mg" in each for each in faults)
    two = TEXT.replace("{g/L: 1, mg/dL: 0.01}]", "{g/L: 1, mg/dL: 0.01}, {umol/L: 1}]")
    messages = [each.message for each in check_definition(two).errors]
    assert any(each.startswith(". and .. may be reported in units that do not convert") for each in messages)
    assert any(each.startswith("this is computed from a result in units that do not convert") for each in messages)


def test_list_of_results_is_there_only_where_every_result_is_asked_for():
    faults = faults_with("        reviewable: true\n", "")
    assert any("unknown list “labs.platelets[]”" in each for each in faults)


def test_amendment_tries_a_limit_on_a_result_of_a_list(parsed):
    changed = deepcopy(parsed[0])
    changed["parameters"]["min_platelets"]["value"] = Decimal(90)
    found = {table.code: table for table in boundary_tables(edition_from(parsed[0]), edition_from(changed))}
    rows = {row.case: (row.before, row.after) for row in found["E02"].rows}
    assert rows["90 ×10⁹/L, at the new limit"] == ("fail", "pass")
    assert "not known" not in rows


def test_failure_by_a_list_of_results_is_never_for_good(facts_trial, documents):
    document = documents["a low count that another one a week later confirms"]
    (finding,) = (each for each in facts_trial.evaluate(document) if each.criterion.code == "E02")
    found = remedy_of(facts_trial, document, finding)
    assert (found.remedy, found.distances[0].label) == ("act", "platelets of 2026-03-01")


def test_criterion_on_a_list_is_among_those_that_read_the_test(facts_trial):
    assert facts_trial.codes_reading("labs.platelets") == {"E02", "E03", "E06"}
    assert {code for served in criteria_served(facts_trial)["labs.platelets"] for code in served.codes} == {
        "E02",
        "E03",
        "E06",
    }


def test_every_day_of_a_visit_is_found_once(facts_trial, documents):
    document = documents["a low count that another one a week later confirms"]
    result = {"analyte": "base_excess", "value": 0, "unit": "mmol/L", "collected": "2026-03-07"}
    facts = facts_trial.reader.read(document | {"labs": [*document["labs"], result]})
    days = [path for path, _day in facts.days()]
    assert days.count("labs[0].collected") == days.count("labs[1].collected") == 1
    assert len(days) == len(set(days)) == 6


# Tables


def test_proof_tells_the_number_of_the_table_and_its_name(facts_trial, documents):
    proof = told(facts_trial, documents["a boy above it"], "E04")[1]
    told_limit = "excluded from 131.5 mmHg = 95th percentile of systolic pressure"
    assert proof == f"Systolic blood pressure 131.5 mmHg ({told_limit})"
    open_age = documents["of an age that is known to two years, on both sides of a step"]
    assert told(facts_trial, open_age, "E04")[2] == ["subject.birth_date"]


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        (
            "[male, [13, 18], 131.5]",
            "[male, [14, 18], 131.5]",
            "rows[1]",
            "leaves a gap by “age”, 13 to 14, behind row 0",
        ),
        ("[male, [13, 18], 131.5]", "[male, [12, 18], 131.5]", "rows[1]", "overlaps row 0 by “age”"),
        ("[male, [13, 18], 131.5]", "[male, [null, 13], 1]", "rows[1]", "says what row 0 says already"),
        ("[male, [13, 18], 131.5]", "[male, 13, 131.5]", "rows[1]", "an interval [lowest, first one above]"),
        ("[male, [13, 18], 131.5]", "[male, [18, 13], 131.5]", "rows[1]", "an interval [lowest, first one above]"),
        ("[male, [13, 18], 131.5]", "[1, [13, 18], 131.5]", "rows[1]", "“1” is no code of “sex”"),
        ("[male, [13, 18], 131.5]", "[male, [13, 18]]", "rows[1]", "a row has 3 entries: sex, age, number"),
        ("[male, [13, 18], 131.5]", "[male, [13, 18], high]", "rows[1]", "“high” is not a number"),
        ("table: systolic_p95", "table: systolic_p59", "compare[2]", "did you mean “systolic_p95”?"),
        ("by: [subject.sex, {", "by: [{", "compare[2]", "1 keys: the table “systolic_p95” has 2: sex, age"),
        ("keys: {sex: code, age: a}", "keys: {sex: code, age: mo}", "by[1]", "wrong unit"),
        ("- [female, [13, null], 130]", "- [woman, [13, null], 130]", "by[0]", "“woman” is in the table, and no code"),
        (" [male, [null, 13], 120]", " [man, [null, 13], 120]", "by[0]", "“man” is in the table, and no code"),
    ],
)
def test_faulty_table_is_refused_at_its_row_or_where_it_is_used(old, new, place, words):
    assert any(place in fault and words in fault for fault in faults_with(old, new))


def test_every_code_has_rows_and_every_table_a_use():
    without = TEXT.replace("      - [female, [null, 13], 118]\n      - [female, [13, null], 130]\n", "")
    messages = [each.message for each in check_definition(without).errors]
    assert "no row of the table for “subject.sex” “female”" in messages
    lookup = "lookup: {table: systolic_p95, by: [subject.sex, {age: {born: subject.birth_date, on: visit.date}}]}"
    unused = TEXT.replace(f"        - {lookup}", "        - $most").replace(
        "parameters:\n", 'parameters:\n  most: {title: most, value: 140, unit: "mm[Hg]"}\n'
    )
    assert [each.message for each in check_definition(unused).errors][:1] == ["no rule uses this table"]


def test_table_that_is_too_large_is_refused_quickly():
    rows = "\n".join(f"      - [male, [{at}, {at + 1}], 1]" for at in range(2001))
    (fault,) = faults_with("      - [male, [null, 13], 120]", rows)
    assert fault == "tables.systolic_p95.rows: 2005 rows: at most 2000"


def test_comparison_tells_each_row_and_the_criteria_that_it_touches(parsed):
    changed = deepcopy(parsed[0])
    changed["tables"]["systolic_p95"]["rows"][1][2] = Decimal(132)
    changed["tables"]["systolic_p95"]["rows"][2][1] = [18, 60]
    changed["tables"]["systolic_p95"]["rows"].insert(3, ["male", [60, None], 150])
    changed["tables"]["systolic_p95"]["title"] = "P95"
    found = compare(edition_from(parsed[0]), edition_from(changed))
    assert found.changed_codes == {"E04"}
    rows = {each.label: each[1:] for each in found.rest if each.label.startswith("Table: systolic_p95, ")}
    assert rows == {
        "Table: systolic_p95, male, [13, 18)": ("131.5", "132"),
        "Table: systolic_p95, male, [18, 60)": ("", "140"),
        "Table: systolic_p95, male, [60, )": ("", "150"),
        "Table: systolic_p95, male, [18, )": ("140", ""),
    }
    assert ("95th percentile of systolic pressure; mmHg; sex (code), age (a); made up for this test") in [
        each[1] for each in found.rest
    ]
    assert compare(edition_from(parsed[0]), edition_from(parsed[0])).changed_codes == frozenset()


@pytest.mark.django_db
def test_published_version_keeps_its_tables(parsed):
    version, _new = load_definition(TEXT)
    data = published_definition(version.definition_sha256)
    assert parse_definition(definition_text(data))[1].schema.tables == parsed[1].schema.tables
    assert version.definition_sha256 == canonical.fingerprint(data)


# What is known only within bounds


def test_points_that_are_not_known_lie_between_the_fewest_and_the_most(facts_trial, documents):
    found = told(facts_trial, documents["points that may be too many"], "E05")
    assert found == (
        "unknown",
        "Points 4 to 6 (limit: at most 4), from points for ascites 3",
        ["subject.encephalopathy"],
    )
    assert told(facts_trial, documents["points that can be no more"], "E05")[:2] == (
        "pass",
        "Points 2 to 4 (limit: at most 4), from points for ascites 1",
    )


def test_bounds_of_an_unknown_number_are_those_of_format_3():
    trial = check_definition(TEXT[: TEXT.index("tests:\n")].replace("format: 3", "format: 2")).protocol
    document = {"visit": {"date": "2026-03-09"}, "subject": {"ascites": 1}}
    outcome, proof, missing = told(trial, document, "E05")
    assert (outcome, missing) == ("unknown", ["subject.encephalopathy"])
    assert "not known" in proof


@pytest.mark.parametrize("points", [1, 2, 3])
def test_filling_in_an_unknown_number_keeps_what_was_decided(facts_trial, documents, points):
    document = merge_patch(documents["points that can be no more"], {"subject": {"encephalopathy": points}})
    assert told(facts_trial, document, "E05")[0] == "pass"


def test_unknown_number_that_stands_alone_decides_nothing(facts_trial):
    rule = TEXT.replace(
        "value: {plus: [subject.ascites, subject.encephalopathy]}", "value: {plus: [subject.ascites, 0]}"
    )
    trial = check_definition(rule[: rule.index("tests:\n")]).protocol
    assert told(trial, {"visit": {"date": "2026-03-09"}}, "E05")[0] == "pass"  # no points are more than 3
    alone = TEXT.replace(
        '{formula: {label: points, unit: "1", value: {plus: [subject.ascites, subject.encephalopathy]}}}',
        "subject.ascites",
    )
    trial = check_definition(alone[: alone.index("tests:\n")]).protocol
    assert told(trial, {"visit": {"date": "2026-03-09"}}, "E05")[0] == "unknown"
