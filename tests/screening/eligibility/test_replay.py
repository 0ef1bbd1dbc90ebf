from dataclasses import replace

import pytest
from django.db import connection

from screening.audit.append_only import install, remove
from screening.eligibility.assess import assess
from screening.eligibility.replay import ProofWordings, replay
from screening.models import Assessment, Verdict
from screening.visits.save import open_visit, register_subject, save_section


@pytest.fixture
def assessment(trial, coordinator, cases) -> Assessment:
    visit = open_visit(register_subject(trial, coordinator), coordinator, cases["I03-ecog-2"]["document"])
    assess(visit.latest_revision(), coordinator)
    return Assessment.objects.get()


def tamper(**changes: str) -> None:
    """What somebody with the database's own password could do."""
    connection.check_constraints()  # PostgreSQL alters no table that has checks pending
    remove(connection)
    Verdict.objects.filter(code="I03").update(**changes)
    connection.check_constraints()
    install(connection)


def test_outcomes_are_byte_equal_when_replayed(assessment):
    again = replay(assessment)
    assert again.equal
    assert again.stored == again.again
    assert again.stored.startswith(b'{"overall":"ineligible","outcomes":{"I01":"pass",')
    assert (again.differences, again.same_proofs, again.same_engine, again.intact) == ((), True, True, True)


@pytest.mark.parametrize("case", ["base-man", "base-woman", "nothing-known", "E15-bp-180-untreated"])
def test_every_kind_of_outcome_is_equal_when_replayed(trial, coordinator, cases, case):
    visit = open_visit(register_subject(trial, coordinator), coordinator, cases[case]["document"])
    assess(visit.latest_revision(), coordinator)
    again = replay(Assessment.objects.get())
    assert (again.equal, again.same_proofs, again.intact) == (True, True, True)


def test_replay_is_equal_when_the_visit_was_revised_since(assessment, coordinator):
    visit = assessment.revision.visit
    save_section(visit, "performance", {"performance": {"ecog": 0}}, 1, coordinator, reason="measured again")
    assert replay(assessment).equal


def test_difference_is_named_when_an_outcome_was_tampered_with(assessment):
    tamper(outcome="pass")
    again = replay(assessment)
    assert not again.equal
    assert again.differences == (("I03", "inclusion", "pass", "fail"),)
    assert not again.intact


def test_seal_is_broken_when_a_proof_was_tampered_with(assessment):
    tamper(proof="all is well")
    again = replay(assessment)
    assert again.equal
    assert again.wordings == (ProofWordings("I03", "all is well", "ECOG performance status 2 (limit: at most 1)"),)
    assert not again.same_proofs
    assert not again.intact
    assert not again.is_reworded


def test_replay_says_so_when_the_engine_is_another(assessment, monkeypatch):
    monkeypatch.setattr("screening.eligibility.replay.ENGINE_VERSION", "99")
    assert not replay(assessment).same_engine


def test_outcomes_differ_when_only_the_finding_does(assessment):
    again = replay(assessment)
    assert not replace(again, stored=again.stored.replace(b"ineligible", b"eligible")).equal


def test_a_document_replays_when_validation_has_become_stricter(assessment, monkeypatch):
    monkeypatch.setattr("criteria.vocabulary.values.MOST_DIGITS", 0)
    assert replay(assessment).equal
