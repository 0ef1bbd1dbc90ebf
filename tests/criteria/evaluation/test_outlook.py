import random

from hypothesis import given, settings, strategies as st

from criteria.evaluation.missing import next_steps
from criteria.evaluation.outlook import outlook
from criteria.evaluation.remedy import remedy_of
from criteria.evaluation.retests import retests
from tests.support.documents import amend, changed, history, put, result
from tests.support.random_documents import random_document


def test_a_person_who_is_eligible_has_nothing_to_wait_for(protocol, man):
    found = outlook(protocol, man)
    assert (found.overall, found.remedies, found.final, found.steps, found.retests) == ("eligible", {}, (), [], ())
    assert found.count("pass") + found.count("not_applicable") == 42


def test_what_fails_for_good_is_told_apart_from_what_may_come_right(protocol):
    found = outlook(
        protocol,
        changed(
            history("myocarditis", {"status": "past"}),
            result("anc", "1.4"),
            amend("therapies", end_date="2026-02-23"),
            put(performance__ecog=None),
        ),
    )
    assert found.overall == "ineligible"
    assert {code: each.remedy for code, each in found.remedies.items()} == {
        "I08": "act",
        "E03": "wait",
        "E13": "none",
    }
    assert found.final == ("E13",)
    assert [step.path for step in found.steps] == ["performance.ecog"]
    assert (found.count("fail"), found.count("unknown")) == (3, 1)
    assert found.outcomes["I03"] == "unknown"


def test_what_a_failure_will_wait_for_is_to_be_got_now(protocol):
    infection = {"status": "past", "date": "2026-03-01", "severe": "yes", "anti_infective": "systemic"}
    found = outlook(protocol, changed(history("infection", infection)))
    assert found.count("unknown") == 0
    assert [(step.path, step.settles, step.helps) for step in found.steps] == [
        ("history.infection.anti_infective_ongoing", (), ("E18",)),
        ("history.infection.anti_infective_last_date", (), ("E18",)),
    ]


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_an_outlook_says_what_its_parts_say(protocol, seed):
    document = random_document(random.Random(seed))
    found = outlook(protocol, document)
    findings = protocol.evaluate(document)
    sheet = protocol.sheet(document)
    assert (found.overall, found.outcomes) == (sheet.overall, sheet.outcomes)
    failing = [finding for finding in findings if finding.outcome == "fail"]
    assert found.remedies == {each.criterion.code: remedy_of(protocol, document, each) for each in failing}
    if not any(each.missing for each in found.remedies.values()):
        assert found.steps == next_steps(protocol, document, findings)
    assert found.retests == retests(protocol, document, findings)
    assert set(found.final) <= found.remedies.keys()
