"""What is told of a sample that gave no result: what counts in its place, and what is to be repeated."""

import random

import pytest
from hypothesis import given, strategies as st

from criteria.evaluation.missing import next_steps
from criteria.evaluation.needed import flat
from criteria.evaluation.not_done import not_done_tests
from criteria.evaluation.outlook import outlook
from tests.support.documents import add, changed, result
from tests.support.random_documents import random_document

SAMPLE = {"analyte": "anc", "collected": "2026-03-10", "not_done": "溶血"}


def told(protocol, document):
    assert not protocol.validate(document)
    return {path: each.sentence for path, each in not_done_tests(protocol.vocabulary, document).items()}


def test_earlier_result_counts_and_the_sample_is_told_beside_it(protocol):
    document = changed(add("labs", SAMPLE))
    assert protocol.assess(document) == protocol.assess(changed())
    assert told(protocol, document) == {
        "labs.anc": "neutrophils: the sample of 2026-03-10 gave no result (溶血); the result of 2026-03-08 is used"
    }


def test_without_another_result_the_criterion_is_unknown_and_the_test_is_to_be_repeated(protocol):
    document = changed(result("anc", None), add("labs", SAMPLE))
    found = outlook(protocol, document)
    assert found.outcomes["I08"] == "unknown"
    (step,) = found.steps
    assert (step.path, step.settles) == ("labs.anc", ("I08",))
    assert step.question == "repeat neutrophils: the sample of 2026-03-10 gave no result (溶血)"
    assert told(protocol, document) == {
        "labs.anc": "neutrophils: the sample of 2026-03-10 gave no result (溶血); there is no other result"
    }


@pytest.mark.parametrize("day", ["2026-03-01", "2026-03-08"])
def test_nothing_is_told_of_a_sample_before_the_result_that_counts(protocol, day):
    document = changed()
    document["labs"].insert(0, SAMPLE | {"collected": day})
    assert told(protocol, document) == {}


def test_last_of_several_samples_is_told(protocol):
    same_day = SAMPLE | {"not_done": "标本量不足"}
    document = changed(add("labs", SAMPLE, same_day, SAMPLE | {"collected": "2026-03-09"}))
    assert "sample of 2026-03-10 gave no result (标本量不足)" in told(protocol, document)["labs.anc"]


def test_result_too_old_is_repeated_because_the_newer_sample_gave_none(with_parameter):
    protocol = with_parameter("lab_max_age", "3")
    document = changed(add("labs", SAMPLE))
    steps = next_steps(protocol, document, protocol.evaluate(document))
    (step,) = [each for each in steps if each.path == "labs.anc"]
    assert step.question == "repeat neutrophils (the last is too old); the sample of 2026-03-10 gave no result (溶血)"


def test_advice_to_repeat_says_what_came_of_the_last_sample(protocol):
    document = changed(result("anc", "1.4"), result("platelets", 20, "10*9/L"), add("labs", SAMPLE))
    advice = outlook(protocol, document).remedies["I08"].advice
    assert [each.repeat for each in flat(advice)] == ["neutrophils (sample of 2026-03-10: 溶血)", "platelets"]


def test_sample_without_a_result_is_no_attempt(protocol):
    low = {"analyte": "anc", "value": 1, "unit": "10*9/L", "collected": "2026-03-01"}
    (retest,) = outlook(protocol, changed(add("labs", low, SAMPLE, SAMPLE))).retests
    assert (retest.code, retest.attempts, retest.counted[:3]) == ("I08", 2, "3.2")


@given(st.integers(0, 2**32), st.sampled_from(["anc", "hbv_dna", "creatinine"]))
def test_steps_remedies_and_retests_stay_the_same_but_for_what_is_told(protocol, seed, test):
    document = random_document(random.Random(seed))
    labs = document["labs"] if isinstance(document.get("labs"), list) else []
    sample = {"analyte": test, "collected": "2027-01-01", "not_done": "lost"}
    before, found = outlook(protocol, document), outlook(protocol, document | {"labs": [*labs, sample]})
    assert [each._replace(question="") for each in found.steps] == [each._replace(question="") for each in before.steps]
    for code, remedy in found.remedies.items():
        plain = [each._replace(repeat=each.repeat.partition(" (sample of")[0]) for each in flat(remedy.advice)]
        assert (remedy._replace(advice=()), plain) == (
            before.remedies[code]._replace(advice=()),
            list(flat(before.remedies[code].advice)),
        )
    assert (found.outcomes, found.retests, found.next_change) == (before.outcomes, before.retests, before.next_change)
