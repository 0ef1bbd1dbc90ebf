"""Values beyond their limit with which a criterion passes all the same, because another one is enough.

A low creatinine clearance beside a good creatinine is one. They are listed for the investigator's information.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from criteria.evaluation.protocol import Finding, Protocol, passing_truth
from criteria.rules import nodes as n
from criteria.rules.decisive import decisive_leaves
from criteria.rules.proofs import sentences as s
from criteria.rules.proofs.proof import ProofWriter
from criteria.rules.proofs.reasons import Reason, merge_reasons, reason_texts
from criteria.rules.trace import Trace
from criteria.rules.truth import FALSE, TRUE, Truth


class Offset(NamedTuple):
    """A value with the limit that it misses, and what is `enough` beside it, both as a proof tells them."""

    value: str
    enough: str


def offset_values(protocol: Protocol, finding: Finding) -> tuple[Offset, ...]:
    """Return the values of the visit, each with the limit that it misses; empty for what does not pass.

    Records of lists are left out: of several lesions one is enough.
    """
    if finding.outcome != "pass" or finding.condition.truth is not passing_truth(finding):
        return ()
    writer, wanted = ProofWriter(protocol.explainer.leaves, excluding=False), passing_truth(finding)
    return tuple(
        Offset(text, enough_text(writer, part, truth))
        for part, truth in enough_parts(finding.condition, wanted)
        for text in reason_texts(merge_reasons(missed_reasons(writer, part, truth), every=False))
    )


def enough_parts(trace: Trace, wanted: Truth) -> Iterator[tuple[Trace, Truth]]:
    """Yield the conditions of which one part was enough, each with the truth that is wanted of it."""
    match trace.node:
        case n.Not():
            yield from enough_parts(trace.children[0], ~wanted)
        case n.AllOf() | n.AnyOf() if is_enough(trace, wanted):
            yield trace, wanted
        case n.AllOf() | n.AnyOf() | n.AtLeast() | n.Named() | n.IfKnown():
            for child in trace.children:
                yield from enough_parts(child, wanted)


def is_enough(trace: Trace, wanted: Truth) -> bool:
    """Return whether one part of a condition is enough for the truth that is wanted, and was."""
    return trace.truth is wanted is (TRUE if isinstance(trace.node, n.AnyOf) else FALSE)


def enough_text(writer: ProofWriter, trace: Trace, wanted: Truth) -> str:
    """Return the reasons of the first part that was enough."""
    met = next(child for child in trace.children if child.truth is wanted)
    return s.NEXT_REASON.join(reason_texts(writer.reasons(met, wanted, ())))


def missed_reasons(writer: ProofWriter, trace: Trace, wanted: Truth) -> Iterator[Reason]:
    """Yield the numbers that miss their limit, but for those that another limit lets pass."""
    met = [child for child in trace.children if child.truth is wanted]
    passing = {leaf.label for child in met for leaf in decisive_leaves(writer.leaves, child, ~wanted)}
    for child in trace.children:
        if child.truth is ~wanted:
            for leaf in decisive_leaves(writer.leaves, child, wanted):
                if leaf.gap and not leaf.lists and leaf.label not in passing:
                    yield from writer.of_leaves.reasons(leaf.trace, leaf.wanted, ())
