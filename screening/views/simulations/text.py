"""The values and subjects of a simulation as text."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from criteria.rules.text import ANY_TIME, limit_text
from criteria.versions.versions import protocol_of
from screening.log.labels import log_filter_text
from screening.models import Simulation, SimulationReport
from screening.simulations import filters_of


class ValueChange(NamedTuple):
    """A parameter's value as text, in the version in force and in the simulation.

    It has the fields of a comparison of versions.
    """

    title: str
    old: str
    new: str


def value_changes(what_if: Simulation) -> list[ValueChange]:
    """Return the simulated values, in the order of the version."""
    limits = protocol_of(what_if.base).limits
    tried = what_if.values or {}
    return [
        ValueChange(limit.title, limit_text(limit), limit_text(limit._replace(value=tried_value(tried[name]))))
        for name, limit in limits.items()
        if name in tried
    ]


def tried_value(value: Any) -> Decimal | None:
    return None if value == ANY_TIME else Decimal(value)


def subjects_text(simulation: Simulation) -> str:
    """Return the filter of the simulated subjects as text; their trial is named beside it."""
    return log_filter_text(replace(filters_of(simulation), trial=""))


def report_or_none(simulation: Simulation) -> SimulationReport | None:
    """Return the report; None until every subject was evaluated."""
    return getattr(simulation, "report", None)
