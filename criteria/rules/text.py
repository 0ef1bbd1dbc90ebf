"""How values, limits and relations are written for people. English: it is stored with a verdict and read back
years later."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from criteria.rules.dates import Days, iso
from criteria.rules.facts import FactType, Limit, Measured
from criteria.rules.ranges import Range
from criteria.rules.units import EXACT, written

ANY_TIME = "any time"
PERIODS = {"d": "day", "wk": "week", "mo": "month", "a": "year"}
NUMBER_WORDS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}
DATE_WORDS = {"<": "before", "<=": "on or before", ">": "after", ">=": "on or after"}
DIGITS = 4


def number(value: Any, limit: Any = None) -> str:
    """As written, without an exponent; a fraction rounded to four significant digits, and marked so.

    Where rounding would make it look like the `limit` that it misses, as many more digits as show the difference.
    """
    if isinstance(value, Fraction):
        if value.denominator == 1:
            return str(value.numerator)
        rounded = next((near for near in roundings(value) if near != limit), Decimal(0))
        exact = Fraction(rounded) == value
        return f"{'' if exact else '≈ '}{rounded.normalize():f}"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def roundings(value: Fraction) -> Iterator[Decimal]:
    return (
        Context(prec=digits).divide(Decimal(value.numerator), Decimal(value.denominator))
        for digits in range(DIGITS, EXACT.prec)
    )


def trimmed(value: Any) -> str:
    """A number without the zeros that a conversion leaves behind: 1.500 is 1.5."""
    if isinstance(value, Decimal):
        value = EXACT.normalize(value) if value else Decimal(0)
    return number(value)


def amount(value: Any, unit: str) -> str:
    if unit in PERIODS:
        return f"{trimmed(value)} {PERIODS[unit]}{'' if value == 1 else 's'}"
    return f"{value if isinstance(value, str) else number(value)} {written(unit)}".rstrip()


def limit_text(limit: Limit) -> str:
    return ANY_TIME if limit.value is None else amount(limit.value, limit.unit)


def listed(words: Iterable[str], last: str = "or") -> str:
    *rest, final = words
    return f"{', '.join(rest)} {last} {final}" if rest else final


def codes_text(codes: Iterable[str], labels: Mapping[str, str]) -> str:
    return listed([labels.get(code, code) for code in codes])


def value_text(value: Any, fact: FactType) -> str:
    """A fact as it was reported: with its unit, and the day of a laboratory result."""
    if value is None:
        return "not known"
    if isinstance(value, Measured):
        day = f" on {value.collected}" if fact.result else ""
        return f"{value.comparator}{' ' if value.comparator else ''}{amount(value.value, value.unit)}{day}"
    if isinstance(value, Days):
        return value.text
    if isinstance(value, Range):
        return range_text(value, fact.unit)
    if isinstance(value, Collection) and not isinstance(value, str):
        return ", ".join(sorted(fact.options.get(code, code) for code in value)) or "none"
    return fact.options.get(value, value)


def range_text(value: Range, unit: str) -> str:
    if value.is_point:
        return amount(value.low, unit)
    if value.low is None or value.high is None:
        bound, word = (value.high, "at most") if value.low is None else (value.low, "at least")
        return "not known" if bound is None else f"{word} {amount(bound, unit)}"
    return f"{number(value.low)} to {amount(value.high, unit)}"


def days_text(value: Range) -> str:
    if isinstance(value, Days):
        return value.text
    return iso(value.low) if value.is_point else f"{iso(value.low)} to {iso(value.high)}"
