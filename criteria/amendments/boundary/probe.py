"""Asks one protocol what it makes of a document, as far as one limit of one criterion goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from criteria.amendments.boundary.decided import outcome
from criteria.amendments.boundary.uses import Paths
from criteria.evaluation.protocol import Finding, Outcome, Protocol
from criteria.rules.trace import Trace
from criteria.rules.truth import Truth

Document = Mapping[str, Any]


class Probe:
    """Documents need not be valid, but must be readable."""

    def __init__(self, protocol: Protocol, code: str, paths: Paths) -> None:
        self.protocol = protocol
        self.code = code
        self.paths = paths

    def finding(self, document: Document) -> Finding:
        (found,) = self.protocol.findings(self.protocol.reader.read(document), (self.code,))
        return found

    def outcome(self, document: Document) -> Outcome:
        return outcome(self.finding(document), self.paths)

    def leaf(self, document: Document) -> Trace | None:
        """The leaf's own trace; of several records the first of which it knows both sides."""
        finding = self.finding(document)
        traces = [trace for trace in (finding.applies, finding.condition) if trace]
        leaves = [found for trace in traces for found in within(trace, self.paths)]
        return next((leaf for leaf in leaves if None not in leaf.operands), leaves[0] if leaves else None)

    def truth(self, document: Document) -> Truth | None:
        leaf = self.leaf(document)
        return None if leaf is None else leaf.truth

    def gap(self, document: Document) -> Fraction | None:
        """By how much the left side exceeds the right one; None where that is not known exactly."""
        leaf = self.leaf(document)
        if leaf is None or not all(side is not None and side.is_point for side in leaf.operands):
            return None
        left, right = leaf.operands
        return Fraction(left.low) - Fraction(right.low)


def within(trace: Trace, paths: Paths) -> Iterator[Trace]:
    if id(trace.node) in paths.leaves:
        yield trace
    for child in trace.children:
        yield from within(child, paths)
