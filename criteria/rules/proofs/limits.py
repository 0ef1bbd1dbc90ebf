"""Several limits of one value, or of the time between two days: only what decides is told."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any, NamedTuple

from criteria.rules.dates import DAYS_PER_UNIT, MONTHS_PER_UNIT
from criteria.rules.proofs import sentences as s
from criteria.rules.text import amount_text

LOWEST, HIGHEST = (">", ">="), ("<", "<=")


class Bound(NamedTuple):
    """One limit in words.

    `operator` and `number`, where there are any, let it be held against another limit of the same value; `bare` is a
    plain number without its relation.
    """

    text: str
    operator: str = ""
    number: Any = None
    bare: str = ""


class Need(NamedTuple):
    """How long the time between two days has to be, or may be; `is_bare` where the word for days stands already."""

    template: str
    operator: str
    number: int
    unit: str
    is_bare: bool = False

    @property
    def length(self) -> str:
        return s.LENGTHS[self.operator] % {"period": period_text(self.number, self.unit, bare=self.is_bare)}

    @property
    def kind(self) -> tuple[str, bool, bool]:
        """What is equal of two needs of which one says all: a longer one, or a shorter one."""
        return self.template, self.operator in LOWEST, self.unit in DAYS_PER_UNIT


def period_text(count: int, unit: str, *, bare: bool) -> str:
    """Return the length of a window as the time between two days is counted; `bare` without the word for days."""
    if unit not in DAYS_PER_UNIT:
        return amount_text(count, unit)
    days = count * DAYS_PER_UNIT[unit]
    return str(days) if bare else amount_text(days, "d")


def decisive_bounds(bounds: Iterable[Bound], *, every: bool) -> tuple[Bound, ...]:
    """Return the limits without those that another one on the same side makes up for.

    Where `every` limit has to be met the strictest counts, otherwise the one that is met first.
    """
    kept = list(dict.fromkeys(bounds))
    for side in (LOWEST, HIGHEST):
        same = [each for each in kept if each.operator in side]
        if len(same) > 1:
            farther = max if every == (side is LOWEST) else min
            chosen = farther(same, key=lambda each: (each.number, each.operator in (">", "<=")))
            kept = [each for each in kept if each is chosen or each not in same]
    return tuple(kept)


def bounds_text(bounds: tuple[Bound, ...], *, every: bool) -> str:
    """Return limits in words; a lowest and a highest number that both have to be kept are a range."""
    match sorted(bounds, key=lambda each: each.operator, reverse=True):
        case [Bound(_, ">=", _, lowest), Bound(_, "<=", _, highest)] if every and lowest and highest:
            return s.FROM_TO % {"lowest": lowest, "highest": highest}
    joined = s.BOTH if every else s.ALTERNATIVES
    return reduce(lambda first, second: joined % {"first": first, "second": second}, (each.text for each in bounds))


def decisive_needs(needs: Iterable[Need], *, every: bool) -> tuple[Need, ...]:
    """Return the lengths of time without those that another one says, as `decisive_bounds` does."""
    kept: dict[object, Need] = {}
    for need in needs:
        longer = max if every == (need.operator in LOWEST) else min
        kept[need.kind] = longer(kept.get(need.kind, need), need, key=need_length)
    return tuple(kept.values())


def need_length(need: Need) -> tuple[int, bool]:
    """Return the length in days or in months, and whether it has to be exceeded."""
    return need.number * (DAYS_PER_UNIT.get(need.unit) or MONTHS_PER_UNIT[need.unit]), need.operator == ">"
