"""Advice on a criterion that fails: what can be done, made only from what the definition declares for each fact.

No advice is ever to answer a question otherwise: of a fact for which nothing can be done there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from criteria.evaluation.dose_dates import PLANNED_DOSE, reads_planned
from criteria.evaluation.needed import Advice, Found, all_of, one_of
from criteria.evaluation.protocol import Protocol
from criteria.rules import nodes as n
from criteria.rules.dates import first_clear_day, shift_day
from criteria.rules.decisive import DecisiveLeaf, leaf_label
from criteria.rules.facts import EnclosingLists, full_path
from criteria.rules.leaves import LeafPlace, enter_record
from criteria.rules.reach import NOWHERE, UP, PossibleChanges, ReachableTruth
from criteria.rules.text import limit_text
from criteria.rules.trace import Trace
from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from criteria.vocabulary.actions import FactAction, fact_action, field_of
from criteria.vocabulary.links import VISIT_DATE
from criteria.vocabulary.parts import Checklist, Course, Results

VISIT_DAYS = (VISIT_DATE, PLANNED_DOSE)
TIME_ALONE = PossibleChanges(
    moves=lambda name: UP if name in VISIT_DAYS else NOWHERE,
    lists=lambda records: False,
    gains=lambda records: False,
    statuses=False,
)


class Adviser:
    """Finder of the advice on conditions, by what may change until another visit."""

    def __init__(self, protocol: Protocol, changes: PossibleChanges) -> None:
        self.protocol = protocol
        self.leaves = protocol.explainer.leaves
        self.changes = changes
        self.reach = ReachableTruth(protocol.schema, protocol.limits, changes)
        self.time = ReachableTruth(protocol.schema, protocol.limits, TIME_ALONE)

    def advice(self, trace: Trace, wanted: Truth, place: LeafPlace = (), lists: EnclosingLists = ()) -> Found:
        """Return the advice by which a condition could become `wanted`, or None where there is none.

        It is empty where time alone, or what is still unknown, could do it.
        """
        if trace.truth in (wanted, UNKNOWN):
            return ()
        if not self.reach.can_be(trace, wanted, lists):
            return None
        children = trace.children
        match trace.node:
            case n.Not():
                return self.advice(children[0], ~wanted, place, lists)
            case n.Named() | n.IfKnown():
                return self.advice(children[0], wanted, place, lists)
            case n.AllOf() | n.AnyOf() | n.AtLeast():
                found = [self.advice(each, wanted, place, lists) for each in children]
                every = (wanted is TRUE and isinstance(trace.node, n.AllOf)) or (
                    wanted is FALSE and isinstance(trace.node, n.AnyOf)
                )
                return all_of(self.with_washout(found, children)) if every else one_of(found)
            case n.Some(name):
                records, kind = trace.operands[0], self.protocol.schema.records[name]
                inner = [
                    self.advice(child, wanted, enter_record(place, name, kind, record, records), (name, *lists))
                    for record, child in zip(records, children, strict=True)
                ]
                return one_of([*inner, self.list_advice(name)]) if wanted is TRUE else all_of(inner)
            case n.Latest(name):
                records, chosen = trace.operands[:2]
                if chosen is not None:
                    place = enter_record(place, name, self.protocol.schema.records[name], chosen, records)
                    lists = (name, *lists)
                return one_of([self.advice(children[-1], wanted, place, lists), self.list_advice(name)])
        return self.leaf_advice(trace, wanted, place, lists)

    def causes(self, trace: Trace, wanted: Truth, place: LeafPlace = (), lists: EnclosingLists = ()) -> Iterator[str]:
        """Yield the names of the records by which a condition can never become `wanted`.

        No fact is named, because about that nothing is to be done.
        """
        if trace.truth is wanted or self.reach.can_be(trace, wanted, lists):
            return
        match trace.node:
            case n.Not():
                yield from self.causes(trace.children[0], ~wanted, place, lists)
            case n.AllOf() | n.AnyOf() | n.Named() | n.IfKnown():
                for child in trace.children:
                    yield from self.causes(child, wanted, place, lists)
            case n.Some(name):
                records, kind = trace.operands[0], self.protocol.schema.records[name]
                for record, child in zip(records, trace.children, strict=True):
                    if child.truth is not wanted and not self.reach.can_be(child, wanted, (name, *lists)):
                        yield enter_record(place, name, kind, record, records)[0].label

    def list_advice(self, name: str) -> Found:
        """Return the advice on a list that may gain a record."""
        return self.advice_on(fact_action(self.protocol.vocabulary, name)) if self.changes.gains(name) else None

    def leaf_advice(self, trace: Trace, wanted: Truth, place: LeafPlace, lists: EnclosingLists) -> Found:
        label, day = leaf_label(self.leaves, trace, place), self.collected_from(trace, wanted)
        actions = [(each, lists[0] if each.of_record else each.path) for each in self.actions(trace, lists)]
        found = [self.advice_on(each, path, label if each.of_record else "", day) for each, path in actions]
        if any(found):
            record = place[0].label if place and lists and place[0].type.absence != "asked" else ""
            return one_of(self.of_record(each, record) for each in found if each)
        return () if self.time.can_be(trace, wanted, lists) else None

    def of_record(self, found: Found, record: str) -> Found:
        """Return advice to wait with the record that is waited for, where what is repeated does not name it."""
        return found and tuple(
            tuple(each._replace(record=record) if each.wait and not each.repeat else each for each in choice)
            for choice in found
        )

    def with_washout(self, found: Iterable[Found], conditions: Sequence[Trace]) -> Iterator[Found]:
        """Yield the advice on each of several conditions that all have to hold, with the washout after a wait.

        That is the window beside it which is counted back from the planned first dose.
        """
        periods = [self.washout(each) for each in conditions]
        for at, each in enumerate(found):
            beside = next((period for other, period in enumerate(periods) if period and other != at), "")
            yield each and tuple(
                tuple(one._replace(washout=one.washout or (beside if one.wait else "")) for one in choice)
                for choice in each
            )

    def washout(self, trace: Trace) -> str:
        """Return the time that has to lie between an event and the planned first dose by a leaf, or a blank.

        A window excludes on its last day, too: the time is then `more than 3 weeks`.
        """
        match trace.node:
            case n.Within(n.Fact(), period, anchor, direction) if direction != "after" and reads_planned(anchor):
                limit, is_more = self.protocol.limits[period.name], True
            case n.Compare(n.Fact(), "<=" | "<" as relation, n.Shift(day, period, "before")) if reads_planned(day):
                limit, is_more = self.protocol.limits[period.name], relation == "<"
            case _:
                return ""
        if limit.value is None:
            return ""
        return _("more than %(time)s") % {"time": limit_text(limit)} if is_more else limit_text(limit)

    def actions(self, trace: Trace, lists: EnclosingLists) -> Iterator[FactAction]:
        """Yield the action of each known fact of a leaf that may be another at a later visit, other than its days."""
        for fact, value in self.leaves.used_facts(trace):
            name = full_path(fact.path, lists)
            if value is not None and name not in VISIT_DAYS and self.may_move(fact, name):
                yield fact_action(self.protocol.vocabulary, name)

    def may_move(self, fact: n.Fact, name: str) -> bool:
        part = self.protocol.vocabulary.parts[name.split(".")[0]]
        is_status = isinstance(part, Checklist) and fact.path == ".status"
        return (is_status and self.changes.statuses) or bool(self.changes.moves(name))

    def advice_on(self, fact: FactAction, path: str = "", label: str = "", day: date | None = None) -> Found:
        """Return the advice on a fact, named as `label` where that is given; None where nothing can be done."""
        path, label = path or fact.path, label or fact.label
        match fact.action:
            case "repeat":
                return ((Advice(path, repeat=label, collected_from=day),),)
            case "review":
                return ((Advice(path, review=self.review_label(fact, label)),),)
            case Course(do=do, wait=wait, repeat=repeat):
                if not repeat or repeat == fact.path:
                    day = day if repeat else None
                    return ((Advice(path, do, wait, label if repeat else "", collected_from=day),),)
                other = fact_action(self.protocol.vocabulary, repeat)
                return ((Advice(other.path, do, wait, other.label),),)
        return None

    def review_label(self, fact: FactAction, label: str) -> str:
        """Return what the investigator reviews; in quotation marks where it would read as an answer."""
        field = field_of(self.protocol.vocabulary, fact.path)
        return _("“%(label)s”") % {"label": label} if field is not None and field.type == "yn" else label

    def collected_from(self, trace: Trace, wanted: Truth) -> date | None:
        """Return the first day on which a sample would count, where a window about its collection decided.

        Either an event before the sample has to be out of the window, or the sample has to be within it.
        """
        node = trace.node
        if not isinstance(node, n.Within) or not all(isinstance(side, n.Fact) for side in (node.event, node.anchor)):
            return None
        limit, (event, anchor) = self.protocol.limits[node.period.name], trace.operands
        if limit.value is None or event is None or anchor is None:
            return None
        count = int(limit.value)
        if wanted is FALSE and node.direction != "after" and self.is_collection(node.anchor):
            return date.fromordinal(first_clear_day(event.high, count, limit.unit))
        if wanted is TRUE and node.direction != "after" and self.is_collection(node.event):
            return date.fromordinal(shift_day(anchor.low, -count, limit.unit))
        return None

    def is_collection(self, node: Any) -> bool:
        result, _dot, name = node.path.rpartition(".")
        return name == "collected" and result in self.protocol.schema.facts

    def is_distance_told(self, leaf: DecisiveLeaf) -> bool:
        """Return whether it is told how far a leaf is from its limit.

        Not of an answer that nobody can measure again: it would say which answer is wanted. Of what is computed from
        nothing that may change, such as an age, it is told.
        """
        node, actions = leaf.trace.node, list(self.actions(leaf.trace, leaf.lists))
        if not actions:
            return isinstance(node, n.Compare) and not isinstance(node.left, n.Fact)
        return any(map(self.is_measured, actions))

    def is_measured(self, fact: FactAction) -> bool:
        """Return whether a fact can be repeated, or is a laboratory result about which something can be done."""
        if not isinstance(fact.action, Course):
            return fact.action == "repeat"
        part = self.protocol.vocabulary.parts[fact.path.split(".")[0]]
        return bool(fact.action.repeat) or isinstance(part, Results)
