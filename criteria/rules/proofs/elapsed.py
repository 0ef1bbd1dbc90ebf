"""The time between two days, counted as the window counts that it is held against."""

from __future__ import annotations

from functools import reduce

from criteria.rules.dates import DAYS_PER_UNIT, MONTHS_PER_UNIT, shift_day
from criteria.rules.proofs import sentences as s
from criteria.rules.ranges import Range
from criteria.rules.text import amount_text

MANY_MONTHS = 120


def apart_text(event: Range, anchor: Range, unit: str) -> tuple[str, str] | None:
    """Return the sentence for an event before or after its anchor, or on its day, and how far they are apart.

    None where they may lie either way round, because a date is known only in part.
    """
    nearest, farthest = anchor.low - event.high, anchor.high - event.low
    if nearest == farthest == 0:
        return s.SAME_DAY, ""
    if nearest < 0 < farthest:
        return None
    template = s.BEFORE if farthest > 0 else s.AFTER
    if nearest != farthest:
        return template, longest_and_shortest_text(event, anchor, unit)
    return template, length_text(event.low, anchor.low, unit)


def longest_and_shortest_text(event: Range, anchor: Range, unit: str) -> str:
    """Return the least and the greatest time between two days of which one is known only in part."""
    ends = sorted(((event.high, anchor.low), (event.low, anchor.high)), key=lambda days: abs(days[0] - days[1]))
    if unit in DAYS_PER_UNIT:
        shortest, longest = (abs(days[0] - days[1]) for days in ends)
        return s.SHORTEST_TO_LONGEST % {"shortest": shortest, "longest": amount_text(longest, "d")}
    shortest_text, longest_text = (length_text(*days, unit) for days in ends)
    return s.SHORTEST_TO_LONGEST % {"shortest": shortest_text, "longest": longest_text}


def length_text(event: int, anchor: int, unit: str) -> str:
    """Return the days between two days or, for a period in months or years, these and the days that are left.

    What is many years ago is told in years although the period is in months.
    """
    if unit in DAYS_PER_UNIT:
        return amount_text(abs(anchor - event), "d")
    step, count = (-1 if event < anchor else 1), 0
    while (shift_day(anchor, step * (count + 1), unit) - event) * step <= 0:
        count += 1
    days = abs(shift_day(anchor, step * count, unit) - event)
    years, months = divmod(count, MONTHS_PER_UNIT["a"]) if unit == "mo" and count >= MANY_MONTHS else (0, count)
    amounts = ((years, "a"), (months, unit), (days, "d"))
    told = [amount_text(*amount) for amount in amounts if amount[0]] or [amount_text(0, "d")]
    return reduce(lambda units, rest: s.UNITS_AND_REST % {"units": units, "rest": rest}, told)


def needed_template(operator: str, side: str, template: str, *, ends: bool) -> str:
    """Return the sentence for how long the time between two days has to be, or may be.

    `side` is that of the anchor on which the window lies. On the other one it is long enough where the window `ends`
    at the anchor, or where there is no shortest time; so is the day of the anchor itself for a longest time, unless the
    window begins after it. Nothing needs to be said then.
    """
    is_needed = operator in (">", ">=")
    if template == s.SAME_DAY and not is_needed and not (side == "after" and ends):
        return ""
    if template == (s.BEFORE if side == "before" else s.AFTER):
        return s.NEEDED if is_needed else s.ALLOWED
    is_near = template in (s.EITHER_SIDE, s.UNDECIDED) or (template == s.SAME_DAY and side == "before")
    if not is_near and is_needed == ends:
        return ""
    return s.MUST_BE_BEFORE if side == "before" else s.MUST_BE_AFTER
