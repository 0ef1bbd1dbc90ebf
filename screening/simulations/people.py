"""The subjects of a simulation: all in the trial who have a visit and pass the filter of the log, by key."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet

from screening.log.filter import LogFilter, log_statuses
from screening.models import Simulation, SubjectStatus


class Person(NamedTuple):
    """The work list's row of a subject, with the latest revision of the latest visit."""

    subject: int
    revision: int
    enrolment_number: str
    decision: str
    found: str
    document: Any


PERSON_COLUMNS = ("pk", "revision_id", "enrolment_number", "decision", "found", "revision__document")


def people_of(simulation: Simulation) -> QuerySet[SubjectStatus]:
    return log_statuses(filters_of(simulation)).filter(trial=simulation.base.trial_id, revision__isnull=False)


def next_people(simulation: Simulation, last: int, size: int) -> list[Person]:
    """Return at most `size` subjects after the key `last`."""
    rows = people_of(simulation).filter(pk__gt=last).order_by("pk")
    return [Person(*row) for row in rows.values_list(*PERSON_COLUMNS)[:size]]


def filter_data(filters: LogFilter) -> dict[str, str]:
    """Return the criteria of a filter by name, for storage as JSON; days as text."""
    asked = {field.name: getattr(filters, field.name) for field in fields(filters)}
    differing = {name: value for name, value in asked.items() if value != getattr(LogFilter(), name)}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in differing.items()}


def filters_of(simulation: Simulation) -> LogFilter:
    found: dict[str, Any] = dict(simulation.filters)
    for name in ("screened_from", "screened_to"):
        if name in found:
            found[name] = date.fromisoformat(found[name])
    return LogFilter(**found)
