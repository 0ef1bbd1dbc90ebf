from decimal import Decimal

import pytest

from criteria.rules import nodes as n
from criteria.rules.codec import READERS
from tests.criteria.rules.small import decoded

IS = {"is": {"smoker": "yes"}}
READABLE = {
    "all": ([IS, IS], n.AllOf),
    "any": ([IS], n.AnyOf),
    "not": (IS, n.Not),
    "compare": (["pulse", "<=", "$max_pulse"], n.Compare),
    "is": ({"smoker": ["yes", "no"]}, n.OneOf),
    "has": ({"drugs": "a"}, n.Has),
    "has_only": ({"drugs": ["a"]}, n.Has),
    "common": (["smoker", "sex"], n.Common),
    "names": ({"text": "note", "words": ["brain", "cerebr-"], "but": "brain stem"}, n.Names),
    "miscoded": ({"names": "note", "codes": "drugs"}, n.Miscoded),
    "some_day": ({"before": "born"}, n.SomeDay),
    "known": ("pulse", n.Known),
    "detected": ("labs.creatinine", n.Detected),
    "within": ({"date": "visit.date", "period": "$window", "after": "visit.dose"}, n.Within),
    "since": ({"date": "visit.date", "period": "$window", "before": "visit.dose"}, n.Within),
    "some": ({"of": "events", "where": {"is": {".kind": "fall"}}}, n.Some),
    "latest": ({"of": "tests", "by": ".date", "where": IS, "then": IS, "otherwise": IS}, n.Latest),
    "judgement": ({"question": "look again", "about": "pulse"}, n.Judgement),
    "term": ("smokes", n.Named),
    "if_known": ({"given": "pulse", "then": IS, "otherwise": IS}, n.IfKnown),
    "by_unit": (["$min_haemoglobin", "$min_haemoglobin_molar"], n.ByUnit),
    "age": ({"born": "born", "on": "visit.date"}, n.Age),
    "day": ({"after": "visit.date", "period": "$window"}, n.Shift),
    "days": ({"from": "born", "to": "visit.date"}, n.Elapsed),
    "half_lives": ({"of": "pulse", "times": "$window"}, n.HalfLives),
    "plus": (["pulse", 1], n.Arithmetic),
    "minus": ([140, "pulse"], n.Arithmetic),
    "times": ([Decimal("0.85"), "pulse"], n.Arithmetic),
    "over": (["pulse", 2], n.Arithmetic),
    "in": (["labs.creatinine", "mg/dL"], n.InUnit),
    "lookup": ({"table": "points", "by": ["sex", "ecog"]}, n.Lookup),
    "choose": ({"sex": {"male": 1, "female": Decimal("0.85")}}, n.Choose),
    "at_least": ({"n": 1, "of": [IS, IS]}, n.AtLeast),
    "same": (["note", "note"], n.Same),
    "power": (["ecog", Decimal("0.5")], n.Power),
    "log": ("ecog", n.Logarithm),
    "log10": ("ecog", n.Logarithm),
    "min": (["ecog", 2], n.Extreme),
    "max": (["ecog", 2], n.Extreme),
    "count": ({"of": "events", "where": IS}, n.Count),
    "sum": ({"of": "events", "value": ".severity"}, n.Aggregate),
    "mean": ({"of": "events", "value": ".severity", "otherwise": 0}, n.Aggregate),
    "score": ([[1, IS], [2, IS]], n.Score),
    "case": ([[IS, 1], 0], n.Case),
    "formula": ({"label": "doubled", "unit": "/min", "value": {"times": [2, "pulse"]}}, n.Formula),
}
TERMS = {"smokes": {"label": "smokes", "rule": IS}, "loop": {"label": "loop", "rule": {"not": {"term": "loop"}}}}


@pytest.mark.parametrize("operation", READABLE)
def test_operation_becomes_its_node(operation):
    content, kind = READABLE[operation]
    node, faults, _ = decoded({operation: content}, TERMS)
    assert not faults
    assert isinstance(node, kind)


def test_every_operation_is_tried_above():
    assert READABLE.keys() == READERS.keys()


