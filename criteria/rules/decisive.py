"""The parts and the leaves that decided the truth of a condition, and the distance of each from its limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from criteria.rules import nodes as n
from criteria.rules.facts import RESULT
from criteria.rules.leaves import STATUS_FIELD, Gap, LeafExplainer, LeafPlace, enter_record
from criteria.rules.proofs.sentences import FIELD_OF_RECORD
from criteria.rules.trace import Trace
from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth


class DecisiveLeaf(NamedTuple):
    """One leaf that decided a condition.

    `wanted` is the truth that it would need; `lists` are the names of the lists of records around it, the
    nearest first; `label` names what it looks at (`neutrophils`, `diameter of lesion 1 (liver)`, `myocarditis
    (past)`); `gap` is its distance from the limit, if any. Of `optional` leaves one alone would be enough.
    """

    trace: Trace
    wanted: Truth
    lists: tuple[str, ...]
    label: str
    gap: Gap | None
    optional: bool = False


def decisive_leaves(
    leaves: LeafExplainer, trace: Trace, wanted: Truth, place: LeafPlace = (), lists: tuple[str, ...] = ()
) -> Iterator[DecisiveLeaf]:
    """Yield the leaves that decided a condition; where it is not `wanted`, those that keep it from being so."""
    match trace.node:
        case n.Not():
            yield from decisive_leaves(leaves, trace.children[0], ~wanted, place, lists)
        case n.AllOf() | n.AnyOf() | n.AtLeast() | n.Named() | n.IfKnown():
            one_is_enough = (wanted is TRUE and isinstance(trace.node, n.AnyOf)) or (
                wanted is FALSE and isinstance(trace.node, n.AllOf)
            )
            one_is_enough = one_is_enough or isinstance(trace.node, n.AtLeast)
            for child in deciding_parts(trace, wanted):
                for leaf in decisive_leaves(leaves, child, wanted, place, lists):
                    yield leaf._replace(optional=leaf.optional or one_is_enough)
        case n.Some(name):
            records, kind = trace.operands[0], leaves.schema.records[name]
            for record, child in zip(records, trace.children, strict=True):
                if child.truth is trace.truth:
                    inner = enter_record(place, name, kind, record, records)
                    yield from decisive_leaves(leaves, child, wanted, inner, (name, *lists))
        case n.Latest(name):
            records, chosen = trace.operands[:2]
            if chosen is None:
                yield from decisive_leaves(leaves, trace.children[-1], wanted, place, lists)
            else:
                inner = enter_record(place, name, leaves.schema.records[name], chosen, records)
                yield from decisive_leaves(leaves, trace.children[-1], wanted, inner, (name, *lists))
        case _:
            yield DecisiveLeaf(trace, wanted, lists, leaf_label(leaves, trace, place), leaves.gap(trace, place))


def deciding_parts(trace: Trace, wanted: Truth) -> list[Trace]:
    """Return the parts that made a condition true, false or unknown; where one is enough and wanted, the first.

    A judgement that a person has to make is listed only once everything that can be looked up is known, and
    then together with the other parts.
    """
    spread = trace.truth is TRUE if isinstance(trace.node, n.AllOf) else trace.truth is FALSE
    if spread and not isinstance(trace.node, n.AtLeast):
        return list(trace.children)
    same = [child for child in trace.children if child.truth is trace.truth]
    if trace.truth is UNKNOWN:
        known = [child for child in same if not isinstance(child.node, n.Judgement)]
        if known and not (isinstance(trace.node, n.AllOf) and all(map(awaits_judgement, known))):
            return known
        return list(trace.children)
    return same[:1] if trace.truth is wanted and not isinstance(trace.node, n.AtLeast) else same


def awaits_judgement(trace: Trace) -> bool:
    """Return whether an unknown condition waits only for the judgement of a person."""
    if isinstance(trace.node, n.Judgement):
        return True
    unknown = [child for child in trace.children if child.truth is UNKNOWN]
    return bool(unknown) and all(map(awaits_judgement, unknown))


def leaf_label(leaves: LeafExplainer, trace: Trace, place: LeafPlace) -> str:
    match trace.node:
        case (
            n.Compare(about)
            | n.Within(about)
            | n.OneOf(about)
            | n.Has(about)
            | n.Known(about)
            | n.Detected(about)
            | n.Common(about)
            | n.Same(about)
            | n.Names(about)
            | n.Miscoded(about)
        ):
            label = leaves.left_type(about, place, trace.operands[0] if trace.operands else None).label
        case _:
            return leaves.rule_text(trace.node, place)
    if not any(fact.path.startswith(".") for fact in n.own_facts(about)):
        return label
    is_status = isinstance(about, n.Fact) and about.path == STATUS_FIELD and place[0].type.absence == "asked"
    is_result = isinstance(about, n.Fact) and about.path == f".{RESULT}" and place[0].type.holds_results
    return place[0].label if is_status or is_result else FIELD_OF_RECORD % {"field": label, "record": place[0].label}
