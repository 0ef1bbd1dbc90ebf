"""The examples that came with the protocol's reading: every outcome of every case, and what must be refused."""

import pytest

from criteria.records import canonical
from criteria.vocabulary import BadDocument
from tests.conftest import CASES, ROOT

ROWS = [canonical.parse(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
REFUSED = [
    canonical.parse(line) for line in (ROOT / "tests/data/refused.jsonl").read_text(encoding="utf-8").splitlines()
]


def identified(rows):
    return pytest.mark.parametrize("case", [pytest.param(row, id=row["id"]) for row in rows])


@identified(ROWS)
def test_all_outcomes_are_those_of_the_example(protocol, case):
    sheet = protocol.assess(case["document"])
    assert sheet.outcomes == case["expect"]
    assert sheet.overall == case["overall"]


@identified(REFUSED)
def test_document_is_refused_for_its_fault_and_nothing_else(protocol, case):
    with pytest.raises(BadDocument) as refusal:
        protocol.assess(case["document"])
    assert [fault.path for fault in refusal.value.faults] == [case["fault"]]


def test_there_are_twelve_inclusion_and_thirty_exclusion_criteria(protocol):
    codes = [f"I{number:02}" for number in range(1, 13)] + [f"E{number:02}" for number in range(1, 31)]
    assert [criterion.code for criterion in protocol.criteria] == codes


def test_every_criterion_has_been_seen_to_pass_and_every_one_to_fail_or_stay_unknown():
    seen = {(code, outcome) for row in ROWS for code, outcome in row["expect"].items()}
    for code in ROWS[0]["expect"]:
        assert (code, "pass") in seen
        assert (code, "unknown") in seen
