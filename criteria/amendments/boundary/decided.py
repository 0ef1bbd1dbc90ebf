"""What a criterion comes to where one limit decides it.

A document made to try one limit says little else. Of the conditions beside the limit those that it answers keep their
truth; one that it leaves unknown is taken for what lets the limit decide: as fulfilled where all conditions must hold,
as not fulfilled where any of them is enough. What the limit itself looks at stays unknown where it is not known.
"""

from __future__ import annotations

from criteria.amendments.boundary.uses import Paths
from criteria.evaluation.protocol import Finding, Outcome, outcome_of
from criteria.rules import nodes as n
from criteria.rules.trace import Trace
from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth, all_of, any_of


def outcome(finding: Finding, paths: Paths) -> Outcome:
    applies = taken(finding.applies, paths, TRUE) if finding.applies else TRUE
    return outcome_of(finding.criterion.category, applies, decided(finding.condition, paths))


def decided(trace: Trace, paths: Paths) -> Truth:
    """The truth of a condition under that convention; of one without the limit its own."""
    if id(trace.node) not in paths.nodes:
        return trace.truth
    children = trace.children
    match trace.node:
        case n.Not():
            return ~decided(children[0], paths)
        case n.Named() | n.IfKnown():
            return decided(children[0], paths)
        case n.AllOf():
            return all_of([taken(child, paths, TRUE) for child in children])
        case n.AnyOf():
            return any_of([taken(child, paths, FALSE) for child in children])
        case n.Some():
            found = any_of([decided(child, paths) for child in children])
            return UNKNOWN if found is FALSE and not trace.operands[1] else found
        case n.Latest():
            return latest(trace, paths)
    return trace.truth


def taken(trace: Trace, paths: Paths, neutral: Truth) -> Truth:
    """A condition beside others: unknown, and without the limit, it is taken for what lets them decide."""
    found = decided(trace, paths)
    return neutral if found is UNKNOWN and id(trace.node) not in paths.nodes else found


def latest(trace: Trace, paths: Paths) -> Truth:
    """Which record counts must be known; then what is asked of it decides."""
    _, _, undated, closed = trace.operands
    *candidates, asked = trace.children
    if undated or not closed or any(child.truth is UNKNOWN for child in candidates):
        return UNKNOWN
    return decided(asked, paths)
