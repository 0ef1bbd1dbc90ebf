"""YAML as plain data that means what it says: `yes` and `no` are text, 88.4 is a Decimal, keys are unique.

The usual loader reads `no` as False and 1.5 as a binary float, and silently lets the second of two equal keys
win.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import yaml

from criteria.vocabulary.faults import Fault
from criteria.vocabulary.values import UNSTORABLE

NUMBER_PATTERN = re.compile(r"[-+]?\d+(\.\d+)?")
MOST_PLACES = 200_000  # a few lines of names within names can stand for millions of entries
YAML_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}


class YamlTree:
    """The data of one YAML document, the faults of its form, and the line on which each place begins."""

    def __init__(self, text: str) -> None:
        self.lines: dict[str, int] = {}
        self.faults: list[Fault] = []
        self.data: Any = None
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
            self.data = self.plain(root, "") if root else None
        except (
            yaml.YAMLError,
            RecursionError,
            ValueError,
        ) as error:  # too deep, an alias in itself, endless digits
            self.faults.append(Fault("", f"not readable as YAML: {' '.join(str(error).split())}"))

    def line_of(self, place: str) -> str:
        """Return the line of a place, or of the nearest place around it, as text for a message."""
        while place and place not in self.lines:
            place = re.sub(r"(\.+[^.\[]*|\[\d+\])$", "", place) if re.search(r"[.\[]", place) else ""
        return f" (line {self.lines[place]})" if place in self.lines else ""

    def plain(self, node: yaml.Node, place: str) -> Any:
        self.lines[place] = node.start_mark.line + 1
        if len(self.lines) > MOST_PLACES:
            raise ValueError(f"more than {MOST_PLACES} entries, with every *name written out")
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item, f"{place}[{index}]") for index, item in enumerate(node.value)]
        if UNSTORABLE.search(str(node.value)):
            self.faults.append(Fault(place, "text must not hold a NUL character or half of a surrogate pair"))
        return scalar_value(node)

    def mapping(self, node: yaml.MappingNode, place: str) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            inner = f"{place}.{key}" if place else key
            if key in data:
                self.faults.append(Fault(inner, f"duplicate key “{key}”: each may stand once"))
            data[key] = self.plain(value_node, inner)
        return data


def scalar_value(node: Any) -> Any:
    text = str(node.value)
    if node.style is not None:  # quoted or folded: text, whatever it looks like
        return text
    if text in YAML_CONSTANTS:
        return YAML_CONSTANTS[text]
    if NUMBER_PATTERN.fullmatch(text):
        return Decimal(text) if "." in text else int(text)
    return text
