"""The document around one use of a parameter, and the two protocols that evaluate it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from criteria.amendments.boundary.arrange import Arrangement
from criteria.amendments.boundary.draft import DocumentDraft, FactPlace, Slot, SlotScope
from criteria.amendments.boundary.probe import Probe
from criteria.amendments.uses import (
    ParameterUse,
    any_use,
    enters_record,
    leaf_facts,
    leaf_paths,
    primary_source,
    same_use,
)
from criteria.evaluation.protocol import Protocol, nodes_of
from criteria.rules import nodes as n
from criteria.rules.facts import Limit, test_of
from criteria.rules.truth import FALSE, TRUE, Truth

RequiredCondition = tuple[n.Node, Truth, SlotScope]


@dataclass(frozen=True)
class Setup:
    """A document around one use of a parameter, with the probes of both editions.

    `free` is the fact that is moved across the limit; None where no fact can be moved.
    """

    use: ParameterUse
    draft: DocumentDraft
    scope: SlotScope
    free: FactPlace | None
    now: Probe
    then: Probe | None
    limit: Limit
    old_limit: Limit | None

    @property
    def facts(self) -> tuple[FactPlace, ...]:
        return tuple(dict.fromkeys(self.draft.place(fact, self.scope) for fact in leaf_facts(self.use.leaf)))


def setups(old: Protocol, new: Protocol, use: ParameterUse) -> Iterator[Setup]:
    """Yield the document with each fact that might be moved, the likeliest first."""
    scope, bare, conditions = document_around(use, new)
    kept = frozenset(bare.place(fact, scope) for fact in leaf_facts(use.leaf))
    bare = bare.with_required(*kept)
    now, then = edition_probes(old, new, use)
    places: list[FactPlace | None] = [bare.place(fact, scope) for fact in movable_facts(use.leaf)]
    for free in places or [None]:
        arrangement = Arrangement(new, use.criterion.code, bare, kept, free)
        for node, truth, around in conditions:
            arrangement.arrange(node, truth, around)
        asked = then if can_read(old, new, arrangement.draft) else None
        yield Setup(use, arrangement.draft, scope, free, now, asked, new.limits[use.name], old.limits.get(use.name))


def can_read(old: Protocol, new: Protocol, draft: DocumentDraft) -> bool:
    """Return whether the old edition can read the document.

    It can where it finds no fault but those that the new edition finds too.
    """
    document = draft.document()
    return set(old.validate(document)) <= set(new.validate(document))


def edition_probes(old: Protocol, new: Protocol, use: ParameterUse) -> tuple[Probe, Probe | None]:
    """Return the probes of the new and of the old edition.

    The second is None where the old edition had no such criterion or parameter.
    """
    code = use.criterion.code
    now = Probe(new, code, leaf_paths(use.criterion, same_use(use)))
    before = next((each for each in old.criteria if each.code == code), None)
    if before is None or use.name not in old.limits:
        return now, None
    found = leaf_paths(before, same_use(use))
    return now, Probe(old, code, found if found.leaves else leaf_paths(before, any_use(use.name)))


def first_day(protocol: Protocol) -> str:
    """Return the date of the visit and of everything else without a date of its own.

    It is the end of a month that most months cannot match, after the effective date of the edition.
    """
    return date(min(protocol.effective_from.year + 1, 2190), 8, 31).isoformat()


def document_around(use: ParameterUse, protocol: Protocol) -> tuple[SlotScope, DocumentDraft, list[RequiredCondition]]:
    """Return the records around the leaf, the draft, and the conditions to arrange beside it, nearest first."""
    scope: SlotScope = ()
    draft = DocumentDraft(protocol, first_day(protocol), reviewed_lists(protocol, use))
    conditions: list[RequiredCondition] = []
    for node, child in pairwise(use.node_path):
        inner = scope
        if isinstance(node, n.Some | n.Latest) and enters_record(node, child):
            slot = Slot(node.records)
            draft, inner = draft.with_slot(slot), (slot, *scope)
        if isinstance(node, n.IfKnown) and child is node.then:
            draft = draft.with_required(*(draft.place(fact, scope) for fact in node.given))
        conditions.extend(sibling_conditions(node, child, inner))
        scope = inner
    applies = use.criterion.applies
    whole = [(applies, TRUE, ())] if applies is not None and use.node_path[0] is not applies else []
    return scope, draft, [*reversed(conditions), *whole]


def sibling_conditions(node: n.Node, child: n.Node, scope: SlotScope) -> Iterator[RequiredCondition]:
    """Yield the truth that the other conditions of a node must have so that one of them decides."""
    match node:
        case n.AllOf(args):
            yield from ((arg, TRUE, scope) for arg in args if arg is not child)
        case n.AnyOf(args):
            yield from ((arg, FALSE, scope) for arg in args if arg is not child)
        case n.AtLeast(number, args) if isinstance(number, n.Number):
            others = [arg for arg in args if arg is not child]
            yield from ((arg, TRUE if at < number.value - 1 else FALSE, scope) for at, arg in enumerate(others))
        case n.Latest(_, where, _, then) if child is where:
            yield then, TRUE, scope
        case n.Latest(_, where, _, then) if child is then:
            yield where, TRUE, scope


def reviewed_lists(protocol: Protocol, use: ParameterUse) -> tuple[str, ...]:
    """Return the lists of the criterion that are marked as reviewed (complete)."""
    lists = (node.records for node in nodes_of(use.criterion) if isinstance(node, n.OnRecords))
    named = {name.partition(".")[0] if test_of(name) else name for name in lists}
    return tuple(name for name in protocol.vocabulary.reviewable if name in named)


def movable_facts(leaf: n.Node) -> list[n.Fact]:
    """Return the facts that may be moved to reach the limit.

    The facts from which a period is counted come last. The limits that a laboratory states are not moved.
    """
    match leaf:
        case n.Within(event):
            return list(n.own_facts(event))
        case n.Compare(left, _, right):
            fixed = {id(fact) for side in (left, right) for fact in shifted_facts(side)}
            facts = [fact for side in (primary_source(left), primary_source(right)) for fact in n.own_facts(side)]
            facts = [fact for fact in facts if not fact.path.endswith((".uln", ".lln", ".lod"))]
            return sorted(facts, key=lambda fact: id(fact) in fixed)
    return []


def shifted_facts(side: n.Node) -> Iterator[n.Fact]:
    for node in n.subtrees(side):
        if isinstance(node, n.Shift):
            yield from n.facts_in(node)
