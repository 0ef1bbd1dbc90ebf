"""Days around the ends of a window, or around a day that a period is counted to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from criteria.amendments.boundary.draft import Place
from criteria.amendments.boundary.numbers import Case
from criteria.amendments.boundary.probe import Probe
from criteria.amendments.boundary.setup import Setup
from criteria.rules import nodes as n
from criteria.rules.dates import LAST_DAY, YEARS, iso, parse, shift
from criteria.rules.facts import Limit

FIRST_DAY = parse(str(YEARS[0])).low
LONG_AGO = 20  # years


class Named(NamedTuple):
    """A day, and what is special about it. Where a condition turns nearby, `turn` is the first day after it does."""

    day: int
    words: str
    turn: int | None = None


def day_cases(setup: Setup) -> Iterator[Case]:
    """Empty where the leaf is not about days, or its free fact cannot be moved to the limit."""
    place = setup.free
    if place is None or setup.draft.type_at(place).kind != "date" or not is_about_days(setup):
        return
    named = window_days(setup) if isinstance(setup.use.leaf, n.Within) else limit_days(setup, place)
    named = [each for each in named if in_calendar(each.day)]
    if not named:
        return
    lead = "" if place == setup.facts[0] else f"{setup.draft.type_at(place).label} "
    for day in sorted({each.day for each in named}):
        words = [f"{lead}{iso(day)}", *dict.fromkeys(each.words for each in named if each.day == day)]
        yield Case(", ".join(words), setup.draft.saying(place, iso(day)))
    for text in dict.fromkeys(spanning(each.turn) for each in named if each.turn):
        unknown = _("%s, no day known") if "-" in text else _("%s, no month known")
        yield Case(unknown % f"{lead}{text}", setup.draft.saying(place, text))
    yield Case(_("no date"), setup.draft.leaving_open(place))


def is_about_days(setup: Setup) -> bool:
    """Not about a number that is computed from a day, such as an age."""
    leaf = setup.use.leaf
    return isinstance(leaf, n.Within) or setup.use.criterion.kinds[id(leaf.left)].name == "date"


def in_calendar(day: int) -> bool:
    """Whether a document may hold the day and those around it."""
    return FIRST_DAY < day < LAST_DAY


def spanning(turn: int) -> str:
    """The month, or else the year, with days on both sides of a turn: it is not known on which the event lies."""
    month, year = iso(turn)[:7], iso(turn)[:4]
    return month if parse(month).low < turn else year


# Windows


def window_days(setup: Setup) -> list[Named]:
    leaf = setup.use.leaf
    if not isinstance(leaf, n.Within) or not isinstance(leaf.event, n.Fact):
        return []
    centre = anchor(setup)
    if centre is None:
        return []
    both = ((setup.limit, _("the new window")), (setup.old_limit, _("the old window")))
    moving = [named for limit, which in both for named in ends(limit, leaf, centre, which)]
    return [*moving, *shared(leaf, centre), *long_ago(setup, centre)]


def anchor(setup: Setup) -> int | None:
    """The day from which the window is counted."""
    trace = setup.now.leaf(setup.draft.document())
    centre = trace.operands[1] if trace else None
    return centre.low if centre is not None and centre.is_point else None


def ends(limit: Limit | None, leaf: n.Within, centre: int, which: str) -> Iterator[Named]:
    """The end of a window that its length decides; an open one has none."""
    if limit is None or limit.value is None:
        return
    count = int(limit.value)
    if leaf.direction == "after":
        last = shift(centre, count, limit.unit)
        yield Named(last, _("last day of %s") % which, last + 1)
        yield Named(last + 1, _("the day after %s") % which)
    else:
        first = shift(centre, -count, limit.unit)
        yield Named(first, _("first day of %s") % which, first)
        yield Named(first - 1, _("the day before %s") % which)


def shared(leaf: n.Within, centre: int) -> Iterator[Named]:
    """The end that does not move."""
    if leaf.direction == "after":
        yield Named(centre, _("the day from which the window is counted"))
        yield Named(centre + 1, _("first day of the window"))
        return
    yield Named(centre, _("the day to which the window is counted"))
    yield Named(centre + 1, _("the day after that"))


def long_ago(setup: Setup, centre: int) -> Iterator[Named]:
    """Far off, where one of the windows is open."""
    both = ((setup.limit, _("the new window")), (setup.old_limit, _("the old window")))
    after = isinstance(setup.use.leaf, n.Within) and setup.use.leaf.direction == "after"
    later, earlier = _("%(years)d years later (%(window)s is open)"), _("%(years)d years earlier (%(window)s is open)")
    for limit, which in both:
        if limit and limit.value is None:
            day = shift(centre, LONG_AGO if after else -LONG_AGO, "a")
            yield Named(day, (later if after else earlier) % {"years": LONG_AGO, "window": which})


# A day compared with another that lies a period away from something


def limit_days(setup: Setup, place: Place) -> list[Named]:
    found: list[Named] = []
    after = turns_after(setup, place)
    for probe, which in ((setup.now, _("the new limit")), (setup.then, _("the old limit"))):
        day = None if probe is None else turning_day(setup, probe, place)
        if day is not None:
            found += [
                Named(day, _("on the day of %s") % which, day + after),
                Named(day - 1, _("the day before %s") % which),
                Named(day + 1, _("the day after %s") % which),
            ]
    centre = parse(setup.draft.day).low
    return [*found, Named(centre, _("the day from which the limit is counted"))] if found else []


def turns_after(setup: Setup, place: Place) -> bool:
    """Whether the day of the limit itself still belongs to the days before it."""
    leaf = setup.use.leaf
    if not isinstance(leaf, n.Compare):
        return False
    on_left = any(setup.draft.place(fact, setup.scope) == place for fact in n.facts_in(leaf.left))
    return (leaf.operator in ("<=", ">")) is on_left


def turning_day(setup: Setup, probe: Probe, place: Place) -> int | None:
    """The day of the free fact on which both sides are the same; where months are clamped, the nearest."""
    day = parse(setup.draft.day).low
    one, other = (probe.gap(setup.draft.saying(place, iso(each)).document()) for each in (day, day + 28))
    if one is None or other is None or one == other:
        return None
    sign = 1 if other > one else -1
    for _turn in range(4):
        gap = probe.gap(setup.draft.saying(place, iso(day)).document())
        if not gap:
            break
        day -= sign * int(gap)
        if not in_calendar(day):
            return None
    return day
