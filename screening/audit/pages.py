"""The trail page by page: each table is asked for its next rows, and what comes first of all of them is shown.

An entry's place is its time, then its table, then its key. A cursor is the place from which a page goes on.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan

from screening.audit.cursor import AFTER, BEFORE, Place, cursor_text, read_cursor
from screening.audit.entries import Entry, entries_of
from screening.audit.filters import TrailFilter, matching
from screening.shared.pagination import Row

PAGE_SIZE = 50
CHUNK = 500


class TrailPage(NamedTuple):
    """`next` and `previous` are cursors; None where there is no such page."""

    entries: list[Entry]
    next: str | None
    previous: str | None


def trail_page(filters: TrailFilter, cursor: str | None = None, size: int = PAGE_SIZE) -> TrailPage:
    """A cursor that nobody can read, or past which there is nothing, gives the first page."""
    found = read_cursor(cursor)
    if found:
        direction, place = found
        backwards = direction == BEFORE
        places, more = cut(filters, place, backwards, size)
        if places:
            places = places[::-1] if backwards else places
            earlier, later = (more, True) if backwards else (True, more)
            return page(places, later, earlier)
    places, more = cut(filters, None, False, size)
    return page(places, more, False)


def page(places: list[Place], later: bool, earlier: bool) -> TrailPage:
    following = cursor_text(AFTER, places[-1]) if later else None
    return TrailPage(entries_of(places), following, cursor_text(BEFORE, places[0]) if earlier else None)


def all_places(filters: TrailFilter) -> Iterator[list[Place]]:
    """Every place, in chunks and in order, without holding them all."""
    place: Place | None = None
    while True:
        places, more = cut(filters, place, False, CHUNK)
        if places:
            yield places
        if not more:
            return
        place = places[-1]


def cut(filters: TrailFilter, place: Place | None, backwards: bool, size: int) -> tuple[list[Place], bool]:
    """The next places from there on, and whether there are more."""
    down = filters.oldest_first == backwards
    each = [some(index, rows, place, down, size) for index, _source, rows in matching(filters)]
    merged = heapq.merge(*each, reverse=down)
    found = [place for place, _ in zip(merged, range(size + 1), strict=False)]
    return found[:size], len(found) > size


def some(index: int, rows: QuerySet[Any], place: Place | None, down: bool, size: int) -> Iterable[Place]:
    if place is not None:
        rows = rows.filter(beyond(index, place, down))
    order = ("-created_at", "-pk") if down else ("created_at", "pk")
    return [Place(at, index, key) for at, key in rows.order_by(*order).values_list("created_at", "pk")[: size + 1]]


def beyond(index: int, place: Place, down: bool) -> Any:
    """Of a table before or behind the one of the place in the order, all rows of the same time are still to come, or
    none."""
    if index == place.source:
        here, there = Row(F("created_at"), F("pk")), Row(Value(place.at), Value(place.key))
        return (LessThan if down else GreaterThan)(here, there)
    to_come = (index < place.source) == down
    sign = ("lt" if down else "gt") + ("e" if to_come else "")
    return Q(**{f"created_at__{sign}": place.at})
