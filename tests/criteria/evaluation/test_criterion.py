"""The outcome of a criterion is that of its traces; where the two differ, neither is used."""

import random
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from criteria.evaluation import criterion
from criteria.evaluation.checks import CheckContext
from criteria.evaluation.criterion import OutcomesDiffer
from tests.support.random_documents import random_document
from tests.support.traced import traced_outcomes

TODAY = CheckContext(date(2026, 11, 30))


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


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32))
def test_what_is_told_is_the_same_when_it_is_kept_of_earlier_visits(protocol, seed):
    document = random_document(random.Random(seed))
    kept = protocol.sheet(document), protocol.answer(document, TODAY)
    protocol.forget()
    assert (protocol.sheet(document), protocol.answer(document, TODAY)) == kept


def test_result_is_told_as_it_was_written_when_the_same_value_was_written_otherwise_before(protocol, man):
    result = next(each for each in man["labs"] if each["analyte"] == "anc")
    proofs = []
    for value in ("2.5", "2.50"):
        result["value"] = Decimal(value)
        proofs.append(next(each.proof for each in protocol.sheet(man).verdicts if each.code == "I08"))
    assert "2.5 " in proofs[0]
    assert "2.50 " in proofs[1]


def test_only_so_many_visits_are_kept(protocol, monkeypatch):
    monkeypatch.setattr(criterion, "KEPT", {"proof": 3, "questions": 3, "explanation": 3})
    rng = random.Random(5990231)
    protocol.forget()
    for _ in range(12):
        protocol.sheet(random_document(rng))
        assert max(len(kept) for each in protocol.compiled for kept in each.kept.values()) <= 3
