"""Windows of time around a day: a washout before the first dose, a toxicity since it, a contraception after it."""

from __future__ import annotations

from criteria.rules.dates import shift_range
from criteria.rules.ranges import Range, is_at_most, is_below
from criteria.rules.truth import UNKNOWN, Truth, all_of


def within_window(direction: str, count: int, unit: str, day: Range | None, centre: Range | None) -> Truth:
    """Return whether `day` lies within `count` units (UCUM: d, wk, mo, a) of `centre`.

    `before`: from that long before the centre up to it, both ends included. `since`: from then on, without an end.
    `after`: from the day after the centre up to that long after it.
    Days known in part are ranges; one that is not known makes the answer unknown.
    """
    if day is None or centre is None:
        return UNKNOWN
    if direction == "since":
        return is_at_most(shift_range(centre, -count, unit), day)
    if direction == "before":
        return all_of((is_at_most(shift_range(centre, -count, unit), day), is_at_most(day, centre)))
    return all_of((is_below(centre, day), is_at_most(day, shift_range(centre, count, unit))))
