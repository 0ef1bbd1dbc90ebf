"""Editions that differ in one parameter, made without reading a definition anew."""

from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from criteria.amendments.boundary.steps import step_size
from criteria.amendments.uses import parameter_uses
from criteria.definition.reader import Edition, edition_from, parse_definition
from criteria.evaluation.protocol import Protocol
from criteria.rules import nodes as n
from criteria.rules.units import PERIOD_UNITS
from tests.conftest import PROTOCOL, ROOT

FILES = {
    "oesophagus": PROTOCOL,
    "hypertension": ROOT / "tests/data/hypertension.yaml",
    "second": ROOT / "tests/data/second_trial.yaml",
}
ANY_TIME = None
Value = Decimal | None


@cache
def edition(trial: str) -> Edition:
    data, protocol = parse_definition(Path(FILES[trial]).read_text(encoding="utf-8"))
    return Edition(data, protocol)


@lru_cache(maxsize=16)
def amended(trial: str, **values: Value) -> Edition:
    """The trial's edition with other values."""
    old = edition(trial)
    limits = {name: limit._replace(value=values.get(name, limit.value)) for name, limit in old.protocol.limits.items()}
    return Edition(old.data, with_limits(old.protocol, limits))


def with_limits(protocol: Protocol, limits: dict[str, Any]) -> Protocol:
    return Protocol(
        protocol.trial,
        protocol.title,
        protocol.registry_url,
        protocol.version,
        protocol.effective_from,
        protocol.vocabulary,
        limits,
        protocol.criteria,
    )


def rewritten(trial: str, *changes: Any) -> Edition:
    """The edition of a definition of which something else was changed."""
    data = deepcopy(dict(edition(trial).data))
    for change in changes:
        change(data)
    return edition_from(data)


def nearby(trial: str) -> Iterator[tuple[str, Value]]:
    """Every parameter with the values beside its own; windows that may be open, opened and closed."""
    protocol = edition(trial).protocol
    for name, limit in protocol.limits.items():
        if limit.value is None:
            yield name, Decimal(6)
            continue
        leaves = [use.leaf for criterion in protocol.criteria for use in parameter_uses(criterion, name)]
        by = step_size(limit.value, whole=limit.unit in (*PERIOD_UNITS, "1") and limit.value == int(limit.value))
        yield name, limit.value + by
        if limit.value > by:
            yield name, limit.value - by
        if leaves and all(isinstance(leaf, n.Within) for leaf in leaves):
            yield name, ANY_TIME
