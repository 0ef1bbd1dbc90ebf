"""Reachability of another truth of a condition, from its trace and from what may still change.

Conservative: the unknown may become either, and where this cannot be determined a condition may change.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from criteria.rules import nodes as n
from criteria.rules.dates import shift_range
from criteria.rules.facts import EnclosingLists, Limit, Schema, full_path
from criteria.rules.ranges import Range
from criteria.rules.trace import Trace
from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth

ValueMoves = frozenset[str]  # of a value: "up", "down", either, or neither
NOWHERE: ValueMoves = frozenset()
UP: ValueMoves = frozenset({"up"})
ANYWHERE: ValueMoves = frozenset({"up", "down"})
OPPOSITE_MOVES = {"up": "down", "down": "up"}
NEEDED_MOVES = {"<": "down", "<=": "down", ">": "up", ">=": "up"}  # of the left side, for a comparison to become true
# A condition of the history that the person had once, the person will always have had.
LATER_STATUS: Mapping[str, frozenset[str]] = {
    "absent": frozenset({"absent", "past", "current"}),
    "past": frozenset({"past", "current"}),
    "current": frozenset({"past", "current"}),
}


class PossibleChanges(NamedTuple):
    """The changes that may still happen.

    `moves`: how a fact may move, by its full name (`therapies.ongoing` for a field of a list's records).
    `lists`: whether records may come and go in a list. `gains`: whether records may only be added to it.
    `statuses`: whether the statuses of a history may advance.
    """

    moves: Callable[[str], ValueMoves]
    lists: Callable[[str], bool]
    gains: Callable[[str], bool]
    statuses: bool


class ReachableTruth:
    def __init__(self, schema: Schema, limits: Mapping[str, Limit], changes: PossibleChanges) -> None:
        self.schema = schema
        self.limits = limits
        self.changes = changes

    def can_be(self, trace: Trace, wanted: Truth, lists: EnclosingLists = ()) -> bool:
        """Return whether a condition could become true, or false, as wanted."""
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
            case n.AtLeast():
                return self.enough_can_be(trace, wanted, lists)
            case n.Some(records):
                inner = (records, *lists)
                if self.changes.lists(records) or (wanted is TRUE and self.changes.gains(records)):
                    return True
                return (any if wanted is TRUE else all)(self.can_be(each, wanted, inner) for each in children)
            case n.Latest(records):
                return self.changes.lists(records) or self.changes.gains(records)
        return self.leaf_can_be(trace, wanted, lists)

    def enough_can_be(self, trace: Trace, wanted: Truth, lists: EnclosingLists) -> bool:
        """Return whether enough conditions could come to hold or, where FALSE is wanted, too few."""
        able = sum(self.can_be(child, wanted, lists) for child in trace.children)
        needed: int = trace.operands[0]
        return able >= needed if wanted is TRUE else len(trace.children) - able < needed

    def leaf_can_be(self, trace: Trace, wanted: Truth, lists: EnclosingLists) -> bool:
        match trace.node:
            case n.Compare() as node:
                gap = self.moves(node.left, lists) | flip_moves(self.moves(node.right, lists))
                needed = NEEDED_MOVES[node.operator] if wanted is TRUE else OPPOSITE_MOVES[NEEDED_MOVES[node.operator]]
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

    def is_status(self, fact: n.Fact, lists: EnclosingLists) -> bool:
        return fact.path == ".status" and self.schema.records[lists[0]].absence == "asked"

    def status_can_be(self, status: str, options: Collection[str], wanted: Truth) -> bool:
        later = LATER_STATUS[status] if self.changes.statuses else frozenset({status})
        return bool(later & set(options) if wanted is TRUE else later - set(options))

    def window_can_be(self, node: n.Within, trace: Trace, wanted: Truth, lists: EnclosingLists) -> bool:
        """Return whether an event could come to lie inside, or outside, a window, as wanted.

        An open window holds for any event. Time passes: a window counted from a later day leaves an event
        behind.
        """
        limit = self.limits[node.period.name]
        if limit.value is None:
            return False
        gap = self.moves(node.event, lists) | flip_moves(self.moves(node.anchor, lists))
        if wanted is FALSE:
            return ("down" in gap) if node.direction == "since" else bool(gap)
        return ("down" if self.is_after(node, trace, limit) else "up") in gap

    def is_after(self, node: n.Within, trace: Trace, limit: Limit) -> bool:
        """Return whether an event outside a window lies after its later end; `since` has none."""
        day, anchor = trace.operands
        if node.direction == "since":
            return False
        end: Range = shift_range(anchor, int(limit.value or 0), limit.unit) if node.direction == "after" else anchor
        return bool(day.low > end.low)

    def moves(self, node: n.Node, lists: EnclosingLists) -> ValueMoves:
        """Return the directions in which a value may move."""
        match node:
            case n.Fact(path):
                return self.changes.moves(full_path(path, lists))
            case n.Age(born, on):
                return self.moves(on, lists) | flip_moves(self.moves(born, lists))
            case n.Elapsed(start, end):
                return self.moves(end, lists) | flip_moves(self.moves(start, lists))
            case n.Shift(day):
                return self.moves(day, lists)
            case n.InUnit(arg) | n.Formula(_, _, arg):
                return self.moves(arg, lists)
            case n.Count(records):
                return ANYWHERE if self.changes.lists(records) else self.moves_within(node, lists, gains=records)
            case n.Aggregate(records=records):
                is_open = self.changes.lists(records) or self.changes.gains(records)
                return ANYWHERE if is_open else self.moves_within(node, lists)
            case n.Score() | n.Case():
                return self.moves_within(node, lists)
            case n.Arithmetic("plus", left, right):
                return self.moves(left, lists) | self.moves(right, lists)
            case n.Arithmetic("minus", left, right):
                return self.moves(left, lists) | flip_moves(self.moves(right, lists))
        return ANYWHERE if any(self.moves(child, lists) for child in n.children(node)) else NOWHERE

    def moves_within(self, node: n.Node, lists: EnclosingLists, gains: str = "") -> ValueMoves:
        """Return the directions in which a value that depends on conditions may move.

        Any where something may move that its conditions look at; of a count of records that may be added, up.
        """
        if any(self.may_move(child, inner) for child, inner in n.scoped_children(node, lists)):
            return ANYWHERE
        return UP if gains and self.changes.gains(gains) else NOWHERE

    def may_move(self, node: n.Node, lists: EnclosingLists) -> bool:
        """Return whether anything that a node looks at may change."""
        if isinstance(node, n.Fact):
            return self.changes.statuses if self.is_status(node, lists) else bool(self.moves(node, lists))
        if isinstance(node, n.OnRecords) and (self.changes.lists(node.records) or self.changes.gains(node.records)):
            return True
        return any(self.may_move(child, inner) for child, inner in n.scoped_children(node, lists))


def flip_moves(moves: ValueMoves) -> ValueMoves:
    return frozenset(OPPOSITE_MOVES[move] for move in moves)
