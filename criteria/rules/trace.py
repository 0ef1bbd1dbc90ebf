"""What is left of evaluating one condition: enough to say why, later."""

from __future__ import annotations

from typing import Any

from criteria.rules import nodes as n
from criteria.rules.truth import Truth

Used = tuple[tuple[n.Fact, Any], ...]


class Trace:
    """What became of one condition at one visit: its node, its truth, the values it used, the conditions within it.

    Comparisons hold their two sides, and of a computed side the facts that were `used`; Some and Latest hold the
    records they went through, in the order of their children.
    """

    __slots__ = ("children", "node", "operands", "truth", "used")

    def __init__(
        self,
        node: n.Node,
        truth: Truth,
        operands: tuple[Any, ...] = (),
        children: tuple[Trace, ...] = (),
        used: Used = (),
    ) -> None:
        self.node = node
        self.truth = truth
        self.operands = operands
        self.children = children
        self.used = used
