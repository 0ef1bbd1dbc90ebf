"""The rule tree: frozen dataclasses without behaviour; separate interpreters fold over them.

A reference that begins with a dot is a field of the record at hand (`.status`), with two dots of the record
around that one; any other is a fact of the visit document (`labs.anc`, `visit.date`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args, get_type_hints

Operator = Literal["<", "<=", ">", ">="]
Direction = Literal["before", "after", "since"]
Sign = Literal["plus", "minus", "times", "over"]
AgeUnit = Literal["a", "mo"]
Statistic = Literal["sum", "mean", "min", "max"]


class Node:
    """The base of every node; compared by identity, since equal nodes may occur in two places."""


# Values


@dataclass(frozen=True, eq=False)
class Fact(Node):
    path: str


@dataclass(frozen=True, eq=False)
class Param(Node):
    """A threshold or the length of a window, by name; its value comes from one protocol version."""

    name: str


@dataclass(frozen=True, eq=False)
class Number(Node):
    """A constant of a published formula; a threshold is a Param."""

    value: Decimal


@dataclass(frozen=True, eq=False)
class ByUnit(Node):
    """The limit that is given in the family of units in which the result was reported."""

    limits: tuple[Param, ...]


@dataclass(frozen=True, eq=False)
class Age(Node):
    """Completed years, or months, from one date to another."""

    born: Node
    on: Node
    unit: AgeUnit = "a"


@dataclass(frozen=True, eq=False)
class Elapsed(Node):
    """The days from one date to another; below zero where the other is earlier."""

    start: Node
    end: Node


@dataclass(frozen=True, eq=False)
class HalfLives(Node):
    """Several half-lives in whole days: of the listed drugs that a text names, or of a number that is a half-life."""

    of: Fact
    times: Param


@dataclass(frozen=True, eq=False)
class Shift(Node):
    """The day a period before or after another."""

    day: Node
    period: Param
    direction: Literal["before", "after"]


@dataclass(frozen=True, eq=False)
class Arithmetic(Node):
    sign: Sign
    left: Node
    right: Node


@dataclass(frozen=True, eq=False)
class Power(Node):
    """A plain number raised to a power; a root is a power of a fraction."""

    base: Node
    exponent: Node


@dataclass(frozen=True, eq=False)
class Logarithm(Node):
    arg: Node
    base: Literal["e", "10"]


@dataclass(frozen=True, eq=False)
class Extreme(Node):
    """The smallest or the largest of several values."""

    which: Literal["min", "max"]
    args: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class InUnit(Node):
    """A quantity as a plain number of one unit."""

    arg: Node
    unit: str


@dataclass(frozen=True, eq=False)
class Choose(Node):
    """A number by code, such as a formula's factor by sex."""

    arg: Fact
    cases: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, eq=False)
class Lookup(Node):
    """The number of a table for its keys, in the order of the table."""

    table: str
    keys: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Formula(Node):
    """A computed value with its name and unit; `negative` names what a value below zero is, where it says more."""

    label: str
    unit: str
    value: Node
    negative: str = ""


@dataclass(frozen=True, eq=False)
class IfKnown(Node):
    """One branch where every given fact is known, the other where one is not; both are values or both conditions."""

    given: tuple[Fact, ...]
    then: Node
    otherwise: Node


# Values that depend on conditions


@dataclass(frozen=True, eq=False)
class Count(Node):
    """The number of records of a list that satisfy a condition."""

    records: str
    where: Node


@dataclass(frozen=True, eq=False)
class Aggregate(Node):
    """One number from a value of each record that satisfies a condition; `otherwise` where no record does."""

    function: Statistic
    records: str
    value: Node
    where: Node
    otherwise: Node


@dataclass(frozen=True, eq=False)
class Score(Node):
    """The sum of the points of the conditions that hold; each condition has its points in the same place."""

    points: tuple[Decimal, ...]
    items: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Case(Node):
    """The value beside the first condition that holds; `otherwise` where none does."""

    conditions: tuple[Node, ...]
    values: tuple[Node, ...]
    otherwise: Node


# Conditions


@dataclass(frozen=True, eq=False)
class Compare(Node):
    left: Node
    operator: Operator
    right: Node


@dataclass(frozen=True, eq=False)
class OneOf(Node):
    arg: Fact
    options: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Has(Node):
    """A set of codes holds at least one of the options; with `only`, nothing but them."""

    arg: Fact
    options: tuple[str, ...]
    only: bool = False


@dataclass(frozen=True, eq=False)
class Common(Node):
    """Two codes are the same, or two sets of codes have a code in common."""

    left: Fact
    right: Fact