@pytest.mark.parametrize("operation", ["min", "max"])
def test_smallest_and_largest_are_also_of_the_records_of_a_list(operation):
    node, faults, _ = decoded({operation: {"of": "events", "value": ".severity", "otherwise": 0}})
    assert not faults
    assert isinstance(node, n.Aggregate)


@pytest.mark.parametrize(
    ("tree", "place", "message"),
    [
        ({"score": [[1, IS], 5]}, "rule.score[1]", "needs points and a rule"),
        ({"score": [["1", IS]]}, "rule.score[0][0]", "1 is not a number"),
        ({"score": []}, "rule.score", "needs a list of pairs"),
        ({"case": [[IS, 1]]}, "rule.case", "and a last value"),
        ({"case": [IS, 0]}, "rule.case[0]", "needs a rule and a value"),
        ({"mean": {"of": "events", "value": ".severity"}}, "rule.mean.otherwise", "is missing"),
        ({"power": [2]}, "rule.power", "needs a list of two values"),
        ({"same": ["note"]}, "rule.same", "needs a list of two facts"),
        ({"age": {"born": "born", "on": "visit.date", "unit": "wk"}}, "rule.age.unit", "is not one of: a, mo"),
    ],
)
def test_value_that_cannot_be_read_is_named_by_its_place(tree, place, message):
    faults = decoded(tree)[1]
    assert [fault for fault in faults if fault[0] == place and message in fault[1]], faults


def test_has_only_is_told_from_has():
    assert decoded({"has_only": {"drugs": "a"}})[0].only
    assert not decoded({"has": {"drugs": "a"}})[0].only


def test_several_facts_of_one_is_must_all_hold():
    node, _, _ = decoded({"is": {"smoker": "yes", "sex": "male"}})
    assert [arg.arg.path for arg in node.args] == ["smoker", "sex"]


def test_of_several_lists_any_will_do():
    node, _, _ = decoded({"some": {"of": ["history.stroke", "history.stroke"]}})
    assert isinstance(node, n.AnyOf)


def test_a_condition_of_the_history_counts_only_when_past_or_current():
    node, _, _ = decoded({"some": {"of": "history.stroke", "where": {"is": {".severity": "x"}}}})
    assert node.where.args[0].options == ("past", "current")


