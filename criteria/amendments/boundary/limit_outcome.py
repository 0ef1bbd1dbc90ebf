"""Outcome of a criterion where one limit alone decides it.

A document made to test one limit says little else. Conditions beside the limit that the document answers
keep their truth. A condition that it leaves unknown gets the truth that lets the limit decide: TRUE where
all conditions must hold, FALSE where any of them is enough. What the limit itself looks at stays unknown
where it is not known.
"""

from __future__ import annotations

from criteria.amendments.uses import LeafPaths
from criteria.evaluation.criterion import Finding, Outcome, outcome_of
from criteria.rules import nodes as n
from criteria.rules.leaf_truths import at_least_truth
from criteria.rules.trace import Trace
from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth, all_of, any_of


def isolated_outcome(finding: Finding, paths: LeafPaths) -> Outcome:
    applies = truth_or_neutral(finding.applies, paths, TRUE) if finding.applies else TRUE
    return outcome_of(finding.criterion.category, applies, isolated_truth(finding.condition, paths))


def isolated_truth(trace: Trace, paths: LeafPaths) -> Truth:
    """Return the truth of a condition under the convention of this module.

    A condition that does not contain the limit keeps its own truth.
    """
    if id(trace.node) not in paths.nodes:
        return trace.truth
    children = trace.children
    match trace.node:
        case n.Not():
            return ~isolated_truth(children[0], paths)
        case n.Named() | n.IfKnown():
            return isolated_truth(children[0], paths)
        case n.AllOf():
            return all_of([truth_or_neutral(child, paths, TRUE) for child in children])
        case n.AnyOf():
            return any_of([truth_or_neutral(child, paths, FALSE) for child in children])
        case n.AtLeast():
            return at_least_truth(trace.operands[0], [isolated_truth(child, paths) for child in children])
        case n.Some():
            found = any_of([isolated_truth(child, paths) for child in children])
            return UNKNOWN if found is FALSE and not trace.operands[1] else found
        case n.Latest():
            return latest_truth(trace, paths)
    return trace.truth


def truth_or_neutral(trace: Trace, paths: LeafPaths, neutral: Truth) -> Truth:
    """Return the truth of a condition, or `neutral` where it is unknown and does not contain the limit.

    A judgement beside the limit is no answer that the document leaves open: it stays unknown.
    """
    found = isolated_truth(trace, paths)
    if isinstance(trace.node, n.Judgement):
        return found
    return neutral if found is UNKNOWN and id(trace.node) not in paths.nodes else found


def latest_truth(trace: Trace, paths: LeafPaths) -> Truth:
    """Return the truth of what is asked of the latest record.

    UNKNOWN where it is not known which record is the latest one.
    """
    _, _, undated, closed = trace.operands
    *candidates, asked = trace.children
    if undated or not closed or any(child.truth is UNKNOWN for child in candidates):
        return UNKNOWN
    return isolated_truth(asked, paths)
