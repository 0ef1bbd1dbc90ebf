"""The values from which another one was computed: the weights of a loss, the creatinine of a clearance."""

from __future__ import annotations

from collections.abc import Iterator

from criteria.rules import nodes as n, text
from criteria.rules.dates import age_range
from criteria.rules.facts import LaboratoryValue
from criteria.rules.leaves import LeafExplainer, LeafPlace, told_text
from criteria.rules.proofs import sentences as s
from criteria.rules.trace import Trace


def inputs_text(leaves: LeafExplainer, left: n.Node, trace: Trace, place: LeafPlace) -> str:
    """Return in words from what a named value was computed; blank of one that was measured."""
    if isinstance(left, n.IfKnown):
        left = left.then if isinstance(trace.operands[0], LaboratoryValue) else left.otherwise
    if not isinstance(left, n.Formula):
        return ""
    return s.NEXT_LABEL.join(dict.fromkeys(input_texts(leaves, left.value, trace, place)))


def input_texts(leaves: LeafExplainer, node: n.Node, trace: Trace, place: LeafPlace) -> Iterator[str]:
    known = {fact.path: value for fact, value in trace.used}
    match node:
        case n.Age(n.Fact(born), n.Fact(on), "a") if known.get(born) and known.get(on):
            fact = leaves.left_type(node, place)
            yield told_text(fact, text.range_text(age_range(known[born], known[on]), fact.unit))
        case n.Fact(path):
            value, fact = known.get(path), leaves.type_of(node, place)
            if value is not None:
                words = (
                    text.reported_text(value) if isinstance(value, LaboratoryValue) else text.value_text(value, fact)
                )
                yield told_text(fact, words)
        case n.Count() | n.Aggregate() | n.Score() | n.Case():
            return
        case _:
            for child in n.children(node):
                yield from input_texts(leaves, child, trace, place)
