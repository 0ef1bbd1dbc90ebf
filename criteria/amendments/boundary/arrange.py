"""Arrangement of a document so that the conditions beside the limit have a required truth.

Best effort, as far as that is simple. What cannot be arranged stays unknown; `boundary.decided` defines
what follows from that.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import Any

from criteria.amendments.boundary.draft import DocumentDraft, FactPlace, Slot, SlotScope, result_of
from criteria.amendments.boundary.probe import Probe
from criteria.amendments.boundary.roots import limit_root
from criteria.amendments.boundary.steps import nearest_numbers, short_decimal
from criteria.amendments.uses import LeafPaths, LimitLeaf, leaf_facts
from criteria.evaluation.protocol import Protocol
from criteria.rules import nodes as n
from criteria.rules.truth import FALSE, TRUE, Truth
from criteria.vocabulary.carry_forward import VISIT_KEY

DAY_OFFSETS = (0, -1, 1, -45, 45, -400, 400, -20_000)  # tried in turn for a date that has to fulfil a condition


class Arrangement:
    """Changes one draft, one required condition at a time.

    `kept` are the facts of the limit in question: no date of theirs is changed. `free` is moved later, and
    nothing that depends on it can be arranged.
    """

    def __init__(
        self, protocol: Protocol, code: str, draft: DocumentDraft, kept: frozenset[FactPlace], free: FactPlace | None
    ) -> None:
        self.protocol = protocol
        self.code = code
        self.draft = draft
        self.kept = kept
        self.free = free

    def arrange(self, node: n.Node, truth: Truth, scope: SlotScope) -> bool:
        """Change the draft so that the condition has this truth; return whether that was possible."""
        match node:
            case n.Not(arg):
                return self.arrange(arg, ~truth, scope)
            case n.Named(_, arg):
                return self.arrange(arg, truth, scope)
            case n.AllOf(args):
                return self.several(args, truth, scope, together=truth is TRUE)
            case n.AnyOf(args):
                return self.several(args, truth, scope, together=truth is FALSE)
            case n.IfKnown(_, _, otherwise):
                return self.arrange(otherwise, truth, scope)
            case n.OneOf(arg, options):
                return self.code_is(self.draft.place(arg, scope), options, truth)
            case n.Has(arg):
                return self.set_has(node, self.draft.place(arg, scope), truth)
            case n.Detected(result):
                return self.detect(self.draft.place(result, scope), truth)
            case n.Known(arg):
                return self.make_known(self.draft.place(arg, scope), truth)
            case n.Some(records, where):
                return self.some(node, records, where, truth, scope)
            case n.Compare() | n.Within():
                return self.limit(node, truth, scope)
        return False

    def several(self, args: tuple[n.Node, ...], truth: Truth, scope: SlotScope, *, together: bool) -> bool:
        """Arrange all of the conditions or, unless `together`, the first that can be arranged."""
        if together:
            found = [self.arrange(arg, truth, scope) for arg in args]
            return False not in found
        return any(self.attempt(arg, truth, scope) for arg in args)

    def attempt(self, node: n.Node, truth: Truth, scope: SlotScope) -> bool:
        """Arrange a condition wholly or not at all, because another one of several may do."""
        before = self.draft
        if self.arrange(node, truth, scope):
            return True
        self.draft = before
        return False

    def take(self, draft: DocumentDraft | None) -> bool:
        self.draft = draft or self.draft
        return draft is not None

    def code_is(self, place: FactPlace, options: Iterable[str], truth: Truth) -> bool:
        return self.take(self.draft.with_codes(place, frozenset(options), held=truth is TRUE))

    def set_has(self, node: n.Has, place: FactPlace, truth: Truth) -> bool:
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

    def detect(self, place: FactPlace, truth: Truth) -> bool:
        """Arrange a result above, or not above, a limit of detection that the laboratory gave."""
        value, lod = (Decimal(2) if truth is TRUE else Decimal(0)), (place[0], f"{place[1]}.lod")
        self.draft = self.draft.with_value(place, value).with_value(lod, Decimal(1))
        return True

    def make_known(self, place: FactPlace, truth: Truth) -> bool:
        if truth is TRUE:
            return self.take(self.draft.with_required(place))
        return place not in self.draft.answered_places()

    def some(self, node: n.Some, records: str, where: n.Node, truth: Truth, scope: SlotScope) -> bool:
        """Arrange that a list has, or has not, a record for which a condition holds.

        A record is added unless the list has one already. A list without records is complete.
        """
        if truth is FALSE or (not node.other and any(slot.list == records for slot in self.draft.slots)):
            return truth is FALSE
        slot = Slot(records)
        self.draft = self.draft.with_slot(slot)
        return self.arrange(where, TRUE, (slot, *scope))

    # Limits

    def limit(self, node: LimitLeaf, truth: Truth, scope: SlotScope) -> bool:
        """Arrange a comparison or window by a date or number of the same record, test or group.

        A fact further away is left unknown.
        """
        places = [self.draft.place(fact, scope) for fact in leaf_facts(node)]
        probe = Probe(self.protocol, self.code, LeafPaths(frozenset({id(node)}), frozenset()))
        if self.free in places or not any(self.is_near(place) for place in places):
            return False
        if self.does(probe, self.draft, truth):
            return True
        draft = self.draft.with_required(
            *(place for place in places if self.draft.type_at(place).kind in ("number", "date"))
        )
        free = [place for place in places if place not in self.draft.values and self.may_be_set(place)]
        found = (draft.with_value(place, value) for place in free for value in self.candidates(probe, draft, place))
        return self.take(next((each for each in chain([draft], found) if self.does(probe, each, truth)), None))

    def may_be_set(self, place: FactPlace) -> bool:
        """Return whether the fact may get a value.

        Of the limit's own facts only a number may: the limit is searched for once everything else is arranged.
        """
        return place not in self.kept or self.draft.type_at(place).kind == "number"

    def does(self, probe: Probe, draft: DocumentDraft, truth: Truth) -> bool:
        document = draft.document()
        return probe.truth(document) is truth and not self.protocol.validate(document)

    def is_near(self, place: FactPlace) -> bool:
        """Return whether the fact is asked together with what the document says already.

        The visit's own dates are never near another fact.
        """
        slot, name = place
        if slot is not None:
            return True
        answered = {
            asked_group(self.draft, other) for held, other in self.draft.answered_places() | self.kept if held is None
        }
        return asked_group(self.draft, name) in answered - {VISIT_KEY}

    def candidates(self, probe: Probe, draft: DocumentDraft, place: FactPlace) -> Iterable[Any]:
        """Return values on both sides of a limit, well away from it."""
        fact = draft.type_at(place)
        if fact.kind == "date":
            first = date.fromisoformat(draft.day)
            return [(first + timedelta(days=days)).isoformat() for days in DAY_OFFSETS]
        at = limit_root(probe, draft, place) if fact.kind == "number" else None
        return [] if at is None else values_beside(at, whole=draft.is_whole(place))


def values_beside(at: Fraction, *, whole: bool) -> list[Decimal]:
    beside = (at * 2, at / 2, at + 1, at - 1)
    return [number for value in beside for number in typeable_numbers(value, whole=whole)]


def typeable_numbers(value: Fraction, *, whole: bool) -> tuple[Decimal, ...]:
    exact = short_decimal(value)
    if exact is None or (whole and value.denominator != 1):
        return nearest_numbers(value, whole=whole)
    return (exact,)


def asked_group(draft: DocumentDraft, name: str) -> str:
    """Return the key of what is asked together: one test's result, or else a part of the document."""
    test = result_of(name)
    return test if test in draft.protocol.schema.facts and draft.type_at((None, test)).reported else name.split(".")[0]
