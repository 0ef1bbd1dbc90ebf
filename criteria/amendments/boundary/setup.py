"""The document around one use of a parameter, and the two protocols that are asked about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from criteria.amendments.boundary.draft import Draft, Place, Scope, Slot
from criteria.amendments.boundary.probe import Probe
from criteria.amendments.boundary.uses import Use, any_use, enters_record, looked_at, measured, paths, same_use
from criteria.amendments.boundary.wishes import Wishes
from criteria.evaluation.protocol import Protocol
from criteria.rules import nodes as n
from criteria.rules.facts import Limit
from criteria.rules.truth import FALSE, TRUE, Truth

Wish = tuple[n.Node, Truth, Scope]


@dataclass(frozen=True)
class Setup:
    """`free` is the fact that is moved across the limit; None where none can be."""

    use: Use
    draft: Draft
    scope: Scope
    free: Place | None
    now: Probe
    then: Probe | None
    limit: Limit
    old_limit: Limit | None

    @property
    def facts(self) -> tuple[Place, ...]:
        return tuple(dict.fromkeys(self.draft.place(fact, self.scope) for fact in looked_at(self.use.leaf)))


def setups(old: Protocol, new: Protocol, use: Use) -> Iterator[Setup]:
    """The document with each fact that might be moved, the likeliest first."""
    scope, bare, wishes = surrounded(use, new)
    bare = bare.needing(*(bare.place(fact, scope) for fact in looked_at(use.leaf)))
    now, then = probes(old, new, use)
    places: list[Place | None] = [bare.place(fact, scope) for fact in movable(use.leaf)]
    for free in places or [None]:
        draft = arranged(use, bare, scope, free, wishes)
        asked = then if can_read(old, new, draft) else None
        yield Setup(use, draft, scope, free, now, asked, new.limits[use.name], old.limits.get(use.name))


def can_read(old: Protocol, new: Protocol, draft: Draft) -> bool:
    """Whether the old edition asks the same: it finds no fault but those that the new one finds too."""
    document = draft.document()
    return set(old.validate(document)) <= set(new.validate(document))


def probes(old: Protocol, new: Protocol, use: Use) -> tuple[Probe, Probe | None]:
    """Who is asked now, and who before; None where the old edition had no such criterion or parameter."""
    code = use.criterion.code
    now = Probe(new, code, paths(use.criterion, same_use(use)))
    before = next((each for each in old.criteria if each.code == code), None)
    if before is None or use.name not in old.limits:
        return now, None
    found = paths(before, same_use(use))
    return now, Probe(old, code, found if found.leaves else paths(before, any_use(use.name)))


def first_day(protocol: Protocol) -> str:
    """The day of the visit and of all else: the end of a month that most months cannot match, after the edition came
    into force."""
    return date(min(protocol.effective_from.year + 1, 2190), 8, 31).isoformat()


def surrounded(use: Use, protocol: Protocol) -> tuple[Scope, Draft, list[Wish]]:
    """The records around the leaf, and what should hold beside it, the nearest first."""
    scope: Scope = ()
    draft = Draft(protocol, first_day(protocol), reviewed_lists(protocol, use))
    wishes: list[Wish] = []
    for node, child in pairwise(use.trail):
        inner = scope
        if isinstance(node, n.Some | n.Latest) and enters_record(node, child):
            slot = Slot(node.records)
            draft, inner = draft.with_slot(slot), (slot, *scope)
        if isinstance(node, n.IfKnown) and child is node.then:
            draft = draft.needing(*(draft.place(fact, scope) for fact in node.given))
        wishes.extend(beside(node, child, inner))
        scope = inner
    applies = use.criterion.applies
    whole = [(applies, TRUE, ())] if applies is not None and use.trail[0] is not applies else []
    return scope, draft, [*reversed(wishes), *whole]


def beside(node: n.Node, child: n.Node, scope: Scope) -> Iterator[Wish]:
    """What has to hold of the other conditions of a node for one of them to decide."""
    match node:
        case n.AllOf(args):
            yield from ((arg, TRUE, scope) for arg in args if arg is not child)
        case n.AnyOf(args):
            yield from ((arg, FALSE, scope) for arg in args if arg is not child)
        case n.Latest(_, where, _, then) if child is where:
            yield then, TRUE, scope
        case n.Latest(_, where, _, then) if child is then:
            yield where, TRUE, scope


def arranged(use: Use, draft: Draft, scope: Scope, free: Place | None, wishes: list[Wish]) -> Draft:
    kept = frozenset(draft.place(fact, scope) for fact in looked_at(use.leaf))
    found = Wishes(draft.protocol, use.criterion.code, draft, kept, free)
    for node, truth, around in wishes:
        found.want(node, truth, around)
    return found.draft


def reviewed_lists(protocol: Protocol, use: Use) -> tuple[str, ...]:
    """The lists of the criterion, confirmed complete."""
    roots = [root for root in (use.criterion.rule, use.criterion.applies) if root is not None]
    nodes = (node for root in roots for node in n.subtrees(root))
    named = {node.records for node in nodes if isinstance(node, n.Some | n.Latest)}
    return tuple(name for name in protocol.vocabulary.reviewable if name in named)


def movable(leaf: n.Node) -> list[n.Fact]:
    """The facts that may be moved to reach the limit. What a period is counted from stays, if anything else can move,
    and so do the limits that a laboratory states."""
    match leaf:
        case n.Within(event):
            return list(n.facts_in(event))
        case n.Compare(left, _, right):
            fixed = {id(fact) for side in (left, right) for fact in shifted_facts(side)}
            facts = [fact for side in (measured(left), measured(right)) for fact in n.facts_in(side)]
            facts = [fact for fact in facts if not fact.path.endswith((".uln", ".lod"))]
            return sorted(facts, key=lambda fact: id(fact) in fixed)
    return []


def shifted_facts(side: n.Node) -> Iterator[n.Fact]:
    for node in n.subtrees(side):
        if isinstance(node, n.Shift):
            yield from n.facts_in(node)
