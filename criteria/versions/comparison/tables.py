"""The tables of numbers of two versions, row by row."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from criteria.evaluation.protocol import Protocol
from criteria.rules.text import trim_zeros
from criteria.rules.units import unit_text
from criteria.rules.values.tables import Interval, Step, Table
from criteria.versions.comparison.changes import Difference


def tables_changed(old: Protocol, new: Protocol) -> Iterator[str]:
    """Yield the names of the tables that differ, or that only one of two versions has."""
    before, after = old.schema.tables, new.schema.tables
    yield from (name for name in {**after, **before} if before.get(name) != after.get(name))


def table_differences(old: Protocol, new: Protocol) -> Iterator[Difference]:
    """Yield what differs in each table: its head, and each row that is other, new or gone."""
    for name in tables_changed(old, new):
        before, after = old.schema.tables.get(name), new.schema.tables.get(name)
        label = _("Table: %s") % name
        if (head := head_text(before)) != (then := head_text(after)):
            yield Difference(label, head, then)
        rows = row_texts(before), row_texts(after)
        for place in {**rows[1], **rows[0]}:
            pair = rows[0].get(place, ""), rows[1].get(place, "")
            if pair[0] != pair[1]:
                yield Difference(f"{label}, {place}", *pair)


def head_text(table: Table | None) -> str:
    """Return title, unit, keys and source of a table; empty where there is none."""
    if table is None:
        return ""
    keys = ", ".join(f"{key.name} ({key.unit})" for key in table.keys)
    return "; ".join(filter(None, [table.title, unit_text(table.unit), keys, table.source]))


def row_texts(table: Table | None) -> dict[str, str]:
    """Return the numbers of a table by where they hold."""
    if table is None:
        return {}
    return {", ".join(map(step_text, steps)): trim_zeros(number) for steps, number in table.rows}


def step_text(step: Step) -> str:
    if not isinstance(step, Interval):
        return step
    ends = ("" if end is None else trim_zeros(end) for end in step)
    return "[{}, {})".format(*ends)
