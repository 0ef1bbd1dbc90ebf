"""Makes a document fulfil a condition, or not, as far as that is simple: what stands beside the limit in question.

Best effort. What cannot be arranged stays unknown, and `decided` says what becomes of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import Any

from criteria.amendments.boundary.draft import Draft, Place, Scope, Slot, result_of
from criteria.amendments.boundary.probe import Probe
from criteria.amendments.boundary.roots import root
from criteria.amendments.boundary.steps import neighbours, typed
from criteria.amendments.boundary.uses import Leaf, Paths, looked_at
from criteria.evaluation.protocol import Protocol
from criteria.rules import nodes as n
from criteria.rules.truth import FALSE, TRUE, Truth
from criteria.vocabulary.carry_forward import VISIT

DAYS = (0, -1, 1, -45, 45, -400, 400, -20_000)  # tried in turn for a date that has to fulfil a condition


class Wishes:
    """Changes one draft, wish by wish. Of what is `kept`, the facts of the limit in question, no day is changed; `free`
    is moved later, and nothing that depends on it can be arranged."""

    def __init__(self, protocol: Protocol, code: str, draft: Draft, kept: frozenset[Place], free: Place | None) -> None:
        self.protocol = protocol
        self.code = code
        self.draft = draft
        self.kept = kept
        self.free = free

    def want(self, node: n.Node, truth: Truth, scope: Scope) -> bool:
        """Whether the draft could be made so that the condition has this truth."""
        match node:
            case n.Not(arg):
                return self.want(arg, ~truth, scope)
            case n.Named(_, arg):
                return self.want(arg, truth, scope)
            case n.AllOf(args):
                return self.several(args, truth, scope, together=truth is TRUE)
            case n.AnyOf(args):
                return self.several(args, truth, scope, together=truth is FALSE)
            case n.IfKnown(_, _, otherwise):
                return self.want(otherwise, truth, scope)
            case n.OneOf(arg, options):
                return self.code_is(self.draft.place(arg, scope), options, truth)
            case n.Has(arg):
                return self.set_has(node, self.draft.place(arg, scope), truth)
            case n.Known(arg):
                return self.known(self.draft.place(arg, scope), truth)
            case n.Some(records, where):
                return self.some(node, records, where, truth, scope)
            case n.Compare() | n.Within():
                return self.limit(node, truth, scope)
        return False

    def several(self, args: tuple[n.Node, ...], truth: Truth, scope: Scope, *, together: bool) -> bool:
        """All of them so, or the first that can be."""
        if together:
            found = [self.want(arg, truth, scope) for arg in args]
            return False not in found
        return any(self.attempt(arg, truth, scope) for arg in args)

    def attempt(self, node: n.Node, truth: Truth, scope: Scope) -> bool:
        """Wholly, or not at all: another of several may do."""
        before = self.draft
        if self.want(node, truth, scope):
            return True
        self.draft = before
        return False

    def take(self, draft: Draft | None) -> bool:
        self.draft = draft or self.draft
        return draft is not None

    def code_is(self, place: Place, options: Iterable[str], truth: Truth) -> bool:
        return self.take(self.draft.with_codes(place, frozenset(options), held=truth is TRUE))

    def set_has(self, node: n.Has, place: Place, truth: Truth) -> bool:
        others = [code for code in self.draft.type_at(place).options if code not in node.options]
        must: Iterable[str]
        match node.only, truth is TRUE:
            case True, True:
                must, must_not = node.options[:1], others
            case True, False:
                must, must_not = others[:1], []
            case False, True:
                must, must_not = node.options[:1], []
            case _:
                must, must_not = [], list(node.options)
        return self.take(self.draft.with_set(place, tuple(must), must_not))

    def known(self, place: Place, truth: Truth) -> bool:
        if truth is TRUE:
            return self.take(self.draft.needing(place))
        return place not in self.draft.said()

    def some(self, node: n.Some, records: str, where: n.Node, truth: Truth, scope: Scope) -> bool:
        """A record of its own, unless the list has one already; without any the list is complete."""
        if truth is FALSE or (not node.other and any(slot.list == records for slot in self.draft.slots)):
            return truth is FALSE
        slot = Slot(records)
        self.draft = self.draft.with_slot(slot)
        return self.want(where, TRUE, (slot, *scope))

    # Limits

    def limit(self, node: Leaf, truth: Truth, scope: Scope) -> bool:
        """A date or number of the same record, test or group; what is further off is left unknown."""
        places = [self.draft.place(fact, scope) for fact in looked_at(node)]
        probe = Probe(self.protocol, self.code, Paths(frozenset({id(node)}), frozenset()))
        if self.free in places or not any(self.is_near(place) for place in places):
            return False
        if self.does(probe, self.draft, truth):
            return True
        draft = self.draft.needing(*(place for place in places if self.draft.type_at(place).kind in ("number", "date")))
        free = [place for place in places if place not in self.draft.values and self.may_say(place)]
        found = (draft.saying(place, value) for place in free for value in self.candidates(probe, draft, place))
        return self.take(next((each for each in chain([draft], found) if self.does(probe, each, truth)), None))

    def may_say(self, place: Place) -> bool:
        """Of the limit's own facts a number may have any value: the limit is looked for once all else is arranged."""
        return place not in self.kept or self.draft.type_at(place).kind == "number"

    def does(self, probe: Probe, draft: Draft, truth: Truth) -> bool:
        document = draft.document()
        return probe.truth(document) is truth and not self.protocol.validate(document)

    def is_near(self, place: Place) -> bool:
        """Whether it is asked beside what the document says already; the visit's own days stand by themselves."""
        slot, name = place
        if slot is not None:
            return True
        said = {group_of(self.draft, other) for held, other in self.draft.said() | self.kept if held is None}
        return group_of(self.draft, name) in said - {VISIT}

    def candidates(self, probe: Probe, draft: Draft, place: Place) -> Iterable[Any]:
        """Values on both sides of a limit, well away from it."""
        fact = draft.type_at(place)
        if fact.kind == "date":
            first = date.fromisoformat(draft.day)
            return [(first + timedelta(days=days)).isoformat() for days in DAYS]
        at = root(probe, draft, place) if fact.kind == "number" else None
        return [] if at is None else sides(at, whole=draft.is_whole(place))


def sides(at: Fraction, *, whole: bool) -> list[Decimal]:
    wished = (at * 2, at / 2, at + 1, at - 1)
    return [number for value in wished for number in possible(value, whole=whole) if number >= 0]


def possible(value: Fraction, *, whole: bool) -> tuple[Decimal, ...]:
    exact = typed(value)
    if exact is None or (whole and value.denominator != 1):
        return neighbours(value, whole=whole)
    return (exact,)


def group_of(draft: Draft, name: str) -> str:
    """What is asked together: one test's result, else a part."""
    test = result_of(name)
    return test if test in draft.protocol.schema.facts and draft.type_at((None, test)).reported else name.split(".")[0]
