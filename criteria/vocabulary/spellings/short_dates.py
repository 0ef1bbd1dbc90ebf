"""The spellings of a date without a whole year: with two digits of it, or with none.

They have a meaning only on a given day, so that they are read where somebody types and sees what was read, never in a
file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from criteria.vocabulary.spellings.dates import GAP, SIGNED, date_readings, without_remarks

_ENDS = "[日号]"
_TWO_DIGITS = tuple(
    re.compile(pattern)
    for pattern in (
        SIGNED.format("(?P<year>[0-9]{2})", "(?P<month>[0-9]{1,2})", "(?P<day>[0-9]{1,2})"),
        SIGNED.format("(?P<day>[0-9]{1,2})", "(?P<month>[0-9]{1,2})", "(?P<year>[0-9]{2})"),
        SIGNED.format("(?P<month>[0-9]{1,2})", "(?P<day>[0-9]{1,2})", "(?P<year>[0-9]{2})"),
        "(?P<year>[0-9]{2})(?P<month>0[1-9]|1[0-2])(?P<day>[0-9]{2})",
        f"(?P<year>[0-9]{{2}}){GAP}年{GAP}(?P<month>[0-9]{{1,2}}){GAP}月份?(?:{GAP}(?P<day>[0-9]{{1,2}}){GAP}{_ENDS})?",
    )
)
_NO_DAY = (re.compile(f"(?P<month>[0-9]{{1,2}}){GAP}/{GAP}(?P<year>[0-9]{{2}})(?P<day>)"),)
_NO_YEAR = tuple(
    re.compile(pattern)
    for pattern in (
        f"(?P<month>[0-9]{{1,2}}){GAP}[-/.]{GAP}(?P<day>[0-9]{{1,2}})",
        f"(?P<day>[0-9]{{1,2}}){GAP}[-/.]{GAP}(?P<month>[0-9]{{1,2}})",
        "(?P<month>0[1-9]|1[0-2])(?P<day>[0-9]{2})",
        f"(?P<month>[0-9]{{1,2}}){GAP}月份?(?:{GAP}(?P<day>[0-9]{{1,2}}){GAP}{_ENDS})?",
    )
)


def short_date_readings(text: str, today: date, *, past: bool) -> tuple[str, ...]:
    """Return every date in ISO 8601 that a text without a whole year may mean on this day.

    Two digits are a year of the hundred that end with the next one. Without a year it is the latest such day of what
    is `past`; else it may be the next one as well. As on a
    card, 11/24 may be the month of a year too. Digits without a sign stand as in ISO 8601: 1124, 261124.
    """
    plain, is_weekday = without_remarks(text)
    found = [*_in_century(plain, today), *_around(plain, today, past=past)]
    return tuple(dict.fromkeys(iso for iso in found if is_weekday(iso)))


def _in_century(plain: str, today: date) -> Iterator[str]:
    for parts in _matches((*_TWO_DIGITS, *_NO_DAY), plain):
        year = today.year + 1 - (today.year + 1 - int(parts["year"] or 0)) % 100
        yield from date_readings(_join(year, parts))


def _around(plain: str, today: date, *, past: bool) -> Iterator[str]:
    for parts in _matches(_NO_YEAR, plain):
        for years in ((0, -1), () if past else (0, 1)):
            spelled = [iso for step in years for iso in date_readings(_join(today.year + step, parts))]
            is_future = years and years[-1] > 0
            yield from [iso for iso in spelled if (iso > today.isoformat()) == is_future][:1]


def _matches(patterns: tuple[re.Pattern[str], ...], plain: str) -> Iterator[dict[str, str | None]]:
    return (match.groupdict() for pattern in patterns if (match := pattern.fullmatch(plain)))


def _join(year: int, parts: dict[str, str | None]) -> str:
    return "-".join(filter(None, [str(year), parts["month"], parts["day"]]))
