import pytest

from criteria.rules.reach import ANYWHERE, NOWHERE, UP, PossibleChanges, ReachableTruth
from criteria.rules.truth import FALSE, TRUE
from tests.criteria.rules.small import CREATININE, SCHEMA, evaluated, lab, limits

VISIT = {"visit.date": "2026-03-09", "visit.dose": "2026-03-16"}


def can_be(tree, wanted, values=None, lists=None, moving=(), growing=(), gaining=(), statuses=True, **changes):
    """Whether a condition could come to be as wanted where these facts move, and time goes on."""
    trace = evaluated(tree, VISIT | (values or {}), lists, reviewed=("events",), **changes)
    assert trace.truth is ~wanted
    moves = {"visit.date": UP, "visit.dose": UP} | dict.fromkeys(moving, ANYWHERE)
    reach = ReachableTruth(
        SCHEMA,
        limits(**changes),
        PossibleChanges(
            lambda name: moves.get(name, NOWHERE), lambda name: name in growing, lambda name: name in gaining, statuses
        ),
    )
    return reach.can_be(trace, wanted)


SMOKES, PULSE = {"is": {"smoker": "yes"}}, {"compare": ["pulse", "<=", "$max_pulse"]}


def test_a_stable_fact_stays_and_a_moving_one_may_change():
    assert not can_be(SMOKES, FALSE, {"smoker": "yes"})
    assert can_be(SMOKES, FALSE, {"smoker": "yes"}, moving=["smoker"])
    assert not can_be(PULSE, TRUE, {"pulse": 120})
    assert can_be(PULSE, TRUE, {"pulse": 120}, moving=["pulse"])


@pytest.mark.parametrize(("tree", "wanted"), [({"all": [SMOKES, PULSE]}, TRUE), ({"any": [SMOKES, PULSE]}, TRUE)])
def test_of_several_conditions_all_or_one_must_come_right(tree, wanted):
    values = {"smoker": "no", "pulse": 120}
    assert can_be(tree, wanted, values, moving=["smoker", "pulse"])
    assert can_be(tree, wanted, values, moving=["pulse"]) == ("any" in tree)
    assert not can_be(tree, wanted, values)


def test_what_is_wanted_false_is_the_mirror_of_what_is_wanted_true():
    values = {"smoker": "yes", "pulse": 80}
    assert can_be({"all": [SMOKES, PULSE]}, FALSE, values, moving=["pulse"])
    assert not can_be({"any": [SMOKES, PULSE]}, FALSE, values, moving=["pulse"])
    assert can_be({"not": {"all": [SMOKES, PULSE]}}, TRUE, values, moving=["pulse"])


def test_what_is_unknown_may_come_out_either_way():
    assert can_be({"all": [SMOKES, PULSE]}, TRUE, {"pulse": 120}, moving=["pulse"])
    assert not can_be({"all": [SMOKES, PULSE]}, TRUE, {"pulse": 120})


@pytest.mark.parametrize(("operator", "grown"), [(">=", True), ("<", False)])
def test_people_only_grow_older(operator, grown):
    born = {"born": "2009-01-01"} if grown else {"born": "1960-01-01"}
    tree = {"compare": [{"age": {"born": "born", "on": "visit.date"}}, operator, "$years"]}
    assert can_be(tree, TRUE, born) is grown


@pytest.mark.parametrize(
    ("window", "day", "wanted", "expected"),
    [
        ("since", "2026-03-10", FALSE, True),  # it passes
        ("since", "2026-01-01", TRUE, False),  # it passed
        ("before", "2026-03-10", FALSE, True),
        ("before", "2026-01-01", TRUE, False),
        ("before", "2026-04-01", TRUE, True),  # it comes into the window as the dose moves on
        ("after", "2026-03-20", FALSE, True),
        ("after", "2026-03-10", TRUE, False),
        ("after", "2026-05-01", TRUE, True),
    ],
)
def test_a_window_moves_on_with_time(window, day, wanted, expected):
    anchor = {"after": "after"}.get(window, "before")
    operation = "since" if window == "since" else "within"
    tree = {operation: {"date": "born", "period": "$window", anchor: "visit.dose"}}
    assert can_be(tree, wanted, {"born": day}) is expected
    assert can_be(tree, wanted, {"born": day}, moving=["born"])


def test_an_open_window_holds_for_ever():
    tree = {"since": {"date": "born", "period": "$open", "before": "visit.dose"}}
    assert not can_be(tree, FALSE, {"born": "2026-03-10"}, moving=["born"])


