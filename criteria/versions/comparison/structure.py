"""Rules compared as trees: the values of parameters are left out, terms are expanded."""

from __future__ import annotations

from typing import Any

from criteria.evaluation.protocol import Criterion, nodes_of
from criteria.rules import nodes as n


def rule_shape(node: n.Node | None) -> Any:
    """Return the tree as nested tuples, equal for two rules that ask the same in the same order.

    The values of the limits do not matter. None for no rule.
    """
    return None if node is None else (type(node).__name__, *map(value_shape, vars(node).values()))


def value_shape(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(value_shape, value))
    return rule_shape(value) if isinstance(value, n.Node) else value


def criterion_paths(criterion: Criterion) -> frozenset[str]:
    """Return the facts and the lists of records that a criterion looks at."""
    paths = [
        node.path if isinstance(node, n.Fact) else node.records
        for node in nodes_of(criterion)
        if isinstance(node, n.Fact | n.OnRecords)
    ]
    return frozenset(path for path in paths if not path.startswith("."))


def formulas_of(tree: n.Node | None) -> dict[str, Any]:
    """Return the formulas within a rule by name, which is all that a sentence gives of them."""
    nodes = () if tree is None else n.subtrees(tree)
    return {node.label: rule_shape(node) for node in nodes if isinstance(node, n.Formula)}
