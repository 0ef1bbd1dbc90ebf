"""YAML as plain data that means what it says: `yes` and `no` are text, 88.4 is a Decimal, keys are unique.

The usual loader reads `no` as False and 1.5 as a binary float, and silently lets the second of two equal keys
win. libyaml, where PyYAML was built with it, reads three times as fast; whatever it refuses, or would read otherwise
than PyYAML, PyYAML reads itself, so that a file means the same on every machine; where a long file is no YAML, libyaml
says so.
What is too large is refused before it is parsed, and what would grow too large as it is written out, while it grows:
time and memory are bounded whatever a file holds.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import yaml

from criteria.definition.yaml_words import START, TextMark, mark_of_error, plain_yaml_words
from criteria.vocabulary.faults import Fault
from criteria.vocabulary.values import UNSTORABLE

NUMBER_PATTERN = re.compile(r"[-+]?\d+(\.\d+)?")
MOST_BYTES = 1 << 19  # of a file: three times the largest definition that ships with the application
LONGEST_READ_TWICE = 1 << 16  # of a file that libyaml refuses: PyYAML takes its time to say why
MOST_LEVELS = 100  # PyYAML by itself goes some 300 deep, libyaml 1,000, and what reads the data less
MOST_PLACES = 200_000  # a few lines of names within names can stand for millions of entries
MOST_CHARACTERS = 20_000_000  # of all places and texts, with every name written out
MOST_DIGITS = 60
# Tabs, tags, byte order marks, a comment at the head of a text block, question marks that end no word.
READ_OTHERWISE = re.compile(r"[\t!\ufeff]|^---|[|>][^\n]*#|(?<!\S)\?", re.MULTILINE)
FASTER_LOADER = getattr(yaml, "CSafeLoader", None)
YAML_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}


class TooLarge(ValueError):
    """A file that would take more time or memory than any definition needs, with the place where that was found."""

    def __init__(self, message: str, mark: TextMark) -> None:
        super().__init__(message)
        self.mark = mark


class YamlTree:
    """The data of one YAML document, the faults of its form, and where each place begins.

    `marks` has the line and the column of each value by its place, `keys` those of its key.
    """

    def __init__(self, text: str) -> None:
        self.marks: dict[str, TextMark] = {}
        self.keys: dict[str, TextMark] = {}
        self.faults: list[Fault] = []
        self.data: Any = None
        self.error_mark = START
        self.characters = 0
        self.open_nodes: set[int] = set()
        try:
            refuse_size(text)
            root = compose(text)
            self.data = self.plain(root, "") if root else None
        except TooLarge as error:
            self.add_error(f"too large: {error}", error.mark)
        except (yaml.YAMLError, RecursionError, ValueError) as error:  # too deep, an alias in itself, endless digits
            self.add_error(f"not readable as YAML: {plain_yaml_words(error)}", mark_of_error(error, text))

    def add_error(self, message: str, mark: TextMark) -> None:
        self.data, self.error_mark = None, mark
        self.faults.append(Fault("", message))

    def mark_of(self, place: str, *, key: bool = False) -> TextMark:
        """Return where a place begins, or the nearest place around it; with `key`, where its key does."""
        if key and place in self.keys:
            return self.keys[place]
        while place and place not in self.marks:
            place = re.sub(r"(\.+[^.\[]*|\[\d+\])$", "", place) if re.search(r"[.\[]", place) else ""
        return self.marks.get(place, self.error_mark) if place else self.error_mark

    def line_of(self, place: str) -> str:
        """Return the line of a place, or of the nearest place around it, as text for a message."""
        return f" (line {self.mark_of(place).line})"

    def plain(self, node: yaml.Node, place: str, level: int = 0) -> Any:
        mark = self.marks[place] = mark_at(node)
        self.count_characters(place, mark)
        if len(self.marks) > MOST_PLACES:
            raise TooLarge(f"more than {MOST_PLACES} entries, with every *name written out", mark)
        if level > MOST_LEVELS:
            raise TooLarge(f"more than {MOST_LEVELS} levels, one within another", mark)
        if isinstance(node, yaml.CollectionNode):
            return self.collection(node, place, level + 1)
        self.count_characters(node.value, mark)
        if UNSTORABLE.search(str(node.value)):
            self.faults.append(Fault(place, "text must not hold a NUL character or half of a surrogate pair"))
        return self.scalar(node, place)

    def collection(self, node: yaml.CollectionNode, place: str, level: int) -> Any:
        """Return a list or a mapping; TooLarge where it holds itself by its own name, and so has no end."""
        if id(node) in self.open_nodes:
            raise TooLarge("a *name stands within what its &name stands for, which has no end", mark_at(node))
        self.open_nodes.add(id(node))
        data: Any
        if isinstance(node, yaml.MappingNode):
            data = self.mapping(node, place, level)
        else:
            data = [self.plain(item, f"{place}[{at}]", level) for at, item in enumerate(node.value)]
        self.open_nodes.discard(id(node))
        return data

    def scalar(self, node: yaml.Node, place: str) -> Any:
        if len(node.value) > MOST_DIGITS and not node.style and NUMBER_PATTERN.fullmatch(node.value):  # type: ignore[attr-defined]
            self.faults.append(Fault(place, f"a number of more than {MOST_DIGITS} digits"))
            return 0
        return scalar_value(node)

    def count_characters(self, text: str, mark: TextMark) -> None:
        self.characters += len(text)
        if self.characters > MOST_CHARACTERS:
            raise TooLarge(f"more than {MOST_CHARACTERS} characters, with every *name written out", mark)

    def mapping(self, node: yaml.MappingNode, place: str, level: int) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            inner = f"{place}.{key}" if place else key
            if key in data:
                self.faults.append(Fault(inner, f"duplicate key “{key}”: each may stand once"))
            self.keys[inner] = mark_at(key_node)
            data[key] = self.plain(value_node, inner, level)
        return data


def mark_at(node: yaml.Node) -> TextMark:
    return TextMark(node.start_mark.line + 1, node.start_mark.column + 1)


def refuse_size(text: str) -> None:
    """Refuse a text that is too long to be parsed at all."""
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise TooLarge(f"more than {MOST_BYTES} bytes; it was not read", START)


def compose(text: str) -> yaml.Node | None:
    if FASTER_LOADER and not READ_OTHERWISE.search(text):
        try:
            root = yaml.compose(text, Loader=FASTER_LOADER)
        except (yaml.YAMLError, ValueError):  # half of a surrogate pair is a ValueError here
            if len(text) > LONGEST_READ_TWICE:
                raise
            # PyYAML says why, in its own words
        else:
            if not ("?" in text and asks_within_brackets(root, text)):
                return root
    return yaml.compose(text, Loader=yaml.SafeLoader)


def asks_within_brackets(root: yaml.Node | None, text: str) -> bool:
    """Return whether a question mark stands within [] or {}, where PyYAML takes it for the sign of a key."""
    nodes: list[Any] = [root]
    seen: set[int] = set()  # a name that is written out elsewhere is one node
    while nodes:
        node = nodes.pop()
        if isinstance(node, tuple):
            nodes += node
        elif isinstance(node, yaml.CollectionNode) and id(node) not in seen:
            seen.add(id(node))
            if not node.flow_style:
                nodes += node.value
            elif "?" in text[node.start_mark.index : node.end_mark.index]:
                return True
    return False


def scalar_value(node: Any) -> Any:
    text = str(node.value)
    if node.style:  # quoted or folded: text, whatever it looks like
        return text
    if text in YAML_CONSTANTS:
        return YAML_CONSTANTS[text]
    if NUMBER_PATTERN.fullmatch(text):
        return Decimal(text) if "." in text else int(text)
    return text
