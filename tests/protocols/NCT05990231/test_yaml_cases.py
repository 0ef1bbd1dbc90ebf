"""The cases of every criterion, as they stand in the YAML files beside this module."""

from pathlib import Path

import pytest

from criteria.definition.reader import BadDefinition
from criteria.evaluation.protocol import Protocol
from tests.support.yaml_cases import Amended, Entry, read_cases

ENTRIES = {path.stem: read_cases(path) for path in sorted(Path(__file__).parent.glob("*.yaml"))}
CODES = [f"I{number:02}" for number in range(1, 13)] + [f"E{number:02}" for number in range(1, 31)]


@pytest.mark.parametrize("entry", [pytest.param(entry, id=str(entry)) for each in ENTRIES.values() for entry in each])
def test_criterion_comes_out_as_the_case_says(protocol: Protocol, amended: Amended, entry: Entry) -> None:
    case = entry.read(protocol)
    if case.refused:
        return
    try:
        protocol = amended(case.parameters)
    except (LookupError, BadDefinition) as error:
        entry.refuse(error)
    (finding,) = protocol.findings(protocol.reader.read(case.document), {entry.criterion})
    proof = protocol.proof(finding)
    assert finding.outcome == case.outcome, f"{entry}: {proof}"
    assert case.missing is None or sorted(protocol.missing(finding)) == sorted(case.missing), str(entry)
    for text in case.proof:
        assert text in proof, str(entry)


@pytest.mark.parametrize("code", CODES)
def test_each_criterion_has_cases_that_pass_that_fail_and_that_stay_unknown(code: str) -> None:
    outcomes = {entry.written.get("outcome") for entry in ENTRIES[code]}
    assert outcomes >= {"pass", "fail", "unknown"}


def test_each_file_belongs_to_a_criterion(protocol: Protocol) -> None:
    assert sorted(ENTRIES) == sorted(criterion.code for criterion in protocol.criteria)


@pytest.mark.parametrize("code", CODES)
def test_no_two_cases_of_a_criterion_are_the_same(protocol: Protocol, code: str) -> None:
    seen: dict[object, str] = {}
    for entry in ENTRIES[code]:
        other = seen.setdefault(entry.read(protocol).key(), entry.name)
        assert other == entry.name, f"{entry} is the same as “{other}”"