def test_a_day_counted_from_the_dose_moves_on_with_it():
    tree = {"compare": ["born", "<=", {"day": {"before": "visit.dose", "period": "$window"}}]}
    assert can_be(tree, TRUE, {"born": "2026-03-10"})
    assert not can_be({"compare": ["born", ">", "visit.dose"]}, TRUE, {"born": "2026-03-10"})


@pytest.mark.parametrize(
    ("status", "options", "wanted", "expected"),
    [
        ("current", ["current"], FALSE, True),
        ("current", ["past", "current"], FALSE, False),
        ("past", ["past", "current"], FALSE, False),
        ("absent", ["past", "current"], TRUE, True),
        ("past", ["current"], TRUE, True),
        ("past", ["absent"], TRUE, False),
    ],
)
def test_a_condition_that_was_is_never_again_one_that_was_not(status, options, wanted, expected):
    tree = {"some": {"of": "history.stroke", "where": {"is": {".status": options}}}}
    entry = {"history.stroke": [{"status": status}]}
    assert can_be(tree, wanted, lists=entry) is expected


def test_a_status_stays_where_time_stands_still():
    tree = {"some": {"of": "history.stroke", "where": {"is": {".status": "current"}}}}
    entry = {"history.stroke": [{"status": "current"}]}
    assert not can_be(tree, FALSE, lists=entry, statuses=False)


FALLS = {"some": {"of": "events", "where": {"compare": [".severity", ">=", "$five"]}}}


def test_every_record_that_decides_must_come_right():
    events = {"events": [{"severity": 5}, {"severity": 9}]}
    assert not can_be(FALLS, FALSE, lists=events)
    assert can_be(FALLS, FALSE, lists=events, moving=["events.severity"])


def test_a_new_record_may_come_only_in_a_list_that_may_change():
    assert not can_be(FALLS, TRUE, lists={"events": []}, moving=["events.severity"])
    assert can_be(FALLS, TRUE, lists={"events": []}, growing=["events"])
    assert can_be(FALLS, TRUE, lists={"events": [{"severity": 1}]}, moving=["events.severity"])


def test_a_list_that_only_grows_may_gain_what_is_needed_and_never_lose_what_stands_in_the_way():
    assert can_be(FALLS, TRUE, lists={"events": []}, gaining=["events"])
    assert not can_be(FALLS, FALSE, lists={"events": [{"severity": 5}]}, gaining=["events"])


def test_the_latest_of_several_records_may_be_another():
    tree = {
        "latest": {
            "of": "tests",
            "by": ".date",
            "where": {"is": {".result": ["good", "bad"]}},
            "then": {"is": {".result": "good"}},
            "otherwise": {"judgement": {"question": "test", "about": "tests"}},
        }
    }
    rows = {"tests": [{"date": "2026-03-01", "result": "bad"}]}
    assert can_be(tree, TRUE, lists=rows, growing=["tests"])
    assert can_be(tree, TRUE, lists=rows, gaining=["tests"])
    assert not can_be(tree, TRUE, lists=rows)


def test_what_is_not_known_may_become_known():
    assert can_be({"known": "pulse"}, TRUE)
    assert not can_be({"known": "pulse"}, FALSE, {"pulse": 80})
    tree = {"if_known": {"given": "pulse", "then": PULSE, "otherwise": SMOKES}}
    assert can_be(tree, TRUE, {"smoker": "no"})
    assert not can_be(tree, TRUE, {"pulse": 120, "smoker": "yes"})


def test_a_computed_value_moves_with_what_goes_into_it():
    ratio = {"formula": {"label": "ratio", "unit": "1", "value": {"over": [{"in": ["pulse", "/min"]}, 10]}}}
    tree = {"compare": [ratio, "<=", "$max_ecog"]}
    assert not can_be(tree, TRUE, {"pulse": 120})
    assert can_be(tree, TRUE, {"pulse": 120}, moving=["pulse"])


def test_a_result_may_be_repeated_where_results_perish():
    values = {"labs.creatinine": lab("200", "umol/L", CREATININE), "drugs": ["a"]}
    for tree in ({"compare": ["labs.creatinine", "<=", "$max_creatinine"]}, {"not": {"detected": "labs.creatinine"}}):
        assert not can_be(tree, TRUE, values)
        assert can_be(tree, TRUE, values, moving=["labs.creatinine"])
    assert not can_be({"has": {"drugs": "b"}}, TRUE, values)
    assert can_be({"has": {"drugs": "b"}}, TRUE, values, moving=["drugs"])
