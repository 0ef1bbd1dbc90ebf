"""Pages of the audit trail: each table is queried for its next rows, and the first of all of them are shown.

The position of an entry is its time, then its table, then its key. A cursor is the position from which a page
continues.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan

from screening.audit.cursor import AFTER, BEFORE, TrailPosition, cursor_text, read_cursor
from screening.audit.entries import AuditEntry, entries_of
from screening.audit.filters import AuditTrailFilter, matching_sources
from screening.shared.pagination import RowValue

TRAIL_PAGE_SIZE = 50
POSITION_CHUNK = 500


class AuditTrailPage(NamedTuple):
    """A page of entries; `next` and `previous` are cursors, None where there is no such page."""

    entries: list[AuditEntry]
    next: str | None
    previous: str | None


def audit_trail_page(
    filters: AuditTrailFilter, cursor: str | None = None, size: int = TRAIL_PAGE_SIZE
) -> AuditTrailPage:
    """Return the page at a cursor.

    The first page is returned for an unreadable cursor and for one with no entries beyond it.
    """
    found = read_cursor(cursor)
    if found:
        direction, place = found
        backwards = direction == BEFORE
        places, more = next_positions(filters, place, backwards, size)
        if places:
            places = places[::-1] if backwards else places
            earlier, later = (more, True) if backwards else (True, more)
            return build_page(places, later, earlier)
    places, more = next_positions(filters, None, False, size)
    return build_page(places, more, False)


def build_page(places: list[TrailPosition], later: bool, earlier: bool) -> AuditTrailPage:
    following = cursor_text(AFTER, places[-1]) if later else None
    return AuditTrailPage(entries_of(places), following, cursor_text(BEFORE, places[0]) if earlier else None)


def all_positions(filters: AuditTrailFilter) -> Iterator[list[TrailPosition]]:
    """Yield every position, in chunks and in order, without loading all at once."""
    place: TrailPosition | None = None
    while True:
        places, more = next_positions(filters, place, False, POSITION_CHUNK)
        if places:
            yield places
        if not more:
            return
        place = places[-1]


def next_positions(
    filters: AuditTrailFilter, place: TrailPosition | None, backwards: bool, size: int
) -> tuple[list[TrailPosition], bool]:
    """Return the next positions from there on, and whether there are more."""
    down = filters.oldest_first == backwards
    each = [source_positions(index, rows, place, down, size) for index, _source, rows in matching_sources(filters)]
    merged = heapq.merge(*each, reverse=down)
    found = [place for place, _ in zip(merged, range(size + 1), strict=False)]
    return found[:size], len(found) > size


def source_positions(
    index: int, rows: QuerySet[Any], place: TrailPosition | None, down: bool, size: int
) -> Iterable[TrailPosition]:
    if place is not None:
        rows = rows.filter(position_condition(index, place, down))
    order = ("-created_at", "-pk") if down else ("created_at", "pk")
    return [
        TrailPosition(at, index, key) for at, key in rows.order_by(*order).values_list("created_at", "pk")[: size + 1]
    ]


def position_condition(index: int, place: TrailPosition, down: bool) -> Any:
    """Return the condition for the rows of a table beyond the position.

    In a table other than that of the position, either all rows of the same time are still to come, or none.
    """
    if index == place.source:
        here, there = RowValue(F("created_at"), F("pk")), RowValue(Value(place.at), Value(place.key))
        return (LessThan if down else GreaterThan)(here, there)
    to_come = (index < place.source) == down
    sign = ("lt" if down else "gt") + ("e" if to_come else "")
    return Q(**{f"created_at__{sign}": place.at})
