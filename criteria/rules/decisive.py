"""The leaves that decided the truth of a condition, and the distance of each from its limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from criteria.rules import nodes as n
from criteria.rules.explain import deciding_parts
from criteria.rules.leaves import STATUS_FIELD, LeafExplainer, LeafPlace, enter_record
from criteria.rules.text import amount_text
from criteria.rules.trace import Trace
from criteria.rules.truth import Truth


class DecisiveLeaf(NamedTuple):
    """One leaf that decided a condition.

    `wanted` is the truth that it would need; `lists` are the names of the lists of records around it, the
    nearest first; `label` names what it looks at (`neutrophils`, `lesion 1 (liver): diameter`, `myocarditis
    past`); `distance` is its distance from the limit, or blank.
    """

    trace: Trace
    wanted: Truth
    lists: tuple[str, ...]
    label: str
    distance: str


def decisive_leaves(
    leaves: LeafExplainer, trace: Trace, wanted: Truth, place: LeafPlace = (), lists: tuple[str, ...] = ()
) -> Iterator[DecisiveLeaf]:
    """Yield the leaves that keep a condition from being `wanted`."""
    match trace.node:
        case n.Not():
            yield from decisive_leaves(leaves, trace.children[0], ~wanted, place, lists)
        case n.AllOf() | n.AnyOf() | n.Named() | n.IfKnown():
            for child in deciding_parts(trace, wanted):
                yield from decisive_leaves(leaves, child, wanted, place, lists)
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
            gap = leaves.gap(trace, place)
            yield DecisiveLeaf(trace, wanted, lists, leaf_label(leaves, trace, place), amount_text(*gap) if gap else "")


def leaf_label(leaves: LeafExplainer, trace: Trace, place: LeafPlace) -> str:
    match trace.node:
        case n.Compare(about) | n.Within(about) | n.OneOf(about) | n.Has(about) | n.Known(about) | n.Detected(about):
            label = leaves.left_type(about, place).label
        case _:
            return leaves.rule_text(trace.node, place)
    if not any(fact.path.startswith(".") for fact in n.facts_in(about)):
        return label
    is_status = isinstance(about, n.Fact) and about.path == STATUS_FIELD and place[0].type.absence == "asked"
    return place[0].label if is_status else f"{place[0].label}: {label}"
