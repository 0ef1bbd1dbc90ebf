import pytest

from criteria.rules import nodes as n
from criteria.rules.truth import FALSE, TRUE, UNKNOWN
from tests.criteria.rules.small import CREATININE, HAEMOGLOBIN, evaluated, lab

SMOKES = {"is": {"smoker": "yes"}}
MALE = {"is": {"sex": "male"}}
FALL = {"some": {"of": "events", "where": {"is": {".kind": "fall"}}}}
STROKE = {"some": {"of": "history.stroke"}}
GOOD = {
    "latest": {
        "of": "tests",
        "by": ".date",
        "where": {"within": {"date": ".date", "period": "$window", "before": "visit.dose"}},
        "then": {"is": {".result": "good"}},
        "otherwise": {"judgement": {"question": "test", "about": "tests"}},
    }
}


def truth(rule, values=None, lists=None, reviewed=(), **limits):
    return evaluated(rule, values, lists, reviewed, **limits).truth


# Nothing is left out of a trace


def nodes_of(trace):
    return [type(trace.node), *(kind for child in trace.children for kind in nodes_of(child))]


@pytest.mark.parametrize("operation", ["all", "any"])
@pytest.mark.parametrize("smoker", ["yes", "no", None])
def test_every_condition_has_its_trace_also_after_the_outcome_is_decided(operation, smoker):
    trace = evaluated({operation: [SMOKES, MALE, {"not": SMOKES}]}, {"smoker": smoker, "sex": "male"})
    assert len(trace.children) == 3
    assert nodes_of(trace)[1:] == [n.OneOf, n.OneOf, n.Not, n.OneOf]


def test_every_record_has_its_trace_also_after_one_was_found():
    trace = evaluated(FALL, lists={"events": [{"kind": "fall"}, {"kind": "fit"}, {}]})
    assert [child.truth for child in trace.children] == [TRUE, FALSE, UNKNOWN]


def test_what_a_computed_value_was_computed_from_stands_in_the_trace():
    rule = {"compare": [{"minus": ["pulse", "pulse"]}, "<", "$max_pulse"]}
    assert [fact.path for fact, _ in evaluated(rule, {"pulse": 80}).used] == ["pulse", "pulse"]


# Values


@pytest.mark.parametrize(("code", "expected"), [("yes", TRUE), ("no", FALSE), (None, UNKNOWN)])
def test_a_code_that_nobody_gave_is_unknown(code, expected):
    assert truth(SMOKES, {"smoker": code}) is expected


@pytest.mark.parametrize(("pulse", "expected"), [("0", TRUE), ("100", TRUE), ("100.1", FALSE), (None, UNKNOWN)])
def test_zero_is_a_value_and_not_a_gap(pulse, expected):
    assert truth({"compare": ["pulse", "<=", "$max_pulse"]}, {"pulse": pulse}) is expected


@pytest.mark.parametrize(
    ("drugs", "has", "only"),
    [
        (["a"], TRUE, TRUE),
        (["a", "b"], TRUE, FALSE),
        (["b"], FALSE, FALSE),
        ([], FALSE, TRUE),
        (None, UNKNOWN, UNKNOWN),
    ],
)
def test_a_set_of_codes_is_searched_whole(drugs, has, only):
    assert truth({"has": {"drugs": "a"}}, {"drugs": drugs}) is has
    assert truth({"has_only": {"drugs": "a"}}, {"drugs": drugs}) is only


@pytest.mark.parametrize(
    ("unit", "value", "expected"), [("mg/dL", "1.5", TRUE), ("umol/L", "132.6", TRUE), ("umol/L", "132.61", FALSE)]
)
def test_a_limit_is_converted_to_the_unit_reported(unit, value, expected):
    rule = {"compare": ["labs.creatinine", "<=", "$max_creatinine"]}
    assert truth(rule, {"labs.creatinine": lab(value, unit, CREATININE)}) is expected


@pytest.mark.parametrize(("last", "expected"), [("1", TRUE), ("2", FALSE), ("3", FALSE)])
def test_a_limit_of_more_than_thirty_digits_is_not_rounded(last, expected):
    rule = {"compare": ["labs.haemoglobin", "<", {"by_unit": ["$min_haemoglobin", "$min_haemoglobin_molar"]}]}
    value = lab(f"9.{'0' * 35}{last}", "g/dL", HAEMOGLOBIN)
    assert truth(rule, {"labs.haemoglobin": value}, min_haemoglobin=(f"90.{'0' * 34}2", "g/L")) is expected


def test_nothing_is_known_in_a_unit_that_no_factor_leads_to():
    """Haemoglobin of 4 mmol/L is not 4 g/dL."""
    rule = {"compare": [{"in": ["labs.haemoglobin", "g/dL"]}, "<", "$five"]}
    assert truth(rule, {"labs.haemoglobin": lab("4", "mmol/L", HAEMOGLOBIN)}) is UNKNOWN
    assert truth(rule, {"labs.haemoglobin": lab("40", "g/L", HAEMOGLOBIN)}) is TRUE


