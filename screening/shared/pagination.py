"""Keyset pagination: each page begins after the last row of the previous one, at the same cost anywhere.

Rows are ordered by one field and their primary key. A cursor is text for an address: the direction, and the
key and the value of the row to continue from.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Generic, NamedTuple, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db.models import F, Field, Func, Model, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan

M = TypeVar("M", bound=Model)

AFTER, BEFORE = "after", "before"
LARGEST_INTEGER = 2**63 - 1


class Page(NamedTuple, Generic[M]):
    """A page of rows; `next` and `previous` are cursors, None where there is no such page."""

    rows: list[M]
    next: str | None
    previous: str | None


class Cursor(NamedTuple):
    direction: str
    key: int
    value: Any


class RowValue(Func):
    """Several values compared as one SQL row value.

    Django's own tuple lookups become OR on SQLite, which then reads every row.
    """

    template = "(%(expressions)s)"
    output_field: Field[Any, Any] = Field()


def page_of(rows: QuerySet[M], order: str, cursor: str | None, size: int) -> Page[M]:
    """Return the page of rows at a cursor.

    `order` is a field of the rows that is never null, with a hyphen in front for descending order. A cursor
    that cannot be parsed, or past which there are no rows, gives the first page.
    """
    name, descending = order.removeprefix("-"), order.startswith("-")
    at = read_cursor(cursor, rows.model, name)
    if at is not None and (found := page_from(at, rows, name, descending, size)).rows:
        return found
    shown, more = first_page(ordered_rows(rows, name, descending), size)
    return Page(shown, cursor_text(AFTER, shown[-1], name) if more else None, None)


def page_from(at: Cursor, rows: QuerySet[M], name: str, descending: bool, size: int) -> Page[M]:
    """Return the page after or before a cursor, empty where there are no rows.

    Backwards, rows are read in the opposite order and then reversed.
    """
    backwards = at.direction == BEFORE
    down = descending != backwards
    shown, more = first_page(rows_beyond(at, ordered_rows(rows, name, down), name, down), size)
    if not shown:
        return Page([], None, None)
    if backwards:
        shown.reverse()
    earlier, later = (more, True) if backwards else (True, more)
    return Page(
        shown,
        cursor_text(AFTER, shown[-1], name) if later else None,
        cursor_text(BEFORE, shown[0], name) if earlier else None,
    )


def ordered_rows(rows: QuerySet[M], name: str, descending: bool) -> QuerySet[M]:
    return rows.order_by(*(f"-{field}" if descending else field for field in (name, "pk")))


def rows_beyond(at: Cursor, rows: QuerySet[M], name: str, descending: bool) -> QuerySet[M]:
    here = RowValue(F(name), F("pk"))
    there = RowValue(Value(at.value, model_field(rows.model, name)), Value(at.key, rows.model._meta.pk))
    return rows.filter((LessThan if descending else GreaterThan)(here, there))


def first_page(rows: QuerySet[M], size: int) -> tuple[list[M], bool]:
    """Return the first `size` rows, and whether there are more."""
    found = list(rows[: size + 1])
    return found[:size], len(found) > size


def cursor_text(direction: str, row: Model, name: str) -> str:
    return f"{direction}~{row.pk}~{model_field(type(row), name).value_to_string(row)}"


def read_cursor(cursor: str | None, model: type[Model], name: str) -> Cursor | None:
    """Return the cursor in a text; None where it is no cursor of rows in this order.

    The text comes from an address, in which anybody may write anything.
    """
    direction, _, rest = (cursor or "").partition("~")
    key, _, text = rest.partition("~")
    try:
        value = model_field(model, name).to_python(text)
        number = int(key)
        value = value.astimezone(UTC) if isinstance(value, datetime) else value
    except (ValidationError, ValueError, OverflowError):
        return None
    if direction not in (AFTER, BEFORE) or "\0" in text or not 0 <= number <= LARGEST_INTEGER:
        return None
    return None if isinstance(value, int) and abs(value) > LARGEST_INTEGER else Cursor(direction, number, value)


def model_field(model: type[Model], name: str) -> Field[Any, Any]:
    return cast("Field[Any, Any]", model._meta.get_field(name))
