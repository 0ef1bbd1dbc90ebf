"""YAML as plain data that means what it says: `yes` and `no` are text, 88.4 is a Decimal, keys are unique.

The usual loader reads `no` as False and 1.5 as a binary float, and silently lets the second of two equal keys
win. libyaml, where PyYAML was built with it, reads three times as fast; whatever it refuses, or would read otherwise
than PyYAML, PyYAML reads itself, so that a file means the same and is refused in the same words on every machine.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import yaml

from criteria.vocabulary.faults import Fault
from criteria.vocabulary.values import UNSTORABLE

NUMBER_PATTERN = re.compile(r"[-+]?\d+(\.\d+)?")
MOST_LEVELS = 200  # PyYAML by itself goes some 300 deep, libyaml 1,000, and what reads the data less
MOST_PLACES = 200_000  # a few lines of names within names can stand for millions of entries
# Tabs, tags, byte order marks, a comment at the head of a text block; question marks but where a line of prose ends.
READ_OTHERWISE = re.compile(r"[\t!\ufeff]|^---|[|>][^\n]*#|\?(?!\n *(?:- )?\w+:[ \n])|^ *\?", re.MULTILINE)
FASTER_LOADER = getattr(yaml, "CSafeLoader", None)
YAML_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}


class YamlTree:
    """The data of one YAML document, the faults of its form, and the line on which each place begins."""

    def __init__(self, text: str) -> None:
        self.lines: dict[str, int] = {}
        self.faults: list[Fault] = []
        self.data: Any = None
        try:
            root = compose(text)
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

    def plain(self, node: yaml.Node, place: str, level: int = 0) -> Any:
        self.lines[place] = node.start_mark.line + 1
        if len(self.lines) > MOST_PLACES:
            raise ValueError(f"more than {MOST_PLACES} entries, with every *name written out")
        if level > MOST_LEVELS:
            raise ValueError(f"more than {MOST_LEVELS} levels, one within another")
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, place, level + 1)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item, f"{place}[{at}]", level + 1) for at, item in enumerate(node.value)]
        if UNSTORABLE.search(str(node.value)):
            self.faults.append(Fault(place, "text must not hold a NUL character or half of a surrogate pair"))
        return scalar_value(node)

    def mapping(self, node: yaml.MappingNode, place: str, level: int) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            inner = f"{place}.{key}" if place else key
            if key in data:
                self.faults.append(Fault(inner, f"duplicate key “{key}”: each may stand once"))
            data[key] = self.plain(value_node, inner, level)
        return data


def compose(text: str) -> yaml.Node | None:
    if FASTER_LOADER and not READ_OTHERWISE.search(text):
        try:
            return yaml.compose(text, Loader=FASTER_LOADER)
        except (yaml.YAMLError, ValueError):  # half of a surrogate pair is a ValueError here
            pass  # PyYAML says why, in its own words
    return yaml.compose(text, Loader=yaml.SafeLoader)


def scalar_value(node: Any) -> Any:
    text = str(node.value)
    if node.style:  # quoted or folded: text, whatever it looks like
        return text
    if text in YAML_CONSTANTS:
        return YAML_CONSTANTS[text]
    if NUMBER_PATTERN.fullmatch(text):
        return Decimal(text) if "." in text else int(text)
    return text