MALFORMED = [
    (None, "rule", "a rule is one operation"),
    (True, "rule", "a rule is one operation"),
    ([IS], "rule", "a rule is one operation"),
    ({}, "rule", "a rule is one operation"),
    ({"all": [IS], "any": [IS]}, "rule", "a rule is one operation"),
    ({"al": [IS]}, "rule", "unknown operation “al”; known: all, any"),
    ({"all": []}, "rule.all", "needs a list of at least one rule"),
    ({"all": IS}, "rule.all", "needs a list of at least one rule"),
    ({"all": [IS, {"nought": IS}]}, "rule.all[1]", "unknown operation"),
    ({"not": {"not": {"is": {}}}}, "rule.not.not.is", "needs a mapping from a fact"),
    ({"compare": ["pulse", "<="]}, "rule.compare", "needs a list of three"),
    ({"compare": ["pulse", "=", "$max_pulse"]}, "rule.compare[1]", "= is not one of: <, <=, >, >="),
    ({"compare": ["pulse", ["<"], "$max_pulse"]}, "rule.compare[1]", "is not one of"),
    ({"is": {"smoker": []}}, "rule.is.smoker", "empty option list"),
    ({"is": {"$smoker": "yes"}}, "rule.is.$smoker", "is not the name of a fact"),
    ({"is": "smoker"}, "rule.is", "needs a mapping"),
    ({"has": {"drugs": []}}, "rule.has.drugs", "empty option list"),
    ({"has": {"drugs": "a", "other": "b"}}, "rule.has", "needs a mapping from one fact"),
    ({"has_only": []}, "rule.has_only", "needs a mapping from one fact"),
    ({"known": ["pulse"]}, "rule.known", "is not the name of a fact"),
    ({"detected": "$max_pulse"}, "rule.detected", "is not the name of a fact"),
    ({"within": {"date": "visit.date", "period": "$window"}}, "rule.within", "needs `before` or `after`"),
    (
        {"within": {"date": "born", "period": "$window", "before": "born", "after": "born"}},
        "rule.within",
        "needs `before` or `after`, and not both",
    ),
    ({"within": {"date": "born", "period": "14 d", "before": "born"}}, "rule.within.period", "is not a parameter"),
    ({"within": {"period": "$window", "before": "born"}}, "rule.within.date", "is missing"),
    ({"since": {"date": "born", "period": "$window", "after": "born"}}, "rule.since.after", "unknown key"),
    ({"since": "born"}, "rule.since", "needs the keys: date, period, before"),
    ({"some": {"of": "events"}}, "rule.some.where", "is missing"),
    ({"some": {"where": IS}}, "rule.some.of", "is missing"),
    ({"some": {"of": [], "where": IS}}, "rule.some.of", "empty option list"),
    ({"some": {"of": "events", "were": IS}}, "rule.some.were", "unknown key"),
    ({"latest": {"of": "tests", "where": IS, "then": IS, "otherwise": IS}}, "rule.latest.by", "is missing"),
    ({"latest": {"of": 5, "by": ".date", "where": IS, "then": IS, "otherwise": IS}}, "rule.latest.of", "not a text"),
    ({"judgement": {"about": "pulse"}}, "rule.judgement.question", "is missing"),
    ({"judgement": "look again"}, "rule.judgement", "needs the keys: question, about"),
    ({"term": "smoke"}, "rule.term", "unknown term “smoke”; known: smokes, loop"),
    ({"term": ["smokes"]}, "rule.term", "unknown term"),
    ({"term": "loop"}, "terms.loop.rule.not.term", "refers to itself"),
    ({"if_known": {"given": "pulse", "then": IS}}, "rule.if_known.otherwise", "is missing"),
    ({"if_known": {"given": [], "then": IS, "otherwise": IS}}, "rule.if_known.given", "empty list of facts"),
    ({"compare": ["pulse", "<", {"by_unit": []}]}, "rule.compare[2].by_unit", "needs a list of parameters"),
    ({"compare": ["pulse", "<", {"by_unit": ["pulse"]}]}, "rule.compare[2].by_unit[0]", "is not a parameter"),
    ({"compare": [{"age": {"born": "born"}}, "<", "$years"]}, "rule.compare[0].age.on", "is missing"),
    ({"compare": ["born", "<", {"day": {"period": "$window"}}]}, "rule.compare[2].day", "needs `before` or `after`"),
    ({"compare": [{"plus": ["pulse"]}, "<", "$max_pulse"]}, "rule.compare[0].plus", "needs a list of two values"),
    ({"compare": [{"in": "labs.creatinine"}, "<", "$max_pulse"]}, "rule.compare[0].in", "needs a value and a unit"),
    ({"compare": [{"choose": {"sex": 1}}, "<", "$max_pulse"]}, "rule.compare[0].choose", "needs a mapping from one"),
    (
        {"compare": [{"choose": {"sex": {"male": True}}}, "<", "$max_pulse"]},
        "rule.compare[0].choose.sex.male",
        "True is not a number",
    ),
    ({"compare": [{"formula": {"label": "", "unit": "1", "value": 1}}, "<", 1]}, "rule.compare[0].formula.label", ""),
]


@pytest.mark.parametrize(("tree", "place", "message"), MALFORMED, ids=lambda value: str(value)[:50])
def test_malformed_rule_is_named_by_its_place(tree, place, message):
    _, faults, _ = decoded(tree, TERMS)
    assert any(where == place and message in what for where, what in faults), faults


def test_every_fault_of_a_rule_is_named_in_one_answer():
    _, faults, _ = decoded({"all": [{"is": {"smoker": []}}, {"nought": 1}, {"term": "smoke"}]}, TERMS)
    assert [place for place, _ in faults] == ["rule.all[0].is.smoker", "rule.all[1]", "rule.all[2].term"]
