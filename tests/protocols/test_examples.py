"""The definitions that are shipped: each is sound, proves itself, and holds whatever is answered."""

import random
from decimal import Decimal
from pathlib import Path

import pytest

from criteria.definition.reader import CheckedDefinition, check_definition
from tests.conftest import ROOT
from tests.support.random_documents.by_vocabulary import less_known, random_visit

SHIPPED = sorted((ROOT / "criteria/protocols").glob("*.yaml"))
EXAMPLES = [path for path in SHIPPED if path.stem != "NCT05990231"]
TESTS_OF_AN_EXAMPLE = 25
DRAWN = 250
MOST = Decimal("0.8")  # of the criteria fail in some document
# From less to more known: what is decided stays. One that is met passes also where it is not known to whom it applies.
OUTCOMES = ("pass", "fail", "not_applicable")
STEPS = {
    ("unknown", "unknown"),
    ("pass", "not_applicable"),
    *((before, after) for after in OUTCOMES for before in ("unknown", after)),
}

checked_files: dict[Path, CheckedDefinition] = {}


def checked(path: Path) -> CheckedDefinition:
    """The file as `check_protocol` finds it, checked once."""
    if path not in checked_files:
        checked_files[path] = check_definition(path.read_text(encoding="utf-8"))
    return checked_files[path]


@pytest.fixture(params=EXAMPLES, ids=lambda path: path.stem)
def example(request):
    found = checked(request.param)
    assert found.protocol
    return found


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_definition_has_no_fault_no_warning_and_is_called_as_its_trial(path):
    found = checked(path)
    assert found.findings == ()
    assert found.protocol
    assert found.protocol.trial == path.stem


def test_example_tries_every_criterion_with_enough_documents_and_says_where_each_limit_is_from(example):
    assert len(example.data["tests"]) >= TESTS_OF_AN_EXAMPLE
    assert all(block.get("source") for block in (*example.data["criteria"], *example.data["parameters"].values()))


def test_filling_in_what_is_unknown_never_turns_an_outcome_into_its_opposite(example):
    protocol, rng = example.protocol, random.Random(20261201)
    failed = set()
    for _ in range(DRAWN):
        more = random_visit(protocol.vocabulary, rng)
        less = less_known(more, protocol.vocabulary, rng)
        if protocol.validate(more) or protocol.validate(less):
            continue
        before, after = protocol.outcomes(less), protocol.outcomes(more)
        assert {code: found for code in after if (found := (before[code], after[code])) not in STEPS} == {}, less
        failed |= {code for code in after if after[code] == "fail"}
    assert len(failed) >= MOST * len(protocol.criteria)


def test_random_document_never_crashes_proof_advice_or_what_is_missing(example):
    protocol, rng = example.protocol, random.Random(7)
    for _ in range(DRAWN // 5):
        document = random_visit(protocol.vocabulary, rng, rng.choice((0.3, 0.7, 0.95)))
        if protocol.validate(document):
            continue
        for finding in protocol.findings(protocol.reader.read(document)):
            assert protocol.proof(finding)
            assert finding.outcome != "unknown" or [*protocol.open_questions(finding)]