@dataclass(frozen=True, eq=False)
class Same(Node):
    """Two codes, texts, numbers or dates are the same; of texts, capitals and the width of characters do not matter."""

    left: Fact
    right: Fact


@dataclass(frozen=True, eq=False)
class Names(Node):
    """A text names one of the words (`criteria.rules.wording`), once what `but` names is left out of it."""

    arg: Fact
    words: tuple[str, ...]
    but: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Miscoded(Node):
    """A text names listed drugs that do not have the codes beside it."""

    names: Fact
    codes: Fact


@dataclass(frozen=True, eq=False)
class Known(Node):
    """The visit document has a value for the fact, or an answer to a condition of the history; never unknown."""

    arg: Fact


@dataclass(frozen=True, eq=False)
class Detected(Node):
    """A laboratory result above its lower limit of detection."""

    result: Fact


@dataclass(frozen=True, eq=False)
class Within(Node):
    """An event in the window before or after a day.

    `since` has no upper end. An open period holds for any event.
    """

    event: Node
    period: Param
    anchor: Node
    direction: Direction


@dataclass(frozen=True, eq=False)
class SomeDay(Node):
    """Some day of the visit document lies wholly before another."""

    before: Fact


@dataclass(frozen=True, eq=False)
class Some(Node):
    """Some record satisfies the condition; with `other`, some record other than those at hand."""

    records: str
    where: Node
    other: bool = False


@dataclass(frozen=True, eq=False)
class Latest(Node):
    """A condition on the latest record that satisfies another, or on the visit where there is none."""

    records: str
    where: Node
    by: Fact
    then: Node
    otherwise: Node


@dataclass(frozen=True, eq=False)
class Not(Node):
    arg: Node


@dataclass(frozen=True, eq=False)
class AllOf(Node):
    args: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class AnyOf(Node):
    args: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class AtLeast(Node):
    """At least so many of several conditions hold."""

    number: Node
    args: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Judgement(Node):
    """A condition that is always unknown: a person must act or decide, and then record it in the fact."""

    question: str
    about: Fact


@dataclass(frozen=True, eq=False)
class Named(Node):
    """A condition with a name of its own, such as a qualifying regimen."""

    label: str
    arg: Node


NODES: tuple[type[Node], ...] = tuple(Node.__subclasses__())
OnRecords = Some | Latest | Count | Aggregate  # within them `.name` is a field of a record of their list
Conditional = Count | Aggregate | Score | Case


def holds_nodes(hint: object) -> bool:
    return any(isinstance(part, type) and issubclass(part, Node) for part in (hint, *get_args(hint)))


# The fields of each kind of node that hold nodes.
CHILD_FIELDS: dict[type[Node], tuple[str, ...]] = {
    kind: tuple(name for name, hint in get_type_hints(kind).items() if holds_nodes(hint)) for kind in NODES
}


def children(node: Node) -> tuple[Node, ...]:
    """Return a node's children in the order of its fields."""
    found: list[Node] = []
    for name in CHILD_FIELDS[type(node)]:
        inner = getattr(node, name)
        found.extend(inner if isinstance(inner, tuple) else (inner,))
    return tuple(found)


def facts_in(node: Node) -> tuple[Fact, ...]:
    """Return the facts to which a value refers, in the order of their first mention."""
    return tuple(inner for inner in subtrees(node) if isinstance(inner, Fact))


def own_facts(value: Node) -> Iterator[Fact]:
    """Yield the facts from which a value is computed, but for those on which only its conditions depend."""
    if isinstance(value, Fact):
        yield value
    elif not isinstance(value, Conditional):
        for child in children(value):
            yield from own_facts(child)


def conditional_values(value: Node) -> Iterator[Conditional]:
    """Yield the outermost values within a value, itself included, that depend on conditions."""
    if isinstance(value, Conditional):
        yield value
    else:
        for child in children(value):
            yield from conditional_values(child)


def scoped_children(node: Node, lists: tuple[str, ...]) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """Yield the children of a node, each with the names of the lists of records around it, the nearest first."""
    outside = getattr(node, "otherwise", None)
    for child in children(node):
        yield child, (node.records, *lists) if isinstance(node, OnRecords) and child is not outside else lists


def params_in(node: Node) -> tuple[Param, ...]:
    return tuple(inner for inner in subtrees(node) if isinstance(inner, Param))


def subtrees(node: Node) -> Iterator[Node]:
    """Yield a node and everything within it."""
    yield node
    for child in children(node):
        yield from subtrees(child)
