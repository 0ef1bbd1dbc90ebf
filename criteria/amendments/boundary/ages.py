"""Dates of birth around a limit of age: reached on the visit day or a day later, in a year that leaves it open."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from django.utils.translation import gettext as _

from criteria.amendments.boundary.draft import Place
from criteria.amendments.boundary.numbers import Case
from criteria.amendments.boundary.setup import Setup
from criteria.rules import nodes as n
from criteria.rules.dates import iso, parse, shift
from criteria.rules.facts import Limit
from criteria.rules.units import YEARS


def age_cases(setup: Setup) -> Iterator[Case]:
    leaf = setup.use.leaf
    if not isinstance(leaf, n.Compare) or not isinstance(leaf.left, n.Age) or not isinstance(leaf.left.born, n.Fact):
        return
    born = setup.draft.place(leaf.left.born, setup.scope)
    on = parse(setup.draft.day).low
    for years in sorted(turned(setup.limit) | turned(setup.old_limit)):
        at = shift(on, -years, "a")
        for day, words in (
            (iso(at + 1), _("born %(day)s, turns %(years)d a day after the visit")),
            (iso(at), _("born %(day)s, turns %(years)d on the day of the visit")),
        ):
            yield Case(words % {"day": day, "years": years}, setup.draft.saying(born, day))
    yield from rest(setup, leaf, born, on)


def turned(limit: Limit | None) -> set[int]:
    """The birthdays that matter: that of the limit and the one after it."""
    years = years_of(limit)
    return set() if years is None else {ceil(years), floor(years) + 1} - {0}


def years_of(limit: Limit | None) -> Fraction | None:
    if limit is None or limit.value is None or limit.unit not in YEARS.units:
        return None
    return Fraction(limit.value) * (Fraction(1, 12) if limit.unit == "mo" else 1)


def turning(limit: Limit | None, operator: str) -> int | None:
    """The birthday on which the outcome turns: with “at most” it is the one after the limit."""
    years = years_of(limit)
    if years is None:
        return None
    return floor(years) + 1 if operator in ("<=", ">") else ceil(years)


def rest(setup: Setup, leaf: n.Compare, born: Place, on: int) -> Iterator[Case]:
    """The year of birth alone with which the outcome is open, under the old limit and the new; and the youngest."""
    for years in dict.fromkeys(turning(limit, leaf.operator) for limit in (setup.old_limit, setup.limit)):
        if not years:
            continue
        year = iso(shift(on, -years, "a"))[:4]
        words = _("born %(year)s, no month known: turns %(years)d in the year of the visit")
        yield Case(words % {"year": year, "years": years}, setup.draft.saying(born, year))
    yield Case(_("born on the day of the visit"), setup.draft.saying(born, setup.draft.day))
    yield Case(_("not known"), setup.draft.leaving_open(born))
