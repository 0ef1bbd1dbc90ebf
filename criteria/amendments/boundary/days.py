"""Days around the ends of a window, or around a day to which a period is counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from criteria.amendments.boundary.draft import FactPlace
from criteria.amendments.boundary.numbers import BoundaryCase
from criteria.amendments.boundary.probe import Probe
from criteria.amendments.boundary.setup import Setup
from criteria.rules import nodes as n
from criteria.rules.dates import CALENDAR_YEARS, LAST_DAY, iso_date, parse_date, shift_day
from criteria.rules.facts import Limit

FIRST_DAY = parse_date(str(CALENDAR_YEARS[0])).low
LONG_AGO = 20  # years


class NotableDay(NamedTuple):
    """A day and the text that says what is special about it.

    Where a condition changes its truth nearby, `turn` is the first day after the change.
    """

    day: int
    words: str
    turn: int | None = None


def day_cases(setup: Setup) -> Iterator[BoundaryCase]:
    """Yield the cases for a limit on days.

    There are none where the leaf is not about days, or where its free fact cannot be moved to the limit.
    """
    place = setup.free
    if place is None or setup.draft.type_at(place).kind != "date" or not is_about_days(setup):
        return
    named = window_days(setup) if isinstance(setup.use.leaf, n.Within) else limit_days(setup, place)
    named = [each for each in named if in_calendar(each.day)]
    if not named:
        return
    lead = "" if place == setup.facts[0] else f"{setup.draft.type_at(place).label} "
    for day in sorted({each.day for each in named}):
        words = [f"{lead}{iso_date(day)}", *dict.fromkeys(each.words for each in named if each.day == day)]
        yield BoundaryCase(", ".join(words), setup.draft.with_value(place, iso_date(day)))
    for text in dict.fromkeys(straddling_period(each.turn) for each in named if each.turn):
        unknown = _("%s, no day known") if "-" in text else _("%s, no month known")
        yield BoundaryCase(unknown % f"{lead}{text}", setup.draft.with_value(place, text))
    yield BoundaryCase(_("no date"), setup.draft.without_value(place))


def is_about_days(setup: Setup) -> bool:
    """Return whether the leaf compares days, not a number computed from a day such as an age."""
    leaf = setup.use.leaf
    return isinstance(leaf, n.Within) or setup.use.criterion.kinds[id(leaf.left)].name == "date"


def in_calendar(day: int) -> bool:
    """Return whether a document may hold the day and those around it."""
    return FIRST_DAY < day < LAST_DAY


def straddling_period(turn: int) -> str:
    """Return the month, or else the year, that has days on both sides of a change.

    With such a partial date it is unknown on which side the event lies.
    """
    month, year = iso_date(turn)[:7], iso_date(turn)[:4]
    return month if parse_date(month).low < turn else year


# Windows


def window_days(setup: Setup) -> list[NotableDay]:
    leaf = setup.use.leaf
    if not isinstance(leaf, n.Within) or not isinstance(leaf.event, n.Fact):
        return []
    centre = window_anchor(setup)
    if centre is None:
        return []
    limits = [(setup.limit, _("the new window")), (setup.old_limit, _("the old window"))]
    both = [(limit, which) for limit, which in limits if limit]
    moving = [named for limit, which in both for named in moving_end(limit, leaf, centre, which)]
    distant = [distant_day(leaf, centre, which) for limit, which in both if limit.value is None]
    return [*moving, *fixed_end(leaf, centre), *distant]


def window_anchor(setup: Setup) -> int | None:
    """Return the day from which the window is counted; None where it is not one known day."""
    trace = setup.now.leaf(setup.draft.document())
    centre = trace.operands[1] if trace else None
    return centre.low if centre is not None and centre.is_point else None


def moving_end(limit: Limit, leaf: n.Within, centre: int, which: str) -> Iterator[NotableDay]:
    """Yield the days at the end of a window that its length decides.

    There are none where the window is open.
    """
    if limit.value is None:
        return
    count = int(limit.value)
    if leaf.direction == "after":
        last = shift_day(centre, count, limit.unit)
        yield NotableDay(last, _("last day of %s") % which, last + 1)
        yield NotableDay(last + 1, _("the day after %s") % which)
    else:
        first = shift_day(centre, -count, limit.unit)
        yield NotableDay(first, _("first day of %s") % which, first)
        yield NotableDay(first - 1, _("the day before %s") % which)


def fixed_end(leaf: n.Within, centre: int) -> Iterator[NotableDay]:
    """Yield the days at the end of the window that does not move."""
    if leaf.direction == "after":
        yield NotableDay(centre, _("the day from which the window is counted"))
        yield NotableDay(centre + 1, _("first day of the window"))
        return
    yield NotableDay(centre, _("the day to which the window is counted"))
    yield NotableDay(centre + 1, _("the day after that"))


def distant_day(leaf: n.Within, centre: int, which: str) -> NotableDay:
    """Return a day far away from the anchor, for a window that is open."""
    words = {"years": LONG_AGO, "window": which}
    if leaf.direction == "after":
        day = shift_day(centre, LONG_AGO, "a")
        return NotableDay(day, _("%(years)d years later (%(window)s is open)") % words)
    return NotableDay(shift_day(centre, -LONG_AGO, "a"), _("%(years)d years earlier (%(window)s is open)") % words)


# A day compared with another that lies a period away from something


def limit_days(setup: Setup, place: FactPlace) -> list[NotableDay]:
    found: list[NotableDay] = []
    after = turns_after(setup, place)
    for probe, which in ((setup.now, _("the new limit")), (setup.then, _("the old limit"))):
        day = None if probe is None else turning_day(setup, probe, place)
        if day is not None:
            found += [
                NotableDay(day, _("on the day of %s") % which, day + after),
                NotableDay(day - 1, _("the day before %s") % which),
                NotableDay(day + 1, _("the day after %s") % which),
            ]
    centre = parse_date(setup.draft.day).low
    return [*found, NotableDay(centre, _("the day from which the limit is counted"))] if found else []


def turns_after(setup: Setup, place: FactPlace) -> bool:
    """Return whether the day of the limit itself still belongs to the days before it."""
    leaf = setup.use.leaf
    if not isinstance(leaf, n.Compare):
        return False
    on_left = any(setup.draft.place(fact, setup.scope) == place for fact in n.facts_in(leaf.left))
    return (leaf.operator in ("<=", ">")) is on_left


def turning_day(setup: Setup, probe: Probe, place: FactPlace) -> int | None:
    """Return the day of the free fact on which both sides of the comparison are equal.

    Where months are clamped it is the nearest such day. None where the gap is unknown or constant, or the day
    lies outside the calendar.
    """
    day = parse_date(setup.draft.day).low
    one, other = (probe.gap(setup.draft.with_value(place, iso_date(each)).document()) for each in (day, day + 28))
    if one is None or other is None or one == other:
        return None
    sign = 1 if other > one else -1
    for _turn in range(4):
        gap = probe.gap(setup.draft.with_value(place, iso_date(day)).document())
        if not gap:
            break
        day -= sign * int(gap)
        if not in_calendar(day):
            return None
    return day
