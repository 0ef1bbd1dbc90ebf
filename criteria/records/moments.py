"""The one way in which a moment is written for people: `2026-11-30 10:06 (UTC+8)`."""

from __future__ import annotations

from datetime import datetime, timedelta

DAY_FORMAT, CLOCK_FORMAT = "%Y-%m-%d", "%H:%M"


def moment_text(at: datetime) -> str:
    """Return an aware moment in its own time zone, with its offset from UTC."""
    return f"{at:{DAY_FORMAT}} {clock_text(at)}"


def clock_text(at: datetime) -> str:
    """Return a moment without its day, which stands beside it."""
    return f"{at:{CLOCK_FORMAT}} ({offset_text(at.utcoffset() or timedelta(0))})"


def offset_text(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    if not minutes:
        return "UTC"
    return f"UTC{'+' if minutes > 0 else '-'}{hours}{f':{rest:02}' if rest else ''}"
