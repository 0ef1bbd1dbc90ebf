"""The latest record decides only where it is known which record that is."""

import pytest

from criteria.rules.explain import Explainer
from criteria.rules.truth import FALSE, TRUE, UNKNOWN
from tests.criteria.rules.small import SCHEMA, evaluated, limits


def latest_fall(*events, reviewed=("events",)):
    """Whether the latest fall was severe, at a visit with these events; what is missing and the proof."""
    rule = {
        "latest": {
            "of": "events",
            "by": ".date",
            "where": {"is": {".kind": "fall"}},
            "then": {"compare": [".severity", ">=", "$ten"]},
            "otherwise": {"is": {"smoker": "yes"}},
        }
    }
    trace = evaluated(rule, {"smoker": "no"}, {"events": list(events)}, reviewed, ten=(10, "1"))
    explainer = Explainer(SCHEMA, limits(ten=(10, "1")))
    outcome = "unknown" if trace.truth is UNKNOWN else "pass"
    return trace.truth, explainer.open_facts(None, trace, outcome), explainer.proofs.proof(None, trace, outcome, TRUE)


def fall(severity, date=None):
    return {"kind": "fall", "severity": severity} | ({"date": date} if date else {})


def test_list_that_nobody_confirmed_is_what_is_missing():
    truth, missing, proof = latest_fall(fall(20, "2026-03-01"), reviewed=())
    assert (truth, missing) == (UNKNOWN, ["reviewed.events"])
    assert "List not confirmed complete: events" in proof


def test_only_record_is_the_latest_when_its_date_is_not_known():
    assert latest_fall(fall(20))[0] is TRUE
    assert latest_fall(fall(5))[0] is FALSE


@pytest.mark.parametrize("date", [None, "2026", "2026-03"])
def test_nobody_knows_the_latest_when_one_of_several_has_no_whole_date(date):
    truth, missing, proof = latest_fall(fall(5, "2026-03-01"), fall(20, date))
    assert (truth, missing) == (UNKNOWN, ["events[1].date"])
    assert ("Event 2: date" if date else "Event 2, not known: date") in proof
