"""The one day from which a criterion that fails would be clear: a later first dose, visit or sample."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from criteria.rules import nodes as n
from criteria.rules.dates import first_clear_day, iso_date
from criteria.rules.facts import Limit
from criteria.rules.proofs import sentences as s
from criteria.rules.proofs.leaf_reasons import MIRRORED, NEGATED, LeafReasons
from criteria.rules.proofs.reasons import Anchor
from criteria.rules.ranges import Range, point
from criteria.rules.trace import Trace
from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from criteria.rules.windows import within_window


class Clear(NamedTuple):
    """The first day of the anchors that turns a condition, all else unchanged; no anchor where it is turned already."""

    day: int
    anchors: tuple[str, ...]


TURNED = Clear(0, ())


def clear_text(of_leaves: LeafReasons, condition: Trace, wanted: Truth) -> Iterator[str]:
    """Yield the day from which a failing condition would be clear, where a single day says it."""
    found = clear_day(of_leaves.limits, condition, wanted)
    if found is None or breaks_another(of_leaves.limits, condition, found):
        return
    anchors = [of_leaves.anchor(n.Fact(path), ()) for path in found.anchors]
    if text := clear_anchors_text(anchors, iso_date(found.day)):
        yield text


def clear_anchors_text(anchors: list[Anchor], day: str) -> str:
    if all(anchor.is_sample for anchor in anchors):
        return s.REPEAT_FROM % {"day": day}
    return s.CLEAR_FROM % {"day": day, "anchor": anchors[0].label} if len(anchors) == 1 else ""


def clear_day(limits: Mapping[str, Limit], trace: Trace, wanted: Truth) -> Clear | None:
    """Return the first day that makes a condition `wanted`; None where a day alone does not, or not for certain."""
    if trace.truth is wanted:
        return TURNED
    if trace.truth is UNKNOWN:
        return None
    if isinstance(trace.node, n.Not):
        return clear_day(limits, trace.children[0], ~wanted)
    children = [clear_day(limits, child, wanted) for child in trace.children]
    match trace.node:
        case n.AllOf() | n.AnyOf():
            return joined_day(children, every=isinstance(trace.node, n.AllOf) == (wanted is TRUE))
        case n.Named() | n.IfKnown():
            return children[0]
        case n.Some() if wanted is TRUE or trace.operands[1]:
            return joined_day(children, every=wanted is FALSE)
        case n.Within(_, n.Param(name), n.Fact(path), direction) if wanted is FALSE and direction != "after":
            return leaf_day(limits[name], trace.operands[0], path)
        case n.Compare(_, operator, n.Shift(n.Fact(path), n.Param(name), "before")):
            least = MIRRORED[operator if wanted is TRUE else NEGATED[operator]]
            return leaf_day(limits[name], trace.operands[0], path, at_least=least == ">=") if ">" in least else None
    return None


def leaf_day(limit: Limit, event: Range, path: str, *, at_least: bool = False) -> Clear | None:
    """Return the first day of an anchor that is more (or `at_least`) as long after an event as the window is."""
    if limit.value is None or path.startswith("."):
        return None
    return Clear(first_clear_day(event.high - at_least, int(limit.value), limit.unit), (path,))


def joined_day(days: Iterable[Clear | None], *, every: bool) -> Clear | None:
    """Return the last of several days where `every` condition has to turn, otherwise the first."""
    each = list(days)
    found = [day for day in each if day is not None]
    if every:
        anchors = tuple(dict.fromkeys(path for day in found for path in day.anchors))
        return Clear(max(day.day for day in found), anchors) if len(found) == len(each) else None
    return min(found, default=None)


def breaks_another(limits: Mapping[str, Limit], trace: Trace, found: Clear) -> bool:
    """Return whether moving the anchor brings another event into a window, or takes one out that has to be within."""
    node = trace.node
    if isinstance(node, n.Within) and isinstance(node.anchor, n.Fact) and node.anchor.path in found.anchors:
        limit = limits[node.period.name]
        if limit.value is None:
            return False
        day, count = point(found.day), int(limit.value)
        then = within_window(node.direction, count, limit.unit, trace.operands[0], day)
        return then is not trace.truth and (node.direction == "after" or then is not FALSE)
    return any(breaks_another(limits, child, found) for child in trace.children)
