"""Decoder of plain dicts and lists into nodes, which reports each fault with its place.

`codec` holds the operations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from criteria.rules import nodes as n
from criteria.rules.kinds import spelling_hint

OperationReader = Callable[["Decoder", Any, str], n.Node]

UNREADABLE = ""  # stands for what was named as a fault already
MOST_NODES = 10_000  # of all rules of a definition, with every term written out: terms can grow to billions
MOST_UNREADABLE = 200  # faults of one rule that are told
MOST_DEPTH = 60  # of a rule, with its terms written out: what reads it calls itself for each level


class Decoder:
    """Decoder of rules that collects every fault with its place, and the place of every node."""

    def __init__(
        self, terms: Mapping[str, Any], readers: Mapping[str, OperationReader], nodes_left: int = MOST_NODES
    ) -> None:
        self.nodes_left = nodes_left
        self.depth = 0
        self.readers = readers
        self.terms = terms
        self.faults: list[tuple[str, str]] = []
        self.places: dict[int, str] = {}
        self.open_terms: list[str] = []
        self.used_terms: set[str] = set()

    def decode(self, tree: Any, place: str) -> n.Node:
        """Return the tree as nodes; where it cannot be read, add a fault and return a harmless node."""
        self.nodes_left -= 1
        self.depth += 1
        node = self.node(tree, place) if self.is_within_bounds(place) else n.Judgement("", n.Fact(UNREADABLE))
        self.depth -= 1
        self.places[id(node)] = place
        return node

    def is_within_bounds(self, place: str) -> bool:
        """Return whether a rule is read further; else a fault says why, once where the rules have too many parts."""
        if self.depth > MOST_DEPTH:
            self.add_fault(place, f"more than {MOST_DEPTH} rules, one within another, with every term written out")
            return False
        if self.nodes_left == -1:
            self.add_fault(place, f"the rules have more than {MOST_NODES} parts, with every term written out")
        return self.nodes_left >= 0

    def node(self, tree: Any, place: str) -> n.Node:
        if isinstance(tree, str) and not tree.strip("$."):
            return self.add_fault(place, f"“{tree}” is not the name of a fact or of a parameter")
        if isinstance(tree, str):
            return n.Param(tree[1:]) if tree.startswith("$") else n.Fact(tree)
        if isinstance(tree, int | Decimal) and not isinstance(tree, bool):
            return n.Number(Decimal(tree))
        if not isinstance(tree, dict) or len(tree) != 1:
            return self.add_fault(place, f"a rule is one operation, such as {{all: […]}}; found {tree_excerpt(tree)}")
        ((operation, content),) = tree.items()
        reader = self.readers.get(operation)
        if reader is None:
            hint = self.hint(str(operation), self.readers)
            return self.add_fault(place, f"unknown operation “{operation}”; known: {', '.join(self.readers)}{hint}")
        return reader(self, content, f"{place}.{operation}")

    def add_fault(self, place: str, message: str) -> n.Node:
        if len(self.faults) < MOST_UNREADABLE:
            self.faults.append((place, message))
        return n.Judgement("", n.Fact(UNREADABLE))

    def hint(self, name: str, names: Iterable[str]) -> str:
        """Return a hint at the nearest name; none once there are as many faults as are told, since it takes time."""
        return spelling_hint(name, names) if len(self.faults) < MOST_UNREADABLE else ""

    # Parts that several operations share

    def decode_list(self, content: Any, place: str) -> tuple[n.Node, ...]:
        if not isinstance(content, list) or not content:
            self.add_fault(place, "needs a list of at least one rule")
            return ()
        return tuple(self.decode(item, f"{place}[{index}]") for index, item in enumerate(content))

    def keys(
        self, content: Any, place: str, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """Return the content as a mapping with exactly these keys; missing ones have the value None."""
        if not isinstance(content, dict):
            self.add_fault(place, f"needs the keys: {', '.join((*required, *optional))}")
            return dict.fromkeys((*required, *optional))
        for key in content:
            if key not in (*required, *optional):
                names = (*required, *optional)
                hint = self.hint(str(key), names)
                self.add_fault(f"{place}.{key}", f"unknown key; expected: {', '.join(names)}{hint}")
        for key in required:
            if key not in content:
                self.add_fault(f"{place}.{key}", "is missing")
        return {key: content.get(key) for key in (*required, *optional)}

    def fact(self, content: Any, place: str) -> n.Fact:
        if not isinstance(content, str) or content.startswith("$") or not content:
            self.add_fault(place, f"{tree_excerpt(content)} is not the name of a fact")
            content = UNREADABLE
        fact = n.Fact(content)
        self.places[id(fact)] = place
        return fact

    def param(self, content: Any, place: str) -> n.Param:
        if not isinstance(content, str) or not content.startswith("$"):
            self.add_fault(place, f"{tree_excerpt(content)} is not a parameter: write $name")
            content = UNREADABLE
        param = n.Param(content.removeprefix("$"))
        self.places[id(param)] = place
        return param

    def text(self, content: Any, place: str) -> str:
        if not isinstance(content, str) or not content:
            self.add_fault(place, f"{tree_excerpt(content)} is not a text")
        return str(content)

    def options(self, content: Any, place: str) -> tuple[str, ...]:
        options = content if isinstance(content, list) else [content]
        if not options:
            self.add_fault(place, "empty option list")
        return tuple(str(option) for option in options)

    def words(self, content: Any, place: str) -> tuple[str, ...]:
        """Return the words for which a text is searched, each a text that holds a letter or a digit."""
        words = content if isinstance(content, list) else [content]
        for index, word in enumerate(words):
            if not isinstance(word, str) or not any(map(str.isalnum, word)):
                self.add_fault(f"{place}[{index}]", f"{tree_excerpt(word)} is not a word")
        if not words:
            self.add_fault(place, "empty list of words")
        return tuple(map(str, words))

    def number(self, content: Any, place: str) -> Decimal:
        if isinstance(content, bool) or not isinstance(content, int | Decimal):
            self.add_fault(place, f"{tree_excerpt(content)} is not a number")
            return Decimal(0)
        return Decimal(content)

    def pairs(self, content: Any, place: str, needed: str) -> list[list[Any]]:
        """Return a list of pairs; `needed` says what a pair holds."""
        rows = content if isinstance(content, list) else []
        if not rows:
            self.add_fault(place, f"needs a list of pairs, each of {needed}")
        for index, row in enumerate(rows):
            if not isinstance(row, list) or len(row) != 2:
                self.add_fault(f"{place}[{index}]", f"needs {needed}; found {tree_excerpt(row)}")
        return [row if isinstance(row, list) and len(row) == 2 else [0, 0] for row in rows]

    def two_facts(self, content: Any, place: str) -> tuple[n.Fact, n.Fact]:
        if not isinstance(content, list) or len(content) != 2:
            self.add_fault(place, "needs a list of two facts")
            return n.Fact(UNREADABLE), n.Fact(UNREADABLE)
        return self.fact(content[0], f"{place}[0]"), self.fact(content[1], f"{place}[1]")

    def two_values(self, content: Any, place: str) -> tuple[n.Node, n.Node]:
        if not isinstance(content, list) or len(content) != 2:
            fault = self.add_fault(place, "needs a list of two values")
            return fault, fault
        return self.decode(content[0], f"{place}[0]"), self.decode(content[1], f"{place}[1]")

    def triple(self, content: Any, place: str) -> list[Any]:
        if isinstance(content, list) and len(content) == 3:
            return content
        self.add_fault(place, "needs a list of three")
        return ["", "", ""]


def tree_excerpt(tree: Any) -> str:
    text = str(tree)
    return text if len(text) <= 60 else f"{text[:60]}…"
