"""Evaluation of a document by one protocol, as far as one limit of one criterion is concerned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from criteria.amendments.boundary.limit_outcome import isolated_outcome
from criteria.amendments.uses import LeafPaths
from criteria.evaluation.protocol import Finding, Outcome, Protocol
from criteria.rules.trace import Trace
from criteria.rules.truth import Truth

VisitDocument = Mapping[str, Any]


class Probe:
    """Evaluates documents by one criterion: they need not be valid, but must be readable."""

    def __init__(self, protocol: Protocol, code: str, paths: LeafPaths) -> None:
        self.protocol = protocol
        self.code = code
        self.paths = paths

    def finding(self, document: VisitDocument) -> Finding:
        (found,) = self.protocol.findings(self.protocol.reader.read(document), (self.code,))
        return found

    def outcome(self, document: VisitDocument) -> Outcome:
        return isolated_outcome(self.finding(document), self.paths)

    def leaf(self, document: VisitDocument) -> Trace | None:
        """Return the trace of the leaf; None where the criterion has none.

        Of several records it is the first for which both sides are known.
        """
        finding = self.finding(document)
        traces = [trace for trace in (finding.applies, finding.condition) if trace]
        leaves = [found for trace in traces for found in leaf_traces(trace, self.paths)]
        return next((leaf for leaf in leaves if None not in leaf.operands), leaves[0] if leaves else None)

    def truth(self, document: VisitDocument) -> Truth | None:
        leaf = self.leaf(document)
        return None if leaf is None else leaf.truth

    def gap(self, document: VisitDocument) -> Fraction | None:
        """Return the left side minus the right side; None where that is not known exactly."""
        leaf = self.leaf(document)
        if leaf is None or not all(side is not None and side.is_point for side in leaf.operands):
            return None
        left, right = leaf.operands
        return Fraction(left.low) - Fraction(right.low)


def leaf_traces(trace: Trace, paths: LeafPaths) -> Iterator[Trace]:
    if id(trace.node) in paths.leaves:
        yield trace
    for child in trace.children:
        yield from leaf_traces(child, paths)
