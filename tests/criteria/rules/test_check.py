from decimal import Decimal

import pytest

from criteria.rules.check import check_rule
from tests.criteria.rules.small import SCHEMA, decoded, limits, messages

IS = {"is": {"smoker": "yes"}}


def some(where):
    return {"some": {"of": "events", "where": where}}


def latest(**parts):
    return {"latest": {"of": "tests", "by": ".date", "where": IS, "then": IS, "otherwise": IS} | parts}


def window(period="$window", date="visit.date", before="visit.dose"):
    return {"within": {"date": date, "period": period, "before": before}}


SOUND = [
    {"compare": ["pulse", "<=", "$max_pulse"]},
    {"compare": ["labs.creatinine", "<=", "$max_creatinine"]},
    {"compare": ["labs.creatinine", "<=", {"times": ["$times_normal", "labs.creatinine.uln"]}]},
    {"compare": ["labs.haemoglobin", ">=", {"by_unit": ["$min_haemoglobin", "$min_haemoglobin_molar"]}]},
    {"compare": [{"age": {"born": "born", "on": "visit.date"}}, ">=", "$years"]},
    {"compare": ["born", "<", {"day": {"before": "visit.date", "period": "$months"}}]},
    {"compare": [{"over": [{"in": ["labs.creatinine", "mg/dL"]}, {"in": ["pulse", "/min"]}]}, "<", "$five"]},
    {"compare": [{"minus": ["pulse", 5]}, "<=", "$max_pulse"]},
    window("$open"),
    some({"compare": [".severity", ">", "$max_ecog"]}),
    some({"some": {"of": "events", "other": True, "where": {"compare": [".date", ">", "..date"]}}}),
    {"some": {"of": "history.stroke", "where": {"is": {".status": "current"}}}},
    latest(then={"is": {".result": "good"}}),
    {"detected": "labs.creatinine"},
    {"judgement": {"question": "ask", "about": "events"}},
    {"if_known": {"given": "pulse", "then": IS, "otherwise": IS}},
]
UNSOUND = [
    # facts
    ({"is": {"smoke": "yes"}}, "unknown fact “smoke”; did you mean “smoker”?"),
    ({"is": {"zzz": "yes"}}, "unknown fact “zzz”"),
    ({"compare": ["labs.creatinin", "<", "$max_creatinine"]}, "did you mean “labs.creatinine”?"),
    (some({"is": {".knd": "fall"}}), "unknown fact “knd” of events; did you mean “kind”?"),
    ({"is": {".kind": "fall"}}, "“.kind” stands outside a list of records"),
    (some({"is": {"..kind": "fall"}}), "“..kind” stands outside a list of records"),
    ({"some": {"of": "event", "where": IS}}, "unknown list “event”; did you mean “events”?"),
    ({"known": "pluse"}, "unknown fact “pluse”"),
    ({"judgement": {"question": "ask", "about": "evnts"}}, "unknown fact “evnts”"),
    # types
    ({"is": {"pulse": "yes"}}, "“pulse” is a number; a code is needed here"),
    ({"has": {"smoker": "yes"}}, "“smoker” is a code; "),
    ({"compare": ["smoker", "<", "$max_pulse"]}, "“smoker” is a code; a number or a date is needed here"),
    ({"compare": ["pulse", "<", "visit.date"]}, "a number cannot be compared with a date"),
    ({"compare": ["visit.date", "<", "$window"]}, "a date is compared with a date"),
    ({"compare": [{"age": {"born": "pulse", "on": "visit.date"}}, "<", "$years"]}, "“pulse” is a number; a date"),
    ({"all": ["pulse"]}, "“pulse” is a number; a condition is needed here"),
    ({"not": "$max_pulse"}, "“$max_pulse” is a number; a condition is needed here"),
    ("pulse", "a value stands where a condition is needed"),
    (window(date="pulse"), "“pulse” is a number; a date is needed here"),
    ({"compare": [{"plus": ["smoker", 1]}, "<", "$five"]}, "“smoker” is a code; a number is needed here"),
    ({"compare": ["$max_pulse", ">", "pulse"]}, "a limit stands on the right of a comparison"),
    ({"detected": "pulse"}, "“pulse” is not a laboratory result"),
    ({"detected": "labs.creatinine.uln"}, "“labs.creatinine.uln” is not a laboratory result"),
    (some("$max_pulse"), "a condition is needed here"),
    ({"some": {"of": "events", "other": True, "where": IS}}, "`other` needs a record of events at hand"),
    (latest(by=".result"), "“.result” is a code; a date is needed here"),
    (latest(of="history.stroke"), "the latest entry of a condition that is asked is not defined"),
    (
        {"if_known": {"given": "pulse", "then": IS, "otherwise": "pulse"}},
        "one branch is a condition, the other a number",
    ),
    # codes
    ({"is": {"smoker": "maybe"}}, "“maybe” is not a code of “smoker”: no, yes"),
    ({"has": {"drugs": ["a", "z"]}}, "“z” is not a code of “drugs”: a, b, c"),
    (
        {"compare": [{"choose": {"sex": {"male": 1, "female": 2, "man": 1}}}, "<", "$five"]},
        "“man” is not a code of “sex”: female, male",
    ),
    ({"compare": [{"choose": {"sex": {}}}, "<", "$five"]}, "empty option list for “sex”"),
    # parameters
    ({"compare": ["pulse", "<=", "$max_puls"]}, "missing parameter “max_puls”; did you mean “max_pulse”?"),
    (window("$windw"), "missing parameter “windw”; did you mean “window”?"),
    # units
    ({"compare": ["pulse", "<=", "$max_creatinine"]}, "wrong unit: max_creatinine is in “mg/dL”; “pulse” is in /min"),
    ({"compare": ["labs.creatinine", "<=", "$min_haemoglobin"]}, "wrong unit: min_haemoglobin is in “g/dL”"),
    ({"compare": ["pulse", "<", "pressure"]}, "wrong unit: “/min” and “mm[Hg]” do not go together"),
    (
        {"compare": [{"plus": ["pulse", "pressure"]}, "<", "$five"]},
        "wrong unit: “/min” and “mm[Hg]” do not go together",
    ),
    (
        {"compare": [{"in": ["labs.creatinine", "g/L"]}, "<", "$five"]},
        "wrong unit “g/L” for “labs.creatinine”: umol/L, mg/dL",
    ),
    ({"compare": ["labs.haemoglobin", ">=", "$min_haemoglobin"]}, "no limit for “labs.haemoglobin” reported in mmol/L"),
    (
        {"compare": [{"times": ["labs.creatinine", "pulse"]}, "<", "$five"]},
        "“labs.creatinine” has a unit (umol/L): say in which it counts, with `in`",
    ),
    (
        {"compare": [{"minus": ["labs.creatinine", 5]}, "<", "$max_creatinine"]},
        "“labs.creatinine” is reported in several units: say in which, with `in`",
    ),
    (
        {"compare": ["labs.haemoglobin", ">", {"by_unit": ["$min_haemoglobin", "$heavy", "$min_haemoglobin_molar"]}]},
        "a second limit for “labs.haemoglobin” reported in g/L",
    ),
    (window("$max_pulse"), "wrong unit: max_pulse is in “/min”; a window is counted in d, wk, mo, a"),
    (window("$half"), "half = 1.5 wk: a window is counted in whole wk"),
    (window("$endless"), "endless = 5001 d: at most 5000"),
    # open windows
    (
        {"compare": ["born", "<", {"day": {"before": "visit.date", "period": "$open"}}]},
        "open may not be open (any time)",
    ),
]