@pytest.mark.parametrize(
    ("value", "comparator", "lod", "expected"),
    [
        ("60", "", "50", TRUE),
        ("50", "", "50", FALSE),
        ("60", "<", "50", UNKNOWN),
        ("50", "<", "50", FALSE),
        ("50", ">", "50", TRUE),
        ("50", "", None, TRUE),
        ("50", ">", None, TRUE),
        ("50", ">=", None, TRUE),
        ("50", "<", None, FALSE),
        ("50", "<=", None, FALSE),
    ],
)
def test_a_result_is_detected_above_the_limit_of_detection(value, comparator, lod, expected):
    values = {"labs.creatinine": lab(value, "umol/L", CREATININE, comparator)}
    if lod:
        values["labs.creatinine.lod"] = lab(lod, "umol/L", CREATININE)
    assert truth({"detected": "labs.creatinine"}, values) is expected


def test_nothing_is_detected_where_nothing_was_measured():
    assert truth({"detected": "labs.creatinine"}) is UNKNOWN


def test_nothing_is_known_of_a_quotient_by_zero():
    assert truth({"compare": [{"over": [5, {"in": ["pulse", "/min"]}]}, "<", "$five"]}, {"pulse": 0}) is UNKNOWN


def test_a_factor_is_unknown_when_the_code_is():
    rule = {"compare": [{"choose": {"sex": {"male": 5, "female": 6}}}, ">", "$five"]}
    assert [truth(rule, {"sex": sex}) for sex in ("male", "female", None)] == [FALSE, TRUE, UNKNOWN]


@pytest.mark.parametrize(("pulse", "expected"), [(50, TRUE), (None, FALSE)])
def test_the_other_branch_is_taken_when_a_fact_is_not_known(pulse, expected):
    rule = {"if_known": {"given": ["pulse", "smoker"], "then": SMOKES, "otherwise": {"not": SMOKES}}}
    assert truth(rule, {"pulse": pulse, "smoker": "yes"}) is expected


def test_known_is_never_unknown():
    assert [truth({"known": "pulse"}, {"pulse": pulse}) for pulse in (0, None)] == [TRUE, FALSE]


def test_a_person_must_decide_where_the_rule_says_so():
    assert truth({"judgement": {"question": "ask", "about": "pulse"}}, {"pulse": 5}) is UNKNOWN


# Lists


@pytest.mark.parametrize(
    ("kinds", "reviewed", "expected"),
    [
        (["fall"], (), TRUE),
        (["fit", "fall"], (), TRUE),
        ([None, "fall"], ("events",), TRUE),
        (["fit"], ("events",), FALSE),
        (["fit"], (), UNKNOWN),
        ([], ("events",), FALSE),
        ([], (), UNKNOWN),
        ([None, "fit"], ("events",), UNKNOWN),
        (["fit"], ("tests",), UNKNOWN),
    ],
)
def test_a_list_proves_absence_only_when_someone_confirmed_it_complete(kinds, reviewed, expected):
    records = [{} if kind is None else {"kind": kind} for kind in kinds]
    assert truth(FALL, lists={"events": records}, reviewed=reviewed) is expected


def test_a_list_that_is_simply_recorded_proves_absence_by_itself():
    rule = {"some": {"of": "tests", "where": {"is": {".result": "bad"}}}}
    assert truth(rule) is FALSE


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], UNKNOWN),
        ([None], UNKNOWN),
        (["absent"], FALSE),
        (["past"], TRUE),
        (["current"], TRUE),
        (["absent", "past"], TRUE),
        (["absent", None], UNKNOWN),
        (["absent", "absent"], FALSE),
    ],
)
def test_a_condition_that_was_not_asked_is_unknown_and_not_absent(statuses, expected):
    records = [{} if status is None else {"status": status} for status in statuses]
    lists = {"history.stroke": records} if records else {}
    assert truth(STROKE, lists=lists) is expected


def test_the_record_at_hand_is_not_another_one():
    rule = {
        "some": {"of": "events", "where": {"some": {"of": "events", "other": True, "where": {"is": {".kind": "fit"}}}}}
    }
    one, two = [{"kind": "fit"}], [{"kind": "fit"}, {"kind": "fit"}]
    assert truth(rule, lists={"events": one}, reviewed=("events",)) is FALSE
    assert truth(rule, lists={"events": two}, reviewed=("events",)) is TRUE


def test_two_records_are_compared_by_their_own_fields():
    later = {"compare": ["..date", ">", ".date"]}
    rule = {"some": {"of": "events", "where": {"some": {"of": "events", "other": True, "where": later}}}}
    for dates, expected in (
        (["2026", "2027"], TRUE),
        (["2026-01-05", "2026-01-05"], FALSE),
        (["2026", "2026"], UNKNOWN),
    ):
        assert truth(rule, lists={"events": [{"date": date} for date in dates]}, reviewed=("events",)) is expected


# The latest record


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        ([("2026-03-10", "bad"), ("2026-03-12", "good")], TRUE),
        ([("2026-03-12", "good"), ("2026-03-10", "bad")], TRUE),
        ([("2026-03-12", "good"), ("2026-03-12", "bad")], FALSE),
        ([("2026-03-12", "bad"), ("2026-03-12", "good")], TRUE),
        ([("2026-03-12", "good"), ("2026-03-17", "bad")], TRUE),
        ([("2026-03-01", "good")], UNKNOWN),
        ([("2026-03-12", None)], UNKNOWN),
        ([("2026-03-12", "good"), ("2026", "bad")], UNKNOWN),
        ([], UNKNOWN),
    ],
)
def test_the_last_test_of_the_window_decides_and_of_one_day_the_last_in_the_list(tests, expected):
    records = [{"date": date} | ({"result": result} if result else {}) for date, result in tests]
    assert truth(GOOD, {"visit.dose": "2026-03-16"}, {"tests": records}) is expected
