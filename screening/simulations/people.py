"""Who is looked at: everybody in the trial who has a visit and whom the filter of the log lets through, by key."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet

from screening.log.filter import LogFilter, matching
from screening.models import Simulation, Standing


class Person(NamedTuple):
    """What the work list's row says of somebody, and the latest revision of the latest visit."""

    subject: int
    revision: int
    enrolment_number: str
    decision: str
    found: str
    document: Any


COLUMNS = ("pk", "revision_id", "enrolment_number", "decision", "found", "revision__document")


def people_of(simulation: Simulation) -> QuerySet[Standing]:
    return matching(filters_of(simulation)).filter(trial=simulation.base.trial_id, revision__isnull=False)


def next_people(simulation: Simulation, last: int, size: int) -> list[Person]:
    """Those who come after the key `last`."""
    rows = people_of(simulation).filter(pk__gt=last).order_by("pk")
    return [Person(*row) for row in rows.values_list(*COLUMNS)[:size]]


def stored(filters: LogFilter) -> dict[str, str]:
    """What a filter asks for, by name; days as text."""
    asked = {field.name: getattr(filters, field.name) for field in fields(filters)}
    differing = {name: value for name, value in asked.items() if value != getattr(LogFilter(), name)}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in differing.items()}


def filters_of(simulation: Simulation) -> LogFilter:
    found: dict[str, Any] = dict(simulation.filters)
    for name in ("screened_from", "screened_to"):
        if name in found:
            found[name] = date.fromisoformat(found[name])
    return LogFilter(**found)
