"""What a simulation is about, in words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from criteria.rules.text import ANY_TIME, limit_text
from criteria.versions.versions import protocol_of
from screening.log.filter import described
from screening.models import Simulation, SimulationReport
from screening.simulations import filters_of


class Value(NamedTuple):
    """A parameter's value in words, in the version in force and in the simulation; as in a comparison of versions."""

    title: str
    old: str
    new: str


def values_of(what_if: Simulation) -> list[Value]:
    """In the order of the version."""
    limits = protocol_of(what_if.base).limits
    tried = what_if.values or {}
    return [
        Value(limit.title, limit_text(limit), limit_text(limit._replace(value=tried_value(tried[name]))))
        for name, limit in limits.items()
        if name in tried
    ]


def tried_value(value: Any) -> Decimal | None:
    return None if value == ANY_TIME else Decimal(value)


def people_in_words(simulation: Simulation) -> str:
    """Whom it looked at; its trial is named beside it."""
    return described(replace(filters_of(simulation), trial=""))


def report_of(simulation: Simulation) -> SimulationReport | None:
    """None until it has looked at everybody."""
    return getattr(simulation, "report", None)
