"""Uses of a changed parameter: the comparison or window that it limits, and the conditions around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from criteria.evaluation.protocol import Criterion
from criteria.rules import nodes as n
from criteria.rules.facts import EnclosingLists, Limit

LimitsByName = Mapping[str, Limit]
LimitLeaf = n.Compare | n.Within
LeafTest = Callable[[LimitLeaf, EnclosingLists], bool]


class RuleLeaf(NamedTuple):
    """A comparison or window, within its lists of records.

    `node_path` leads from the root of the rule (or of the condition that says where it applies) to the leaf.
    """

    node: LimitLeaf
    lists: EnclosingLists
    node_path: tuple[n.Node, ...]


class ParameterUse(NamedTuple):
    """One use of a parameter in a criterion."""

    criterion: Criterion
    name: str
    node_path: tuple[n.Node, ...]
    lists: EnclosingLists
    leaf: LimitLeaf


def changed_parameters(old: LimitsByName, new: LimitsByName) -> tuple[str, ...]:
    """Return the parameters of both editions whose value or unit differs."""
    both_have = [name for name in new if name in old]
    return tuple(name for name in both_have if (old[name].value, old[name].unit) != (new[name].value, new[name].unit))


def parameter_uses(criterion: Criterion, name: str) -> Iterator[ParameterUse]:
    for leaf in leaves_of(criterion):
        if name in parameter_names(leaf.node):
            yield ParameterUse(criterion, name, leaf.node_path, leaf.lists, leaf.node)


def leaves_of(criterion: Criterion) -> list[RuleLeaf]:
    """Return every comparison and window of a criterion, in the order of the rule."""
    roots = (root for root in (criterion.applies, criterion.rule) if root is not None)
    return [leaf for root in roots for leaf in leaves_within(root, (), ())]


def leaves_within(node: n.Node, lists: EnclosingLists, above: tuple[n.Node, ...]) -> Iterator[RuleLeaf]:
    if isinstance(node, LimitLeaf):
        yield RuleLeaf(node, lists, (*above, node))
    for child, around in inner_conditions(node, lists):
        yield from leaves_within(child, around, (*above, node))


def inner_conditions(node: n.Node, lists: EnclosingLists) -> Iterator[tuple[n.Node, EnclosingLists]]:
    """Yield the conditions directly within a node; of those within a value (a count, a score) no document is made."""
    match node:
        case n.Some(records, where):
            yield where, (records, *lists)
        case n.Latest(records, where, _, then, otherwise):
            yield from ((where, (records, *lists)), (then, (records, *lists)), (otherwise, lists))
        case n.Not() | n.Named() | n.AllOf() | n.AnyOf():
            yield from ((child, lists) for child in n.children(node))
        case n.AtLeast(_, args):
            yield from ((child, lists) for child in args)
        case n.IfKnown(_, then, otherwise):
            yield from ((then, lists), (otherwise, lists))


def enters_record(node: n.Node, child: n.Node) -> bool:
    """Return whether a condition within another is about one record of a list."""
    return isinstance(node, n.Some) or (isinstance(node, n.Latest) and child is not node.otherwise)


def parameter_names(leaf: LimitLeaf) -> frozenset[str]:
    return frozenset(param.name for param in n.params_in(leaf))


def same_use(use: ParameterUse) -> LeafTest:
    """Return a test for leaves that use the parameter as this use does.

    It is true for a leaf, of this edition or another, that limits the same facts of the same lists by the same
    parameter.
    """
    facts = leaf_fact_paths(use.leaf)
    return lambda leaf, lists: (
        use.name in parameter_names(leaf) and lists == use.lists and leaf_fact_paths(leaf) == facts
    )


def any_use(name: str) -> LeafTest:
    return lambda leaf, lists: name in parameter_names(leaf)


def leaf_facts(leaf: LimitLeaf) -> list[n.Fact]:
    """Return the facts that a document about the leaf must answer."""
    return [fact for side in n.children(leaf) for fact in n.own_facts(primary_source(side))]


def primary_source(side: n.Node) -> n.Node:
    """Return the source of a value with two sources that is used where it is known."""
    return side.then if isinstance(side, n.IfKnown) else side


def leaf_fact_paths(leaf: LimitLeaf) -> frozenset[str]:
    return frozenset(fact.path for fact in n.facts_in(leaf))


class LeafPaths(NamedTuple):
    """Nodes of a criterion by identity.

    `leaves` are the leaves in question, `nodes` everything from the roots of the criterion down to them.
    """

    leaves: frozenset[int]
    nodes: frozenset[int]


def leaf_paths(criterion: Criterion, holds: LeafTest) -> LeafPaths:
    found = [leaf for leaf in leaves_of(criterion) if holds(leaf.node, leaf.lists)]
    return LeafPaths(
        frozenset(id(leaf.node) for leaf in found), frozenset(id(node) for leaf in found for node in leaf.node_path)
    )
