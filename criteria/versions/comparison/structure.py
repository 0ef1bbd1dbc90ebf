"""Rules compared as trees: the values of parameters are left out, terms are expanded."""

from __future__ import annotations

from typing import Any

from criteria.evaluation.protocol import Criterion, nodes_of
from criteria.rules import nodes as n


def shape(node: n.Node | None) -> Any:
    """The tree as nested tuples, equal for two rules that ask the same in the same order, whatever their limits are."""
    return None if node is None else (type(node).__name__, *map(shaped, vars(node).values()))


def shaped(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(shaped, value))
    return shape(value) if isinstance(value, n.Node) else value


def paths_of(criterion: Criterion) -> frozenset[str]:
    """The facts and the lists of records that a criterion looks at."""
    paths = [
        node.path if isinstance(node, n.Fact) else node.records
        for node in nodes_of(criterion)
        if isinstance(node, n.Fact | n.Some | n.Latest)
    ]
    return frozenset(path for path in paths if not path.startswith("."))


def formulas_of(tree: n.Node | None) -> dict[str, Any]:
    """The formulas within a rule by their name, which is all that a sentence says of them."""
    nodes = () if tree is None else n.subtrees(tree)
    return {node.label: shape(node) for node in nodes if isinstance(node, n.Formula)}
