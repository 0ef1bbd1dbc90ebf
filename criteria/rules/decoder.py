"""Turns plain dicts and lists into nodes, and names what it cannot read by its place. `codec` holds the operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from criteria.rules import nodes as n

Reader = Callable[["Decoder", Any, str], n.Node]

UNREADABLE = ""  # stands for what was named as a fault already


class Decoder:
    """Decodes rules; keeps every fault with its place, and the place of every node."""

    def __init__(self, terms: Mapping[str, Any], readers: Mapping[str, Reader]) -> None:
        self.readers = readers
        self.terms = terms
        self.faults: list[tuple[str, str]] = []
        self.places: dict[int, str] = {}
        self.open_terms: list[str] = []
        self.used_terms: set[str] = set()

    def decode(self, tree: Any, place: str) -> n.Node:
        """The tree as nodes; where it cannot be read, a fault and a harmless node in its stead."""
        node = self.node(tree, place)
        self.places[id(node)] = place
        return node

    def node(self, tree: Any, place: str) -> n.Node:
        if isinstance(tree, str):
            return n.Param(tree[1:]) if tree.startswith("$") else n.Fact(tree)
        if isinstance(tree, int | Decimal) and not isinstance(tree, bool):
            return n.Number(Decimal(tree))
        if not isinstance(tree, dict) or len(tree) != 1:
            return self.bad(place, f"a rule is one operation, such as {{all: […]}}; found {shown(tree)}")
        ((operation, content),) = tree.items()
        reader = self.readers.get(operation)
        if reader is None:
            return self.bad(place, f"unknown operation “{operation}”; known: {', '.join(self.readers)}")
        return reader(self, content, f"{place}.{operation}")

    def bad(self, place: str, message: str) -> n.Node:
        self.faults.append((place, message))
        return n.Judgement("", n.Fact(UNREADABLE))

    # Parts that several operations share

    def many(self, content: Any, place: str) -> tuple[n.Node, ...]:
        if not isinstance(content, list) or not content:
            self.bad(place, "needs a list of at least one rule")
            return ()
        return tuple(self.decode(item, f"{place}[{index}]") for index, item in enumerate(content))

    def keys(
        self, content: Any, place: str, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """The content as a mapping with just these keys; what is missing comes as None."""
        if not isinstance(content, dict):
            self.bad(place, f"needs the keys: {', '.join((*required, *optional))}")
            return dict.fromkeys((*required, *optional))
        for key in content:
            if key not in (*required, *optional):
                self.bad(f"{place}.{key}", f"unknown key; expected: {', '.join((*required, *optional))}")
        for key in required:
            if key not in content:
                self.bad(f"{place}.{key}", "is missing")
        return {key: content.get(key) for key in (*required, *optional)}

    def fact(self, content: Any, place: str) -> n.Fact:
        if not isinstance(content, str) or content.startswith("$") or not content:
            self.bad(place, f"{shown(content)} is not the name of a fact")
            content = UNREADABLE
        fact = n.Fact(content)
        self.places[id(fact)] = place
        return fact

    def param(self, content: Any, place: str) -> n.Param:
        if not isinstance(content, str) or not content.startswith("$"):
            self.bad(place, f"{shown(content)} is not a parameter: write $name")
            content = UNREADABLE
        param = n.Param(content.removeprefix("$"))
        self.places[id(param)] = place
        return param

    def text(self, content: Any, place: str) -> str:
        if not isinstance(content, str) or not content:
            self.bad(place, f"{shown(content)} is not a text")
        return str(content)

    def options(self, content: Any, place: str) -> tuple[str, ...]:
        options = content if isinstance(content, list) else [content]
        if not options:
            self.bad(place, "empty option list")
        return tuple(str(option) for option in options)

    def triple(self, content: Any, place: str) -> list[Any]:
        if isinstance(content, list) and len(content) == 3:
            return content
        self.bad(place, "needs a list of three")
        return ["", "", ""]


def shown(tree: Any) -> str:
    text = str(tree)
    return text if len(text) <= 60 else f"{text[:60]}…"