@pytest.mark.parametrize("tree", SOUND, ids=lambda tree: str(tree)[:60])
def test_nothing_is_said_of_a_rule_that_makes_sense(tree):
    assert messages(tree) == []


@pytest.mark.parametrize(("tree", "expected"), UNSOUND, ids=lambda value: str(value)[:60])
def test_what_makes_no_sense_is_named_before_any_patient_is_evaluated(tree, expected):
    assert any(expected in message for message in messages(tree)), messages(tree)


def test_nothing_is_said_twice():
    for tree, _ in UNSOUND:
        found = messages(tree)
        assert len(set(found)) == len(found), tree


@pytest.mark.parametrize(
    "tree", [{"not": {"is": {"smoke": "yes"}}}, {"compare": ["pluse", "<", "$max_pulse"]}], ids=str
)
def test_what_only_follows_from_a_fault_is_not_named_as_another(tree):
    assert len(messages(tree)) == 1


def test_a_threshold_is_a_parameter_and_never_a_number_within_a_rule():
    assert messages({"compare": ["pulse", "<", 100]}) == ["a threshold is a parameter: declare it and write $name"]


@pytest.mark.parametrize("limit", ["$max_pulse", {"times": [2, "$max_pulse"]}])
def test_open_limit_is_refused_where_a_number_is_compared(limit):
    found = messages({"compare": ["pulse", "<=", limit]}, max_pulse=(None, "/min"))
    assert found == ["max_pulse is open (any time): only a window may be"]


def test_every_fault_is_named_in_one_answer():
    rule = {"all": [{"is": {"smoke": "yes"}}, {"compare": ["pulse", "<", "$nothing"]}, some({"is": {".kind": "slip"}})]}
    assert len(messages(rule)) == 3


def test_a_computed_value_cannot_stand_for_a_result_of_another_unit():
    """A creatinine computed in mg/dL would be held against the limit in umol/L, and be 88 times too small."""
    formula = {"formula": {"label": "estimated", "unit": "mg/dL", "value": {"in": ["pulse", "/min"]}}}
    either = {"if_known": {"given": "labs.creatinine", "then": "labs.creatinine", "otherwise": formula}}
    assert messages({"compare": [either, "<=", "$max_creatinine"]}) == [
        "wrong unit: “umol/L” and “mg/dL” do not go together"
    ]


def test_a_computed_value_may_stand_for_a_result_of_its_own_unit():
    formula = {"formula": {"label": "estimated", "unit": "umol/L", "value": {"in": ["pulse", "/min"]}}}
    either = {"if_known": {"given": "labs.creatinine", "then": "labs.creatinine", "otherwise": formula}}
    assert messages({"compare": [either, "<=", "$max_creatinine"]}) == []


def test_the_check_notes_what_every_value_measures():
    node, _, _ = decoded({"compare": ["labs.creatinine", "<=", "$max_creatinine"]})
    kinds = check_rule(node, SCHEMA, limits()).kinds
    assert kinds[id(node.left)].quantity.factor("mg/dL") == Decimal("88.4")
    assert kinds[id(node.left)].reported
