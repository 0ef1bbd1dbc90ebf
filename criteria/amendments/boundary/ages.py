"""Dates of birth around an age limit: reached on the visit day, a day later, or in a year that leaves it open."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from django.utils.translation import gettext as _

from criteria.amendments.boundary.draft import FactPlace
from criteria.amendments.boundary.numbers import BoundaryCase
from criteria.amendments.boundary.setup import Setup
from criteria.rules import nodes as n
from criteria.rules.dates import iso_date, parse_date, shift_day
from criteria.rules.facts import Limit
from criteria.rules.units import AGE_QUANTITIES


def age_cases(setup: Setup) -> Iterator[BoundaryCase]:
    leaf = setup.use.leaf
    if not isinstance(leaf, n.Compare) or not isinstance(leaf.left, n.Age) or not isinstance(leaf.left.born, n.Fact):
        return
    if leaf.left.unit != "a":
        return
    born = setup.draft.place(leaf.left.born, setup.scope)
    on = parse_date(setup.draft.day).low
    for years in sorted(birthdays_around(setup.limit) | birthdays_around(setup.old_limit)):
        at = shift_day(on, -years, "a")
        for day, words in (
            (iso_date(at + 1), _("born %(day)s, turns %(years)d a day after the visit")),
            (iso_date(at), _("born %(day)s, turns %(years)d on the day of the visit")),
        ):
            yield BoundaryCase(words % {"day": day, "years": years}, setup.draft.with_value(born, day))
    yield from partial_date_cases(setup, leaf, born, on)


def birthdays_around(limit: Limit | None) -> set[int]:
    """Return the birthdays (years of age) that matter: that of the limit and the one after it."""
    years = years_of(limit)
    return set() if years is None else {ceil(years), floor(years) + 1} - {0}


def years_of(limit: Limit | None) -> Fraction | None:
    if limit is None or limit.value is None or limit.unit not in AGE_QUANTITIES["a"].units:
        return None
    return Fraction(limit.value) * (Fraction(1, 12) if limit.unit == "mo" else 1)


def deciding_birthday(limit: Limit | None, operator: str) -> int | None:
    """Return the birthday on which the outcome changes; None where the limit is not an age with a value.

    With `<=` and `>` it is the birthday after the limit.
    """
    years = years_of(limit)
    if years is None:
        return None
    return floor(years) + 1 if operator in ("<=", ">") else ceil(years)


def partial_date_cases(setup: Setup, leaf: n.Compare, born: FactPlace, on: int) -> Iterator[BoundaryCase]:
    """Yield the cases with a partial, youngest or unknown date of birth.

    The year of birth alone leaves the outcome open, under the old limit and the new one; then follow a birth on
    the day of the visit and an unknown date.
    """
    for years in dict.fromkeys(deciding_birthday(limit, leaf.operator) for limit in (setup.old_limit, setup.limit)):
        if not years:
            continue
        year = iso_date(shift_day(on, -years, "a"))[:4]
        words = _("born %(year)s, no month known: turns %(years)d in the year of the visit")
        yield BoundaryCase(words % {"year": year, "years": years}, setup.draft.with_value(born, year))
    yield BoundaryCase(_("born on the day of the visit"), setup.draft.with_value(born, setup.draft.day))
    yield BoundaryCase(_("not known"), setup.draft.without_value(born))
