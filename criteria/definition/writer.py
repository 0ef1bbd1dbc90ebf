"""Writer of a definition file from plain data: it loads to the same rows and the same fingerprint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import yaml

from criteria.definition.yaml_tree import scalar_value

WIDTH = 120
LINE = 90  # what is longer than this within braces stands in lines of its own
LEFT_OUT = {"trial": ("registry_url", "planned_enrolment"), "version": ("note",), "": ("codes", "terms")}
CRITERION_LEFT_OUT = ("reading", "official_wording", "applies")


def definition_text(data: Mapping[str, Any]) -> str:
    """Return the YAML text of a definition (`criteria.versions.versions.definition_data`).

    What is optional and empty is left out. Code lists and terms are written under their names, as in the
    original file; comments and anchors of the file that was loaded are lost. ValueError for a number that a
    definition file cannot hold.
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
    """Return plain data as text that `criteria.definition.yaml_tree.YamlTree` reads as the same data."""
    return yaml.dump(
        data, Dumper=DefinitionDumper, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=None
    )


class DefinitionDumper(yaml.SafeDumper):
    """A YAML dumper that quotes ambiguous text and uses no anchors.

    It quotes every text that any reader could parse as something else, and writes each value in full where it
    is used.
    """

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_mapping(self, *args: Any, **kwargs: Any) -> yaml.MappingNode:
        node = super().represent_mapping(*args, **kwargs)
        node.flow_style = node.flow_style and flow_length(sum(node.value, ())) <= LINE
        return node

    def represent_sequence(self, *args: Any, **kwargs: Any) -> yaml.SequenceNode:
        node = super().represent_sequence(*args, **kwargs)
        node.flow_style = node.flow_style and flow_length(node.value) <= LINE
        return node


def flow_length(scalars: Iterable[yaml.Node]) -> int:
    return sum(len(node.value) + 2 for node in scalars)


def represent_text(writer: DefinitionDumper, text: str) -> yaml.ScalarNode:
    style = '"' if needs_quotes(text) else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def needs_quotes(text: str) -> bool:
    """Return whether a reader could parse a text without quotes as a number, a logical value or nothing.

    The library itself quotes what is a date or a `yes` to other readers, and what would break the form of the
    file. Line breaks and invisible characters go into double quotes, where each has its escape.
    """
    return not text.isprintable() or scalar_value(yaml.ScalarNode("", text)) != text or is_number(text)


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def represent_number(writer: DefinitionDumper, number: Decimal) -> yaml.ScalarNode:
    """Represent a number with the digits that it has: 9.0 stays 9.0; a whole one has no point.

    ValueError for a number whose digits a definition file cannot show, such as 1E+3.
    """
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent > 0:
        raise ValueError(f"{number} cannot be written in a definition file with the digits that it has")
    text = f"{number or abs(number):f}"
    return writer.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


DefinitionDumper.add_representer(str, represent_text)
DefinitionDumper.add_representer(Decimal, represent_number)
