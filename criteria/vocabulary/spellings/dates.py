"""The spellings of a date, whole or partial, in whichever order day, month and year stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from criteria.rules.dates import parse_date
from criteria.vocabulary.spellings.plain import FIXED_SPACE, plain_text

GAP = _GAP = rf"[ {FIXED_SPACE}]*"
SIGNED = rf"{{}}{GAP}(?P<sign>[-/.]){GAP}{{}}{GAP}(?P=sign){GAP}{{}}"  # three numbers, parted by one sign
# Said beside a date: of whom it is the birth, which part of a month it is, which day of the week.
_BIRTH = re.compile(f"{GAP}(?:出?生)$")
_PART_OF_MONTH = re.compile(f"(?<=月){GAP}(?:初|上旬|中旬|下旬|底|末)$")
_WEEKDAY = re.compile(
    rf"{GAP}\(?{GAP}(?:周|星期|礼拜)(?P<day>[一二三四五六日天]){GAP}\)?$|{GAP}\({GAP}(?P<name>mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?{GAP}\)$"
)
_WEEKDAYS = {
    name: at
    for names in ("一二三四五六日", ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
    for at, name in enumerate(names)
}
_WEEKDAYS["天"] = 6
_YEAR, _MONTH, _DAY = r"(?P<year>[0-9]{4})", r"(?P<month>[0-9]{1,2})", r"(?P<day>[0-9]{1,2})"
_NAMED_MONTH = r"(?P<name>[a-z]{3,9})\.?"
_SIGN, _SAME = rf"{_GAP}(?P<sign>[-/.]){_GAP}", rf"{_GAP}(?P=sign){_GAP}"
_BETWEEN = rf"[- ,{FIXED_SPACE}]*"

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH_NAMES = {name[:length]: at for at, name in enumerate(_MONTHS, start=1) for length in (3, len(name))}
_MONTH_NAMES["sept"] = 9

_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        _YEAR,
        f"{_YEAR}{_SIGN}{_MONTH}",
        f"{_YEAR}{_SIGN}{_MONTH}{_SAME}{_DAY}",
        r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
        f"{_YEAR}{_GAP}年",
        f"{_YEAR}{_GAP}年{_GAP}{_MONTH}{_GAP}月(?:份)?",
        f"{_YEAR}{_GAP}年{_GAP}{_MONTH}{_GAP}月{_GAP}{_DAY}{_GAP}[日号]",
        f"{_MONTH}{_SIGN}{_YEAR}",
        f"{_DAY}{_SIGN}{_MONTH}{_SAME}{_YEAR}",
        f"{_MONTH}{_SIGN}{_DAY}{_SAME}{_YEAR}",
        f"{_NAMED_MONTH}{_BETWEEN}{_YEAR}",
        f"{_DAY}{_BETWEEN}{_NAMED_MONTH}{_BETWEEN}{_YEAR}",
        f"{_NAMED_MONTH}{_BETWEEN}{_DAY}{_GAP}[,-]?{_GAP}(?<![0-9]){_YEAR}",
        f"{_YEAR}{_BETWEEN}{_NAMED_MONTH}{_BETWEEN}{_DAY}",
    )
)


def date_readings(text: str) -> tuple[str, ...]:
    """Return every date that a text may mean, in ISO 8601; two where day and month may stand in either order.

    A year has four digits: of two digits nobody can say which they are. A day of the week beside it must be the right
    one, and the beginning or end of a month is known by its month.
    """
    plain, is_weekday = without_remarks(text)
    found = (_iso(match.groupdict()) for pattern in _PATTERNS if (match := pattern.fullmatch(plain)))
    return tuple(dict.fromkeys(iso for iso in found if iso and is_weekday(iso)))


def without_remarks(text: str) -> tuple[str, Callable[[str], bool]]:
    """Return the plain text without what is said beside a date, and whether a date is on the weekday that it names."""
    plain = _BIRTH.sub("", plain_text(text).lower())
    named = _WEEKDAY.search(plain)
    plain = _PART_OF_MONTH.sub("", plain[: named.start()] if named else plain)
    if not named:
        return plain, lambda iso: True
    weekday = _WEEKDAYS[named["day"] or named["name"]]
    return plain, lambda iso: len(iso) == len("2026-03-08") and date.fromisoformat(iso).weekday() == weekday


def _iso(parts: dict[str, str | None]) -> str:
    """Return the date of the matched parts; empty where the calendar has none."""
    name = parts.get("name")
    month = parts.get("month") if name is None else str(_MONTH_NAMES.get(name, 0))
    steps = [parts.get("year"), month, parts.get("day")]
    iso = "-".join(step.zfill(2) for step in steps if step is not None)
    try:
        return parse_date(iso).text
    except ValueError:
        return ""
