"""The trace of evaluating one condition: enough to explain it later."""

from __future__ import annotations

from typing import Any

from criteria.rules import nodes as n
from criteria.rules.truth import Truth

UsedFacts = tuple[tuple[n.Fact, Any], ...]


class Trace:
    """The evaluation of one condition at one visit: its node, its truth, the values it used, its inner conditions.

    Comparisons hold their two sides, and the facts that were `used` by a computed side; Some and Latest hold
    the records they went through, in the order of their children.
    """

    __slots__ = ("children", "node", "operands", "truth", "used")

    def __init__(
        self,
        node: n.Node,
        truth: Truth,
        operands: tuple[Any, ...] = (),
        children: tuple[Trace, ...] = (),
        used: UsedFacts = (),
    ) -> None:
        self.node = node
        self.truth = truth
        self.operands = operands
        self.children = children
        self.used = used
