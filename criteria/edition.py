"""One wording of a trial's definition, published or only drafted: the plain data, and the protocol that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from criteria.definition import protocol_from
from criteria.protocol import Protocol


class Edition(NamedTuple):
    """`data` is what `criteria.versions.definition` gives and `criteria.definition` reads."""

    data: Mapping[str, Any]
    protocol: Protocol


def edition_from(data: Mapping[str, Any]) -> Edition:
    """BadDefinition where the data is faulty."""
    return Edition(data, protocol_from(data))
