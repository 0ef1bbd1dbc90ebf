"""The place of an entry in the audit trail, and cursors that begin a page there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from screening.audit.sources import SOURCES
from screening.shared.pagination import LARGEST_INTEGER


class TrailPosition(NamedTuple):
    at: datetime
    source: int
    key: int


AFTER, BEFORE = "after", "before"


def cursor_text(direction: str, place: TrailPosition) -> str:
    return f"{direction}~{place.at.astimezone(UTC).isoformat()}~{place.source}~{place.key}"


def read_cursor(cursor: str | None) -> tuple[str, TrailPosition] | None:
    """Return the direction and position of a cursor, None for text that is no cursor.

    Anybody can put any text into a URL.
    """
    parts = (cursor or "").split("~")
    if len(parts) != 4 or parts[0] not in (AFTER, BEFORE):
        return None
    try:
        at = datetime.fromisoformat(parts[1])
        place = TrailPosition(at.astimezone(UTC), int(parts[2]), int(parts[3]))
    except (ValueError, OverflowError):
        return None
    known = at.tzinfo is not None and 0 <= place.source < len(SOURCES) and 0 <= place.key <= LARGEST_INTEGER
    return (parts[0], place) if known else None
