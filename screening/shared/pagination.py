"""Pages cut by key: each begins behind the last row of the one before, and costs the same wherever it lies.

Rows are ordered by one field and their primary key. A cursor is text for an address: which way to go, and the key and
the value of the row to go on from.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Generic, NamedTuple, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db.models import F, Field, Func, Model, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan

M = TypeVar("M", bound=Model)

AFTER, BEFORE = "after", "before"
LARGEST = 2**63 - 1


class Page(NamedTuple, Generic[M]):
    """`next` and `previous` are cursors; None where there is no such page."""

    rows: list[M]
    next: str | None
    previous: str | None


class Cursor(NamedTuple):
    direction: str
    key: int
    value: Any


class Row(Func):
    """Several values compared as one. Django's own tuple lookups become OR on SQLite, which then reads every row."""

    template = "(%(expressions)s)"
    output_field: Field[Any, Any] = Field()


def page_of(rows: QuerySet[M], order: str, cursor: str | None, size: int) -> Page[M]:
    """`order` is a field of the rows that is never null, with a hyphen in front where the largest come first.

    A cursor that nobody can read, or past which there are no rows, gives the first page.
    """
    name, descending = order.removeprefix("-"), order.startswith("-")
    at = read(cursor, rows.model, name)
    if at is not None and (found := page_from(at, rows, name, descending, size)).rows:
        return found
    shown, more = cut(arranged(rows, name, descending), size)
    return Page(shown, written(AFTER, shown[-1], name) if more else None, None)


def page_from(at: Cursor, rows: QuerySet[M], name: str, descending: bool, size: int) -> Page[M]:
    """Backwards is forwards in the opposite order, turned round for reading."""
    backwards = at.direction == BEFORE
    down = descending != backwards
    shown, more = cut(beyond(at, arranged(rows, name, down), name, down), size)
    if not shown:
        return Page([], None, None)
    if backwards:
        shown.reverse()
    earlier, later = (more, True) if backwards else (True, more)
    return Page(
        shown,
        written(AFTER, shown[-1], name) if later else None,
        written(BEFORE, shown[0], name) if earlier else None,
    )


def arranged(rows: QuerySet[M], name: str, descending: bool) -> QuerySet[M]:
    return rows.order_by(*(f"-{field}" if descending else field for field in (name, "pk")))


def beyond(at: Cursor, rows: QuerySet[M], name: str, descending: bool) -> QuerySet[M]:
    here = Row(F(name), F("pk"))
    there = Row(Value(at.value, field_of(rows.model, name)), Value(at.key, rows.model._meta.pk))
    return rows.filter((LessThan if descending else GreaterThan)(here, there))


def cut(rows: QuerySet[M], size: int) -> tuple[list[M], bool]:
    """The first rows, and whether there are more."""
    found = list(rows[: size + 1])
    return found[:size], len(found) > size


def written(direction: str, row: Model, name: str) -> str:
    return f"{direction}~{row.pk}~{field_of(type(row), name).value_to_string(row)}"


def read(cursor: str | None, model: type[Model], name: str) -> Cursor | None:
    """None where the text is no cursor of rows in this order: anybody may write anything into an address."""
    direction, _, rest = (cursor or "").partition("~")
    key, _, text = rest.partition("~")
    try:
        value = field_of(model, name).to_python(text)
        number = int(key)
        value = value.astimezone(UTC) if isinstance(value, datetime) else value
    except (ValidationError, ValueError, OverflowError):
        return None
    if direction not in (AFTER, BEFORE) or "\0" in text or not 0 <= number <= LARGEST:
        return None
    return None if isinstance(value, int) and abs(value) > LARGEST else Cursor(direction, number, value)


def field_of(model: type[Model], name: str) -> Field[Any, Any]:
    return cast("Field[Any, Any]", model._meta.get_field(name))
