"""The subjects of a simulation: all in the trial who have a visit and pass the filter of the log, by key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from screening.log.filter import LogFilter, log_statuses
from screening.models import LATEST_ATTEMPT, Simulation, SubjectStatus


class Person(NamedTuple):
    """The work list's row of a subject, with the latest revision of the latest visit, whose document is still text."""

    subject: int
    revision: int
    enrolment_number: str
    decision: str
    found: str
    document: str


PERSON_COLUMNS = ("subject_id", "revision_id", "enrolment_number", "decision", "found")


def people_of(simulation: Simulation) -> QuerySet[SubjectStatus]:
    rows = log_statuses(filters_of(simulation)).filter(LATEST_ATTEMPT)
    return rows.filter(trial=simulation.base.trial_id, revision__isnull=False)


def next_people(simulation: Simulation, last: int, size: int) -> list[Person]:
    """Return at most `size` subjects after the key `last`."""
    rows = people_of(simulation).filter(subject__gt=last).order_by("subject")
    text = Cast("revision__document", TextField())
    return [Person(*row) for row in rows.values_list(*PERSON_COLUMNS, text)[:size]]


def people_after(simulation: Simulation, last: int, size: int) -> Iterator[Person]:
    """Yield every subject after the key `last`, read `size` at a time."""
    while people := next_people(simulation, last, size):
        yield from people
        last = people[-1].subject


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
