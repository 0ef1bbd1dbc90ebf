"""What a condition can come out as: the examples that matter, and every small rule against all its documents."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings, strategies as st

from criteria.rules.evaluate import compile_rule
from criteria.rules.facts import Facts
from criteria.rules.possible.conditions import possible_truths
from criteria.rules.possible.values import is_in_record, range_intersection, spanning_range
from criteria.rules.ranges import Range, point
from criteria.rules.truth import FALSE, TRUE
from tests.criteria.rules.small import SCHEMA, checked, limits

ZERO = Range(Decimal(0), None)
DOMAINS = {
    "pulse": (Range(Decimal(0), Decimal(3)),),
    "pressure": (ZERO,),
    "ecog": (Range(Decimal(0), Decimal(4)),),
    "labs.creatinine": (ZERO,),
    "labs.creatinine.uln": (ZERO,),
    "labs.haemoglobin": (ZERO, ZERO),
    "events.severity": (Range(Decimal(1), Decimal(5)),),
    "history.stroke.severity": (Range(Decimal(1), Decimal(5)),),
}
AGE = {"age": {"born": "born", "on": "visit.date"}}
SMOKES = {"is": {"smoker": "yes"}}
ASK = {"judgement": {"question": "ask again", "about": "pulse"}}


def can_be(tree, **changes):
    """Whether the condition can be true, and whether it can be false."""
    node, found = checked(tree, **changes)
    assert not found.faults, found.faults
    result = possible_truths(node, SCHEMA, limits(**changes), found.kinds, DOMAINS)
    return result.true is not None, result.false is not None


def compare(path, operator, limit):
    return {"compare": [path, operator, f"${limit}"]}


@pytest.mark.parametrize(
    ("operator", "limit", "expected"),
    [
        ("<=", "0", (True, True)),
        ("<", "0", (False, True)),
        ("<=", "4", (True, False)),
        ("<", "4", (True, True)),
        (">", "4", (False, True)),
        (">=", "4", (True, True)),
        (">=", "0", (True, False)),
        (">", "0", (True, True)),
        (">=", "4.5", (False, True)),
    ],
)
def test_a_limit_at_or_beyond_what_a_field_allows(operator, limit, expected):
    assert can_be(compare("ecog", operator, "max_ecog"), max_ecog=(limit, "1")) == expected


def test_two_limits_on_one_value_leave_nothing_between_them():
    tree = {"all": [{"compare": [AGE, ">=", "$years"]}, {"compare": [AGE, "<=", "$oldest"]}]}
    assert can_be(tree, years=("80", "a"), oldest=("80", "a")) == (True, True)
    assert can_be(tree, years=("81", "a"), oldest=("80", "a")) == (False, True)
    assert can_be(tree, years=("0", "a"), oldest=("130", "a")) == (True, False)
    assert can_be({"not": tree}, years=("81", "a"), oldest=("80", "a")) == (True, False)


def test_two_limits_of_which_one_always_holds_exclude_nobody():
    tree = {"any": [{"compare": [AGE, ">=", "$years"]}, {"compare": [AGE, "<=", "$oldest"]}]}
    assert can_be(tree, years=("60", "a"), oldest=("70", "a")) == (True, False)
    assert can_be(tree, years=("70", "a"), oldest=("60", "a")) == (True, True)


def test_a_choice_between_limits_leaves_what_either_allows():
    choice = {"any": [compare("ecog", "<", "max_ecog"), compare("ecog", ">", "five")]}
    high, low = compare("ecog", ">=", "five"), compare("ecog", "<=", "max_ecog")
    assert can_be({"all": [choice, high]}, five=("3", "1")) == (True, True)
    assert can_be({"all": [choice, low]}, five=("3", "1")) == (True, True)
    assert can_be({"all": [choice, high, low]}, five=("3", "1")) == (False, True)


def test_limits_of_two_ages_are_not_confused():
    other = {"age": {"born": "born", "on": "visit.dose"}}
    tree = {"all": [{"compare": [AGE, ">=", "$years"]}, {"compare": [other, "<=", "$oldest"]}]}
    assert can_be(tree, years=("81", "a"), oldest=("80", "a")) == (True, True)


def test_a_value_reported_in_two_units_can_meet_one_limit_where_not_the_other():
    both = {"by_unit": ["$min_haemoglobin", "$min_haemoglobin_molar"]}
    most = {"by_unit": ["$most", "$most_molar"]}
    tree = {"all": [{"compare": ["labs.haemoglobin", ">=", both]}, {"compare": ["labs.haemoglobin", "<=", most]}]}
    assert can_be(tree, most=("80", "g/L"), most_molar=("6", "mmol/L")) == (True, True)
    assert can_be(tree, most=("80", "g/L"), most_molar=("5", "mmol/L")) == (False, True)


def test_limits_are_compared_in_one_unit():
    tree = {"all": [compare("labs.creatinine", ">", "least"), compare("labs.creatinine", "<", "max_creatinine")]}
    assert can_be(tree, least=("132.6", "umol/L")) == (False, True)  # 1.5 mg/dL
    assert can_be(tree, least=("132.5", "umol/L")) == (True, True)


def test_an_open_window_holds_always_and_none_lies_after_a_day_within_no_time():
    window = {"within": {"date": "born", "period": "$window", "after": "visit.dose"}}
    assert can_be(window, window=("1", "d")) == (True, True)
    assert can_be(window, window=("0", "d")) == (False, True)
    assert can_be(window, window=(None, "d")) == (True, False)
    before = {"within": {"date": "born", "period": "$window", "before": "visit.dose"}}
    assert can_be(before, window=("0", "d")) == (True, True)


def test_what_a_person_must_judge_is_never_decided():
    assert can_be(ASK) == (False, False)
    assert can_be({"any": [compare("ecog", "<", "max_ecog"), ASK]}, max_ecog=("0", "1")) == (False, False)
    assert can_be({"all": [compare("ecog", ">=", "max_ecog"), ASK]}, max_ecog=("0", "1")) == (False, False)
    assert can_be({"all": [SMOKES, ASK]}) == (False, True)


def test_a_list_without_records_makes_false_and_a_history_only_by_an_entry():
    severe = {"compare": [".severity", ">=", "$five"]}
    assert can_be({"some": {"of": "events", "where": severe}}, five=("1", "1")) == (True, True)
    assert can_be({"some": {"of": "events", "where": severe}}, five=("6", "1")) == (False, True)
    assert can_be({"some": {"of": "history.stroke", "where": severe}}, five=("1", "1")) == (True, True)  # absent


def test_two_records_are_not_taken_for_one():
    twice = {
        "all": [
            {"some": {"of": "events", "where": {"compare": [".severity", ">", "$five"]}}},
            {"some": {"of": "events", "where": {"compare": [".severity", "<", "$five"]}}},
        ]
    }
    assert can_be(twice, five=("3", "1")) == (True, True)
    once = {"some": {"of": "events", "where": {"all": [one["some"]["where"] for one in twice["all"]]}}}
    assert can_be(once, five=("3", "1")) == (False, True)


def test_a_value_of_the_visit_stays_the_same_within_records():
    inner = {"some": {"of": "events", "where": compare("ecog", ">", "max_ecog")}}
    assert can_be({"all": [inner, compare("ecog", "<=", "max_ecog")]}) == (False, True)


def test_what_is_computed_is_seen_through_where_it_is_simple():
    double = {"formula": {"label": "double", "unit": "/min", "value": {"times": [2, {"in": ["pulse", "/min"]}]}}}
    assert can_be({"compare": [double, ">", "$max_pulse"]}, max_pulse=("6", "/min")) == (False, True)
    assert can_be({"compare": [double, ">", "$max_pulse"]}, max_pulse=("5", "/min")) == (True, True)


def test_a_value_of_a_record_is_told_from_one_of_the_visit():
    assert is_in_record(
        ("in", ("if_known", ("fact", "pulse"), ("age", ("fact", ".date"), ("fact", "visit.date"))), "a")
    )
    assert not is_in_record(("choose", ("fact", "sex"), (("male", Decimal(1)),)))


bounds = st.one_of(st.none(), st.integers(0, 4))
ranges = st.builds(Range, bounds, bounds, st.booleans(), st.booleans())


def holds(value, one):
    low = one.low is None or value > one.low or (value == one.low and not one.low_open)
    return low and (one.high is None or value < one.high or (value == one.high and not one.high_open))


@given(ranges, ranges)
def test_ranges_meet_and_span_as_their_values_do(one, other):
    values = [Decimal(number) / 2 for number in range(-2, 12)]
    common, span = range_intersection(one, other), spanning_range(one, other)
    for value in values:
        assert (common is not None and holds(value, common)) == (holds(value, one) and holds(value, other))
        assert holds(value, span) or not (holds(value, one) or holds(value, other))


# Every document of two numbers, a code and at most two events, for rules over them.
NUMBERS = [None, *(point(Decimal(number)) for number in range(4)), Range(Decimal(1), Decimal(2))]
EVENTS = [(), *(({"severity": point(Decimal(number))},) for number in (1, 2, 5))]
EVENTS += [(first[0], second[0]) for first, second in product(EVENTS[1:], repeat=2)]
DOCUMENTS = [
    Facts(
        {name: value for name, value in (("pulse", pulse), ("ecog", ecog), ("smoker", smoker)) if value is not None},
        {"events": [dict(event) for event in events]},
        frozenset({"events"}) if reviewed else frozenset(),
    )
    for pulse, ecog, smoker, events, reviewed in product(NUMBERS, NUMBERS, ("yes", None), EVENTS[::2], (True, False))
]
operators, words, pair = (st.sampled_from(some) for some in (["<", "<=", ">", ">="], ["all", "any"], ["e1", "e2"]))
visit_leaves = st.one_of(
    st.builds(lambda operator, name: compare("pulse", operator, name), operators, st.sampled_from(["p1", "p2"])),
    st.builds(lambda operator, name: compare("ecog", operator, name), operators, pair),
    st.sampled_from([SMOKES, ASK, {"known": "pulse"}]),
)


def grown(leaves, depth=6):
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(lambda one: {"not": one}, inner),
            st.builds(lambda word, args: {word: args}, words, st.lists(inner, min_size=2, max_size=3)),
            st.builds(lambda one, two: {"if_known": {"given": "pulse", "then": one, "otherwise": two}}, inner, inner),
        ),
        max_leaves=depth,
    )  # fmt: skip


severities = st.builds(
    lambda operator, name: compare(".severity", operator, name), operators, st.sampled_from(["e1", "e2"])
)
somes = st.builds(
    lambda where: {"some": {"of": "events", "where": where}}, grown(st.one_of(visit_leaves, severities), 3)
)
numbers = st.sampled_from(["0", "1", "2", "3", "5", "6"])


@settings(max_examples=300)
@given(grown(st.one_of(visit_leaves, somes)), numbers, numbers, numbers, numbers)
def test_what_is_called_impossible_no_document_makes(tree, p1, p2, e1, e2):
    changes = {"p1": (p1, "/min"), "p2": (p2, "/min"), "e1": (e1, "1"), "e2": (e2, "1")}
    node, found = checked(tree, **changes)
    result = possible_truths(node, SCHEMA, limits(**changes), found.kinds, DOMAINS)
    run = compile_rule(node, SCHEMA, limits(**changes), found.kinds)
    if result.true is None:
        assert all(run(facts, None).truth is not TRUE for facts in DOCUMENTS)
    if result.false is None:
        assert all(run(facts, None).truth is not FALSE for facts in DOCUMENTS)


@given(st.lists(st.tuples(operators, numbers), min_size=1, max_size=4), words)
def test_of_limits_on_one_number_all_is_seen(found, word):
    """Over a number that may have any fraction: what is called possible, some number makes."""
    changes = {f"limit_{at}": (limit, "1") for at, (_, limit) in enumerate(found)}
    leaves = [compare("ecog", operator, f"limit_{at}") for at, (operator, _) in enumerate(found)]
    node, seen = checked({word: leaves}, **changes)
    run = compile_rule(node, SCHEMA, limits(**changes), seen.kinds)
    truths = {run(Facts({"ecog": point(Decimal(number) / 2)}, {}), None).truth for number in range(9)}
    # Of AnyOf only the falsity, and of AllOf only the truth, is one box; the other side is a hull.
    can = can_be({word: leaves}, **changes)
    assert can[word == "any"] == ((FALSE if word == "any" else TRUE) in truths)
