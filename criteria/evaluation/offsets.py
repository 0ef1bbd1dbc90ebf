"""Values beyond their limit with which a criterion passes all the same, because another one is enough.

A low creatinine clearance beside a good creatinine is one. They are listed for the investigator's information.
"""

from __future__ import annotations

from collections.abc import Iterator

from criteria.evaluation.protocol import Finding, Protocol, passing_truth
from criteria.rules import nodes as n
from criteria.rules.decisive import decisive_leaves
from criteria.rules.proofs.leaf_reasons import LeafReasons
from criteria.rules.proofs.reasons import Reason, merge_reasons, reason_texts
from criteria.rules.trace import Trace
from criteria.rules.truth import FALSE, TRUE, Truth


def offset_values(protocol: Protocol, finding: Finding) -> tuple[str, ...]:
    """Return the values of the visit, each with the limit that it misses; empty for what does not pass.

    Records of lists are left out: of several lesions one is enough.
    """
    if finding.outcome != "pass" or finding.condition.truth is not passing_truth(finding):
        return ()
    of_leaves, wanted = LeafReasons(protocol.explainer.leaves, excluding=False), passing_truth(finding)
    return tuple(reason_texts(merge_reasons(offset_reasons(of_leaves, finding.condition, wanted), every=False)))


def offset_reasons(of_leaves: LeafReasons, trace: Trace, wanted: Truth) -> Iterator[Reason]:
    match trace.node:
        case n.Not():
            yield from offset_reasons(of_leaves, trace.children[0], ~wanted)
        case n.AllOf() | n.AnyOf() if is_enough(trace, wanted):
            yield from missed_reasons(of_leaves, trace, wanted)
        case n.AllOf() | n.AnyOf() | n.AtLeast() | n.Named() | n.IfKnown():
            for child in trace.children:
                yield from offset_reasons(of_leaves, child, wanted)


def is_enough(trace: Trace, wanted: Truth) -> bool:
    """Return whether one part of a condition is enough for the truth that is wanted, and was."""
    return trace.truth is wanted is (TRUE if isinstance(trace.node, n.AnyOf) else FALSE)


def missed_reasons(of_leaves: LeafReasons, trace: Trace, wanted: Truth) -> Iterator[Reason]:
    """Yield the numbers that miss their limit, but for those that another limit lets pass."""
    met = [child for child in trace.children if child.truth is wanted]
    passing = {leaf.label for child in met for leaf in decisive_leaves(of_leaves.leaves, child, ~wanted)}
    for child in trace.children:
        if child.truth is ~wanted:
            for leaf in decisive_leaves(of_leaves.leaves, child, wanted):
                if leaf.gap and not leaf.lists and leaf.label not in passing:
                    yield from of_leaves.reasons(leaf.trace, leaf.wanted, ())
