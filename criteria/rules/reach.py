"""Whether a condition could still come out otherwise, from its trace and from what may yet change.

Conservative: what is unknown may come out either way, and where it cannot be told a condition may change.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from criteria.rules import nodes as n
from criteria.rules.dates import shifted
from criteria.rules.facts import Limit, Schema
from criteria.rules.ranges import Range
from criteria.rules.trace import Trace
from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth

Moves = frozenset[str]  # of a value: "up", "down", either, or neither
NOWHERE: Moves = frozenset()
UP: Moves = frozenset({"up"})
ANYWHERE: Moves = frozenset({"up", "down"})
FLIPPED = {"up": "down", "down": "up"}
NEEDED = {"<": "down", "<=": "down", ">": "up", ">=": "up"}  # of the left side, for a comparison to become true
# A condition of the history that the person had once, the person will always have had.
LATER_STATUS: Mapping[str, frozenset[str]] = {
    "absent": frozenset({"absent", "past", "current"}),
    "past": frozenset({"past", "current"}),
    "current": frozenset({"past", "current"}),
}
Lists = tuple[str, ...]  # the lists of records around a condition, the nearest first


class Changes(NamedTuple):
    """What may change: how a fact may move, by its full name (`therapies.ongoing` for a field of a list's records);
    whether records may come and go in a list, or only be added to it; whether the statuses of a history may go on."""

    moves: Callable[[str], Moves]
    lists: Callable[[str], bool]
    gains: Callable[[str], bool]
    statuses: bool


class Reach:
    def __init__(self, schema: Schema, limits: Mapping[str, Limit], changes: Changes) -> None:
        self.schema = schema
        self.limits = limits
        self.changes = changes

    def can_be(self, trace: Trace, wanted: Truth, lists: Lists = ()) -> bool:
        """Whether a condition could come to be true, or false, as wanted."""
        if trace.truth in (wanted, UNKNOWN):
            return True
        children = trace.children
        match trace.node:
            case n.Not():
                return self.can_be(children[0], ~wanted, lists)
            case n.Named():
                return self.can_be(children[0], wanted, lists)
            case n.IfKnown():
                open_branch = any(value is None or self.moves(fact, lists) for fact, value in trace.used)
                return open_branch or self.can_be(children[0], wanted, lists)
            case n.AllOf():
                return (all if wanted is TRUE else any)(self.can_be(child, wanted, lists) for child in children)
            case n.AnyOf():
                return (any if wanted is TRUE else all)(self.can_be(child, wanted, lists) for child in children)
            case n.Some(records):
                inner = (records, *lists)
                if self.changes.lists(records) or (wanted is TRUE and self.changes.gains(records)):
                    return True
                return (any if wanted is TRUE else all)(self.can_be(each, wanted, inner) for each in children)
            case n.Latest(records):
                return self.changes.lists(records) or self.changes.gains(records)
        return self.leaf_can_be(trace, wanted, lists)

    def leaf_can_be(self, trace: Trace, wanted: Truth, lists: Lists) -> bool:
        match trace.node:
            case n.Compare() as node:
                gap = self.moves(node.left, lists) | flipped(self.moves(node.right, lists))
                needed = NEEDED[node.operator] if wanted is TRUE else FLIPPED[NEEDED[node.operator]]
                return needed in gap or any(value is None for _, value in trace.used)
            case n.Within() as node:
                return self.window_can_be(node, trace, wanted, lists)
            case n.OneOf(arg, options) if self.is_status(arg, lists):
                return self.status_can_be(str(trace.operands[0]), options, wanted)
            case n.OneOf(arg) | n.Has(arg) | n.Detected(arg):
                return bool(self.moves(arg, lists))
            case n.Known(arg):
                return wanted is TRUE or bool(self.moves(arg, lists))
        return True

    def is_status(self, fact: n.Fact, lists: Lists) -> bool:
        return fact.path == ".status" and self.schema.records[lists[0]].absence == "asked"

    def status_can_be(self, status: str, options: Collection[str], wanted: Truth) -> bool:
        later = LATER_STATUS[status] if self.changes.statuses else frozenset({status})
        return bool(later & set(options) if wanted is TRUE else later - set(options))

    def window_can_be(self, node: n.Within, trace: Trace, wanted: Truth, lists: Lists) -> bool:
        """An open window holds for any event. Time goes on: what is counted from a later day leaves an event behind."""
        limit = self.limits[node.period.name]
        if limit.value is None:
            return False
        gap = self.moves(node.event, lists) | flipped(self.moves(node.anchor, lists))
        if wanted is FALSE:
            return ("down" in gap) if node.direction == "since" else bool(gap)
        return ("down" if self.is_after(node, trace, limit) else "up") in gap

    def is_after(self, node: n.Within, trace: Trace, limit: Limit) -> bool:
        """Whether an event outside a window lies beyond its later end."""
        day, anchor = trace.operands
        if node.direction == "since":
            return False
        end: Range = shifted(anchor, int(limit.value or 0), limit.unit) if node.direction == "after" else anchor
        return bool(day.low > end.low)

    def moves(self, node: n.Node, lists: Lists) -> Moves:
        """How a value may move."""
        match node:
            case n.Fact(path):
                return self.fact_moves(path, lists)
            case n.Age(born, on):
                return self.moves(on, lists) | flipped(self.moves(born, lists))
            case n.Shift(day):
                return self.moves(day, lists)
            case n.InUnit(arg) | n.Formula(_, _, arg):
                return self.moves(arg, lists)
            case n.Arithmetic("plus", left, right):
                return self.moves(left, lists) | self.moves(right, lists)
            case n.Arithmetic("minus", left, right):
                return self.moves(left, lists) | flipped(self.moves(right, lists))
        return ANYWHERE if any(self.moves(child, lists) for child in n.children(node)) else NOWHERE

    def fact_moves(self, path: str, lists: Lists) -> Moves:
        name = path.lstrip(".")
        if name == path:
            return self.changes.moves(path)
        return self.changes.moves(f"{lists[len(path) - len(name) - 1]}.{name}")


def flipped(moves: Moves) -> Moves:
    return frozenset(FLIPPED[move] for move in moves)
