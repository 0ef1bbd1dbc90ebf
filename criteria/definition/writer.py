"""The text of a definition file, written from plain data: it loads again to the same rows and the same fingerprint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import yaml

from criteria.definition.yaml_tree import scalar

WIDTH = 120
LINE = 90  # what is longer than this within braces stands in lines of its own
LEFT_OUT = {"trial": ("registry_url", "planned_enrolment"), "version": ("note",), "": ("codes", "terms")}
CRITERION_LEFT_OUT = ("reading", "official_wording", "applies")


def definition_text(data: Mapping[str, Any]) -> str:
    """The YAML text of a definition (`criteria.versions.versions.definition`); what is optional and empty is left out.

    Code lists stand under their names, terms under theirs, as they were written; comments and anchors of the file that
    was loaded once are not kept. ValueError for a number that a definition file cannot hold.
    """
    written = {
        **{key: without_empty(value, LEFT_OUT.get(key, ())) for key, value in data.items()},
        "criteria": [without_empty(criterion, CRITERION_LEFT_OUT) for criterion in data["criteria"]],
    }
    return yaml_text(without_empty(written, LEFT_OUT[""]))


def without_empty(block: Any, names: tuple[str, ...]) -> Any:
    if not isinstance(block, Mapping):
        return block
    return {key: value for key, value in block.items() if value or key not in names}


def yaml_text(data: Any) -> str:
    """Plain data as text that `criteria.definition.yaml_tree.Tree` reads as the same data."""
    return yaml.dump(data, Dumper=Writer, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=None)


class Writer(yaml.SafeDumper):
    """Quotes every text that any reader could take for something else; writes each thing where it stands, without
    anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_mapping(self, *args: Any, **kwargs: Any) -> yaml.MappingNode:
        node = super().represent_mapping(*args, **kwargs)
        node.flow_style = node.flow_style and length_of(sum(node.value, ())) <= LINE
        return node

    def represent_sequence(self, *args: Any, **kwargs: Any) -> yaml.SequenceNode:
        node = super().represent_sequence(*args, **kwargs)
        node.flow_style = node.flow_style and length_of(node.value) <= LINE
        return node


def length_of(scalars: Iterable[yaml.Node]) -> int:
    return sum(len(node.value) + 2 for node in scalars)


def written_text(writer: Writer, text: str) -> yaml.ScalarNode:
    style = '"' if misread(text) else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def misread(text: str) -> bool:
    """Whether a reader could take it for a number, a logical value or nothing if it were not quoted.

    The library itself quotes what is a date or a `yes` to other readers, and what would break the form of the file.
    Line breaks and what cannot be seen go into double quotes, where each has its escape.
    """
    return not text.isprintable() or scalar(yaml.ScalarNode("", text)) != text or is_number(text)


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def written_number(writer: Writer, number: Decimal) -> yaml.ScalarNode:
    """With the digits that it has: 9.0 stays 9.0. A whole one stands without a point."""
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent > 0:
        raise ValueError(f"{number} cannot be written in a definition file with the digits that it has")
    text = f"{number or abs(number):f}"
    return writer.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


Writer.add_representer(str, written_text)
Writer.add_representer(Decimal, written_number)
