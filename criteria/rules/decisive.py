"""The leaves that made a condition come out as it did, and how near each is to its limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from criteria.rules import nodes as n
from criteria.rules.explain import deciding
from criteria.rules.leaves import STATUS, Leaves, Place, here
from criteria.rules.text import amount
from criteria.rules.trace import Trace
from criteria.rules.truth import Truth


class Leaf(NamedTuple):
    """One leaf: the truth that it would have to have, its lists of records (the nearest first), what it looks at in
    words (`neutrophils`, `lesion 1 (liver): diameter`, `myocarditis past`), its distance from the limit, or blank."""

    trace: Trace
    wanted: Truth
    lists: tuple[str, ...]
    label: str
    distance: str


def decisive(
    leaves: Leaves, trace: Trace, wanted: Truth, place: Place = (), lists: tuple[str, ...] = ()
) -> Iterator[Leaf]:
    """The leaves of a condition that is not as `wanted`."""
    match trace.node:
        case n.Not():
            yield from decisive(leaves, trace.children[0], ~wanted, place, lists)
        case n.AllOf() | n.AnyOf() | n.Named() | n.IfKnown():
            for child in deciding(trace, wanted):
                yield from decisive(leaves, child, wanted, place, lists)
        case n.Some(name):
            records, kind = trace.operands[0], leaves.schema.records[name]
            for record, child in zip(records, trace.children, strict=True):
                if child.truth is trace.truth:
                    inner = here(place, name, kind, record, records)
                    yield from decisive(leaves, child, wanted, inner, (name, *lists))
        case n.Latest(name):
            records, chosen = trace.operands[:2]
            if chosen is None:
                yield from decisive(leaves, trace.children[-1], wanted, place, lists)
            else:
                inner = here(place, name, leaves.schema.records[name], chosen, records)
                yield from decisive(leaves, trace.children[-1], wanted, inner, (name, *lists))
        case _:
            gap = leaves.gap(trace, place)
            yield Leaf(trace, wanted, lists, label_of(leaves, trace, place), amount(*gap) if gap else "")


def label_of(leaves: Leaves, trace: Trace, place: Place) -> str:
    match trace.node:
        case n.Compare(about) | n.Within(about) | n.OneOf(about) | n.Has(about) | n.Known(about) | n.Detected(about):
            label = leaves.left_type(about, place).label
        case _:
            return leaves.rule(trace.node, place)
    if not any(fact.path.startswith(".") for fact in n.facts_in(about)):
        return label
    is_status = isinstance(about, n.Fact) and about.path == STATUS and place[0].type.absence == "asked"
    return place[0].label if is_status else f"{place[0].label}: {label}"
