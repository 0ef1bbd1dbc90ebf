"""The outcome of a criterion is that of its traces; where the two differ, neither is used."""

import random

import pytest
from hypothesis import given, settings, strategies as st

from criteria.evaluation.criterion import OutcomesDiffer
from tests.support.random_documents import random_document
from tests.support.traced import traced_outcomes


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 2**32))
def test_outcomes_are_those_of_the_traces_at_any_visit(protocol, seed):
    document = random_document(random.Random(seed))
    assert protocol.outcomes(document) == traced_outcomes(protocol, document)


def test_traces_are_made_once_and_only_when_they_are_looked_at(protocol, man):
    finding = protocol.evaluate(man)[0]
    assert finding.made is None
    assert finding.condition is finding.traces[1]
    assert finding.traces is finding.traces


def test_finding_that_its_traces_contradict_is_an_error(protocol, man):
    finding = protocol.evaluate(man)[0]
    finding.outcome = "fail"
    with pytest.raises(OutcomesDiffer, match="fail without a trace, pass with it"):
        _ = finding.condition


def test_every_whole_evaluation_agrees_with_the_outcomes_alone(protocol, cases):
    for case in cases.values():
        outcomes = protocol.outcomes(case["document"])
        assert protocol.assess(case["document"]).outcomes == outcomes == case["expect"], case["id"]


def test_compiling_at_once_changes_nothing(protocol, man):
    before = protocol.assess(man)
    protocol.compile()
    assert protocol.assess(man) == before
