"""Where a parameter is used: the comparison or the window that it limits, and the conditions around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from criteria.evaluation.protocol import Criterion
from criteria.rules import nodes as n
from criteria.rules.explain import params_in

Lists = tuple[str, ...]  # the names of the lists of records around a condition, the nearest first
Leaf = n.Compare | n.Within
Holds = Callable[[Leaf, Lists], bool]


class Use(NamedTuple):
    """`trail` leads from the root of the rule (or of what says where it applies) to the leaf."""

    criterion: Criterion
    name: str
    trail: tuple[n.Node, ...]
    lists: Lists
    leaf: Leaf


def uses(criterion: Criterion, name: str) -> Iterator[Use]:
    for root in (criterion.applies, criterion.rule):
        if root is not None:
            for trail, lists in trails(root):
                leaf = trail[-1]
                if isinstance(leaf, Leaf) and name in names(leaf):
                    yield Use(criterion, name, trail, lists, leaf)


def trails(node: n.Node, lists: Lists = ()) -> Iterator[tuple[tuple[n.Node, ...], Lists]]:
    """The way to every condition that looks at facts itself, with the lists around it."""
    inner = list(conditions(node, lists))
    if not inner:
        yield (node,), lists
    for child, around in inner:
        for trail, found in trails(child, around):
            yield (node, *trail), found


def conditions(node: n.Node, lists: Lists) -> Iterator[tuple[n.Node, Lists]]:
    """The conditions directly within one."""
    match node:
        case n.Some(records, where):
            yield where, (records, *lists)
        case n.Latest(records, where, _, then, otherwise):
            yield from ((where, (records, *lists)), (then, (records, *lists)), (otherwise, lists))
        case n.Not() | n.Named() | n.AllOf() | n.AnyOf():
            yield from ((child, lists) for child in n.children(node))
        case n.IfKnown(_, then, otherwise):
            yield from ((then, lists), (otherwise, lists))


def enters_record(node: n.Node, child: n.Node) -> bool:
    """Whether a condition within another is about one record of a list."""
    return isinstance(node, n.Some) or (isinstance(node, n.Latest) and child is not node.otherwise)


def names(leaf: Leaf) -> frozenset[str]:
    return frozenset(param.name for param in params_in(leaf))


def same_use(use: Use) -> Holds:
    """Whether a leaf, of this edition or another, limits the same facts of the same lists by the same parameter."""
    facts = facts_of(use.leaf)
    return lambda leaf, lists: use.name in names(leaf) and lists == use.lists and facts_of(leaf) == facts


def any_use(name: str) -> Holds:
    return lambda leaf, lists: name in names(leaf)


def looked_at(leaf: Leaf) -> list[n.Fact]:
    """The facts that a document about the leaf says."""
    return [fact for side in n.children(leaf) for fact in n.facts_in(measured(side))]


def measured(side: n.Node) -> n.Node:
    """Of a value with two sources the one that is taken where it is known."""
    return side.then if isinstance(side, n.IfKnown) else side


def facts_of(leaf: Leaf) -> frozenset[str]:
    return frozenset(fact.path for fact in n.facts_in(leaf))


class Paths(NamedTuple):
    """By identity: the leaves in question, and everything from the roots of a criterion down to them."""

    leaves: frozenset[int]
    nodes: frozenset[int]


def paths(criterion: Criterion, holds: Holds) -> Paths:
    found = [
        trail
        for root in (criterion.applies, criterion.rule)
        if root is not None
        for trail, lists in trails(root)
        if isinstance(trail[-1], Leaf) and holds(trail[-1], lists)
    ]
    return Paths(frozenset(id(trail[-1]) for trail in found), frozenset(id(node) for trail in found for node in trail))
