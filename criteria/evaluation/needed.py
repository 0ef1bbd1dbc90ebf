"""What can be done about a condition: what is needed, all of it, each a choice of which one is enough."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import reduce
from itertools import chain
from typing import NamedTuple

MOST_CHOICES = 100  # beyond, more is advised than would be enough


class Advice(NamedTuple):
    """What can be done about one fact.

    First `do`, then `wait` until something is so; then `repeat` what is named or, with `review`, the investigator
    reviews it. What is blank is not done. `path` is where it is asked; a sample counts from `collected_from`, if any.
    After the wait a `washout` (`3 weeks`) has to pass before the planned first dose; `record` is what the wait is for.
    """

    path: str
    do: str = ""
    wait: str = ""
    repeat: str = ""
    review: str = ""
    collected_from: date | None = None
    washout: str = ""
    record: str = ""


Choice = tuple[Advice, ...]
Needed = tuple[Choice, ...]
Found = Needed | None  # None: a condition that nothing that can be done, and no time, could turn


def all_of(each: Iterable[Found]) -> Found:
    """Return what is needed for all of several conditions; None where nothing can be done about one of them."""
    found = list(each)
    known = [one for one in found if one is not None]
    return None if len(known) < len(found) else simplest(tuple(chain.from_iterable(known)))


def one_of(each: Iterable[Found]) -> Found:
    """Return what is needed for one of several conditions; None where nothing can be done about any of them.

    What time alone, or what is still unknown, could turn needs nothing, and is told only where it is all there is.
    """
    known = [one for one in each if one is not None]
    nothing: Needed = ()
    return reduce(either, (one for one in known if one), nothing) if known else None


def either(one: Needed, other: Needed) -> Needed:
    """Return what is needed where one of two is enough."""
    if not one or len(one) * len(other) > MOST_CHOICES:
        return simplest((*one, *other))
    return simplest(tuple((*first, *second) for first in one for second in other))


def simplest(needed: Needed) -> Needed:
    """Return what is needed without what it contains already.

    Of one thing to do there is one advice, with the latest day from which a sample counts: an earlier one would still
    fail. A choice that holds all of another one is met with that.
    """
    latest = {without_day(each): each for each in sorted(chain.from_iterable(needed), key=first_day)}
    timed = {each._replace(washout=""): each for each in latest if each.washout}
    whole = [[each if each.washout else timed.get(without_day(each), each) for each in choice] for choice in needed]
    choices = [tuple(dict.fromkeys(latest[without_day(each)] for each in choice)) for choice in whole]
    kept = dict.fromkeys(choice for choice in choices if not any(set(other) < set(choice) for other in choices))
    return tuple({frozenset(choice): choice for choice in reversed(kept)}.values())[::-1]


def without_day(advice: Advice) -> Advice:
    return advice._replace(collected_from=None)


def first_day(advice: Advice) -> date:
    return advice.collected_from or date.min


def flat(needed: Needed) -> Iterator[Advice]:
    """Yield each advice, the first needed first."""
    return chain.from_iterable(needed)
