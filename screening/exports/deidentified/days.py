"""Dates without the calendar: study days and ages, relative to the visit (45 CFR 164.514(b)(2)(i)(C)).

A partial date becomes a range that depends only on the number of calendar months, or years, in between. The
study days of its own ends would reveal the day of the visit, because everybody knows on which day a month
begins.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from criteria.rules.dates import Days, age_range, shift_day, single_day

OLDEST_AGE = 89  # years of age; whoever is older is pooled
FARTHEST = OLDEST_AGE * 365 + 23  # days in as many years, leap days included
LAST_YEAR, LAST_MONTH = 365, 30  # days from the first to the last day of the longest year, and of the longest month
MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
LEAP_LENGTHS = (31, 29, *MONTH_LENGTHS[2:])


def month_runs(lengths: tuple[int, ...]) -> list[list[int]]:
    """Return the days in 0 to 11 consecutive months, for each month that they can begin with."""
    return [[sum((lengths * 2)[first : first + count]) for first in range(12)] for count in range(12)]


SHORTEST_RUNS = [min(run) for run in month_runs(MONTH_LENGTHS)]
LONGEST_RUNS = [max(run) for run in month_runs(LEAP_LENGTHS)]


def study_day(day: int, visit: int) -> int:
    """Return the study day as SDTM counts it.

    The day of the visit is 1, the day before is -1; there is no day 0.
    """
    return day - visit + (day >= visit)


def study_days_text(days: Days, visit: int) -> str:
    """Return one study day, or the range that contains it; pooled where it would reveal an age over 89."""
    if days.is_point:
        if days.low < shift_day(visit, -OLDEST_AGE, "a"):
            return long_ago_text()
        return str(study_day(days.low, visit))
    by_month = len(days.text) == len("2026-03")
    apart = calendar_distance(days.low, visit, by_month)
    if apart >= (OLDEST_AGE * 12 if by_month else OLDEST_AGE):
        return long_ago_text()
    first, last = widest_months(apart) if by_month else widest_years(apart)
    return number_range_text(study_day(max(first, -FARTHEST), 0), study_day(last, 0))


def calendar_distance(day: int, visit: int, by_month: bool) -> int:
    """Return by how many calendar months, or years, a day precedes the visit; negative after it."""
    then, now = date.fromordinal(day), date.fromordinal(visit)
    years = now.year - then.year
    return years * 12 + now.month - then.month if by_month else years


def widest_months(apart: int) -> tuple[int, int]:
    """Return the first and last possible day of a month that is `apart` months before the visit's.

    Both are in days relative to any day of the visit's month.
    """
    count = abs(apart)
    most = count // 12 * 366 + LONGEST_RUNS[count % 12] + LAST_MONTH
    least = (count - 1) // 12 * 365 + SHORTEST_RUNS[(count - 1) % 12] + 1
    return oriented_range(apart, least, most)


def widest_years(apart: int) -> tuple[int, int]:
    count = abs(apart)
    return oriented_range(apart, (count - 1) * 365 + 1, count * 366 + LAST_YEAR)


def oriented_range(apart: int, least: int, most: int) -> tuple[int, int]:
    """Return the range before the visit, in its own month or year, or after it, by the sign of `apart`."""
    if apart == 0:
        return -most, most
    return (-most, -least) if apart > 0 else (least, most)


def age_in_years(birth: Days, visit: int) -> str:
    """Return the completed years on the day of the visit, or a range; pooled where part of it is over 89."""
    years = age_range(birth, single_day(visit))
    if years.high > OLDEST_AGE:
        return oldest_age_text()
    return str(years.low) if years.is_point else number_range_text(int(years.low), int(years.high))


def number_range_text(first: int, last: int) -> str:
    return _("from %(first)d to %(last)d") % {"first": first, "last": last}


def oldest_age_text() -> str:
    return _("%(years)d or over") % {"years": OLDEST_AGE + 1}


def long_ago_text() -> str:
    return _("more than %(years)d years before") % {"years": OLDEST_AGE}
