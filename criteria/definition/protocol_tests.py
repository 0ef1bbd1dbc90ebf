"""Tests that a definition file carries: documents with what must come of them, so that every trial proves itself.

A file whose tests fail is refused where it is loaded or uploaded. What was published is not tested again before it is
read: its page shows what comes of its tests today.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from criteria.definition.blocks import ProtocolTestBlock
from criteria.evaluation.protocol import Protocol, overall_of
from criteria.rules.kinds import spelling_hint
from criteria.vocabulary.faults import Fault

Document = dict[str, Any]
ACCEPTED, REFUSED = "accepted", "refused"


class Expectation(NamedTuple):
    """One thing that a test expects, and what was found.

    `key` is the code of a criterion, `overall`, or the path of an answer that is refused; `why` is the proof of an
    outcome that is not as expected, or the fault of the answer.
    """

    key: str
    expected: str
    found: str
    why: str

    @property
    def is_met(self) -> bool:
        return self.expected == self.found


class ProtocolTestResult(NamedTuple):
    """What came of a test; `faults` are those of its document where the test does not expect them."""

    name: str
    expectations: tuple[Expectation, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def is_passed(self) -> bool:
        return not self.faults and all(each.is_met for each in self.expectations)


def faults_in_test(
    block: ProtocolTestBlock, place: str, before: Sequence[Any], codes: Collection[str]
) -> Iterator[Fault]:
    """Yield the faults of a test in itself; `before` are the names of the tests above it."""
    if block.name in before:
        yield Fault(f"{place}.name", f"duplicate name “{block.name}”")
    if block.like and block.like not in before:
        hint = spelling_hint(block.like, [name for name in before if isinstance(name, str)])
        yield Fault(f"{place}.like", f"unknown test “{block.like}”: name one that stands above{hint}")
    for code in block.expect:
        if code not in codes:
            yield Fault(f"{place}.expect.{code}", f"unknown criterion “{code}”{spelling_hint(code, codes)}")
    if block.refused and (block.expect or block.overall):
        yield Fault(f"{place}.refused", "a document that is refused has no outcomes: leave `expect` and `overall` out")
    if not (block.refused or block.expect or block.overall):
        yield Fault(place, "expects nothing: give `expect`, `overall` or `refused`")


def failure_faults(data: Mapping[str, Any], protocol: Protocol) -> Iterator[Fault]:
    """Yield a fault for each expectation that is not met, at its place in the file."""
    for at, result in enumerate(results_of_tests(data, protocol)):
        place = f"tests[{at}]"
        for path, message in result.faults:
            yield Fault(f"{place}.document.{path}", f"test “{result.name}”: the document is refused: {message}")
        for each in result.expectations:
            if not each.is_met:
                where = "refused" if each.expected == REFUSED else "overall" if each.key == "overall" else "expect"
                inner = f"{place}.{where}.{each.key}" if where == "expect" else f"{place}.{where}"
                why = f" ({each.why})" if each.why else ""
                message = f"test “{result.name}”: {each.key} comes out as {each.found}, expected {each.expected}{why}"
                yield Fault(inner, message)


def results_of_tests(data: Mapping[str, Any], protocol: Protocol) -> Iterator[ProtocolTestResult]:
    """Run the tests of a definition that is free of faults of its own, in their order."""
    documents: dict[str, Document] = {}
    for raw in data.get("tests") or ():
        block = ProtocolTestBlock.model_validate(raw)
        document = merge_patch(documents.get(block.like, {}), block.document)
        documents[block.name] = document
        yield result_of(block, document, protocol)


def merge_patch(base: Any, patch: Any) -> Any:
    """Return a document changed by a JSON Merge Patch (RFC 7396): keys are merged, null removes, lists are replaced."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(base) if isinstance(base, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def result_of(block: ProtocolTestBlock, document: Document, protocol: Protocol) -> ProtocolTestResult:
    faults = protocol.validate(document)
    if block.refused:
        told = {fault.path: fault.message for fault in faults}
        return ProtocolTestResult(block.name, tuple(refusal_of(path, told) for path in block.refused))
    if faults:
        return ProtocolTestResult(block.name, (), faults)
    outcomes = protocol.outcomes(document)
    expectations = [Expectation(code, expected, outcomes[code], "") for code, expected in block.expect.items()]
    if block.overall:
        expectations.append(Expectation("overall", block.overall, overall_of(outcomes.values()), ""))
    return ProtocolTestResult(block.name, tuple(with_proofs(expectations, document, protocol)))


def with_proofs(expectations: list[Expectation], document: Document, protocol: Protocol) -> Iterator[Expectation]:
    """Yield the expectations, those that are not met with the proof of what was found."""
    codes = {each.key for each in expectations if not each.is_met}
    findings = protocol.findings(protocol.reader.read(document), codes) if codes else []
    proofs = {finding.criterion.code: protocol.proof(finding) for finding in findings}
    yield from (each._replace(why=proofs.get(each.key, "")) for each in expectations)


def refusal_of(path: str, told: Mapping[str, str]) -> Expectation:
    found = REFUSED if path in told else ACCEPTED
    return Expectation(path, REFUSED, found, told.get(path, ""))
