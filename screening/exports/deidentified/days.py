"""Dates without the calendar: study days, and ages, counted from the day of the visit (45 CFR 164.514(b)(2)(i)(C)).

A partial date is told as a range that depends only on how many calendar months, or years, lie between: the study days
of its own ends would give the day of the visit away, for everybody knows on which day a month begins.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from criteria.rules.dates import Days, age_range, shift, whole

OLDEST = 89  # years of age; whoever is older is pooled
FARTHEST = OLDEST * 365 + 23  # days in as many years, leap days included
LAST_YEAR, LAST_MONTH = 365, 30  # days from the first to the last day of the longest year, and of the longest month
MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
LEAP_LENGTHS = (31, 29, *MONTH_LENGTHS[2:])


def runs(lengths: tuple[int, ...]) -> list[list[int]]:
    """The days in 0 to 11 months in a row, for each month that they may begin with."""
    return [[sum((lengths * 2)[first : first + count]) for first in range(12)] for count in range(12)]


SHORTEST = [min(run) for run in runs(MONTH_LENGTHS)]
LONGEST = [max(run) for run in runs(LEAP_LENGTHS)]


def study_day(day: int, visit: int) -> int:
    """As SDTM counts them: the day of the visit is 1, the day before is -1, there is no day 0."""
    return day - visit + (day >= visit)


def in_study_days(days: Days, visit: int) -> str:
    """One study day, or the range in which it lies; pooled where it would tell an age over 89."""
    if days.is_point:
        if days.low < shift(visit, -OLDEST, "a"):
            return long_ago()
        return str(study_day(days.low, visit))
    by_month = len(days.text) == len("2026-03")
    apart = calendar_distance(days.low, visit, by_month)
    if apart >= (OLDEST * 12 if by_month else OLDEST):
        return long_ago()
    first, last = widest_months(apart) if by_month else widest_years(apart)
    return spoken_range(study_day(max(first, -FARTHEST), 0), study_day(last, 0))


def calendar_distance(day: int, visit: int, by_month: bool) -> int:
    """How many calendar months, or years, before that of the visit a day lies; below zero after it."""
    then, now = date.fromordinal(day), date.fromordinal(visit)
    years = now.year - then.year
    return years * 12 + now.month - then.month if by_month else years


def widest_months(apart: int) -> tuple[int, int]:
    """The first and the last day that a month so far from the visit's may have, in days from any day of the latter."""
    count = abs(apart)
    most = count // 12 * 366 + LONGEST[count % 12] + LAST_MONTH
    least = (count - 1) // 12 * 365 + SHORTEST[(count - 1) % 12] + 1
    return turned(apart, least, most)


def widest_years(apart: int) -> tuple[int, int]:
    count = abs(apart)
    return turned(apart, (count - 1) * 365 + 1, count * 366 + LAST_YEAR)


def turned(apart: int, least: int, most: int) -> tuple[int, int]:
    """Before the visit, in its own month or year, or after it."""
    if apart == 0:
        return -most, most
    return (-most, -least) if apart > 0 else (least, most)


def age_in_years(birth: Days, visit: int) -> str:
    """Completed years on the day of the visit, or a range; pooled where any part of it is over 89."""
    years = age_range(birth, whole(visit))
    if years.high > OLDEST:
        return oldest()
    return str(years.low) if years.is_point else spoken_range(int(years.low), int(years.high))


def spoken_range(first: int, last: int) -> str:
    return _("from %(first)d to %(last)d") % {"first": first, "last": last}


def oldest() -> str:
    return _("%(years)d or over") % {"years": OLDEST + 1}


def long_ago() -> str:
    return _("more than %(years)d years before") % {"years": OLDEST}
