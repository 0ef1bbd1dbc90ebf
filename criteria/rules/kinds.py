"""The kinds of the values that nodes yield, and the wording of faults about them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from heapq import nlargest
from typing import Literal

from criteria.rules import nodes as n
from criteria.rules.facts import FactType, RecordsType
from criteria.rules.ranges import Range
from criteria.rules.units import DIMENSIONLESS, Quantity


@dataclass(frozen=True)
class Kind:
    """The kind of value that a node yields; a reported quantity has units that differ from result to result.

    `bounds` are those of a number that has a lowest and a highest value, known or not.
    """

    name: Literal["number", "date", "code", "codes", "text", "condition", "nothing"]
    quantity: Quantity = DIMENSIONLESS
    reported: bool = False
    result: bool = False
    options: frozenset[str] = frozenset()
    bounds: Range | None = None


@dataclass(frozen=True)
class EnclosingList:
    """The list of records around a node, with the lists around that one."""

    name: str
    type: RecordsType
    around: EnclosingList | None


CONDITION, NOTHING, DATE, NUMBER = Kind("condition"), Kind("nothing"), Kind("date"), Kind("number")


def kind_of(fact: FactType) -> Kind:
    return Kind(fact.kind, fact.quantity, fact.reported, fact.result, frozenset(fact.options), fact.bounds)


def is_interchangeable(one: Quantity, other: Quantity) -> bool:
    """Return whether a value of the other quantity may replace one of this.

    It must be counted in the same unit, with no further family of units.
    """
    if one == other:
        return True
    return len(one.families) == 1 and one.units[0] == other.units[0] and set(other.units) <= set(one.units)


def node_text(node: n.Node) -> str:
    match node:
        case n.Fact(path):
            return f"“{path}”"
        case n.Param(name):
            return f"“${name}”"
        case n.Formula(label):
            return f"“{label}”"
        case _:
            return "this"


LONGEST_MISSPELT = 60  # beyond that no name is meant, and comparing takes long
MOST_COMPARED = 50  # names, those with the likeliest ends
HINT = re.compile("; did you mean “([^”]*)”\\?")


def shared_ends(name: str, other: str) -> int:
    """Return how much two names have in common at both ends, which costs less than to compare them in full."""
    return shared_start(name, other) + shared_start(name[::-1], other[::-1]) - abs(len(name) - len(other))


def shared_start(name: str, other: str) -> int:
    return next((at for at, (one, two) in enumerate(zip(name, other, strict=False)) if one != two), len(name))


def spelling_hint(name: str, names: Iterable[str]) -> str:
    """Return a hint at what was probably meant, to stand behind a message; empty where no name is similar."""
    if len(name) > LONGEST_MISSPELT:
        return ""
    likely = nlargest(MOST_COMPARED, names, key=lambda each: shared_ends(name, each))
    close = get_close_matches(name, likely, n=1)
    return f"; did you mean “{close[0]}”?" if close else ""


def hinted_name(message: str) -> str:
    """Return the name at which a message hints (`spelling_hint`); empty where it has no hint."""
    found = HINT.search(message)
    return found[1] if found else ""
