"""What the nodes of a rule yield, and the words in which a fault speaks of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from criteria.rules import nodes as n
from criteria.rules.facts import FactType, RecordsType
from criteria.rules.units import PLAIN, Quantity


@dataclass(frozen=True)
class Kind:
    """What a node yields. A reported quantity has units that differ from result to result."""

    name: Literal["number", "date", "code", "codes", "text", "condition", "nothing"]
    quantity: Quantity = PLAIN
    reported: bool = False
    result: bool = False
    options: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Lists:
    """The lists of records around a node, the nearest first."""

    name: str
    type: RecordsType
    around: Lists | None


CONDITION, NOTHING, DATE, NUMBER = Kind("condition"), Kind("nothing"), Kind("date"), Kind("number")


def kind_of(fact: FactType) -> Kind:
    return Kind(fact.kind, fact.quantity, fact.reported, fact.result, frozenset(fact.options))


def interchangeable(one: Quantity, other: Quantity) -> bool:
    """Whether a value of the other may stand for one: counted in the same unit, and in no family of units beside it."""
    if one == other:
        return True
    return len(one.families) == 1 and one.units[0] == other.units[0] and set(other.units) <= set(one.units)


def described(node: n.Node) -> str:
    match node:
        case n.Fact(path):
            return f"“{path}”"
        case n.Param(name):
            return f"“${name}”"
        case n.Formula(label):
            return f"“{label}”"
        case _:
            return "this"


def nearest(name: str, names: Mapping[str, object]) -> str:
    """A hint at what was probably meant."""
    close = get_close_matches(name, list(names), n=1)
    return f"; did you mean “{close[0]}”?" if close else ""
