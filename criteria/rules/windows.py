"""Windows of time around a day: a washout before the first dose, a toxicity since it, a contraception after it."""

from __future__ import annotations

from criteria.rules.dates import shift_day
from criteria.rules.ranges import Range
from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth


def within_window(direction: str, count: int, unit: str, day: Range | None, centre: Range | None) -> Truth:
    """Return whether `day` lies within `count` units (UCUM: d, wk, mo, a) of `centre`.

    `before`: from that long before the centre up to it, both ends included. `since`: from then on, without an end.
    `after`: from the day after the centre up to that long after it.
    Days known in part are ranges; one that is not known makes the answer unknown.
    """
    if day is None or centre is None:
        return UNKNOWN
    earliest, latest = centre.low, centre.high
    if direction == "after":
        begun = in_order(earliest + 1, latest + 1, day.low, day.high)
    else:
        begun = in_order(shift_day(earliest, -count, unit), shift_day(latest, -count, unit), day.low, day.high)
    if begun is FALSE or direction == "since":
        return begun
    if direction == "after":
        earliest, latest = shift_day(earliest, count, unit), shift_day(latest, count, unit)
    ended = in_order(day.low, day.high, earliest, latest)
    return ended if begun is TRUE or ended is FALSE else UNKNOWN


def in_order(low: int, high: int, other_low: int, other_high: int) -> Truth:
    """Return whether a day from `low` to `high` is on or before one from `other_low` to `other_high`."""
    if high <= other_low:
        return TRUE
    return FALSE if low > other_high else UNKNOWN
