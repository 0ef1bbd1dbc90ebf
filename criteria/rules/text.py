"""Texts of values, limits and relations for people.

They are in English, because they are stored with a verdict and read years later.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from criteria.rules.dates import Days, iso_date
from criteria.rules.facts import FactType, LaboratoryValue, Limit
from criteria.rules.ranges import Range
from criteria.rules.units import EXACT_CONTEXT, unit_text

ANY_TIME = "any time"
PERIOD_NAMES = {"d": "day", "wk": "week", "mo": "month", "a": "year"}
NUMBER_RELATIONS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}
DATE_RELATIONS = {"<": "before", "<=": "on or before", ">": "after", ">=": "on or after"}
COMPARATORS = {"<": "< ", "<=": "≤ ", ">": "> ", ">=": "≥ "}
SIGNIFICANT_DIGITS = 4
MOST_TOLD = 6
LARGEST_TOLD = 10**100  # beyond it a number is told by its power of ten: nothing that is measured comes near
FINEST = Decimal("0.1")  # a value of at least one that is held against a limit is told no finer, where that will do
JUST_ABOVE, JUST_BELOW = "just above %(limit)s", "just below %(limit)s"


def number_text(value: Any, limit: Any = None) -> str:
    """Return a number as it was written, without an exponent; a fraction is rounded to four significant digits.

    A rounded value is marked with `≈`. Where rounding would put it at the `limit` that it misses, or on the other side
    of it, it has as many more digits as show the difference; beyond six it is told as just above or just below.
    """
    if isinstance(value, Fraction):
        if abs(value) >= LARGEST_TOLD:
            return f"≈ {Context(prec=SIGNIFICANT_DIGITS).divide(Decimal(value.numerator), Decimal(value.denominator))}"
        if value.denominator == 1:
            return str(value.numerator)
        return fraction_text(value, limit)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def fraction_text(value: Fraction, limit: Any) -> str:
    tenths = [] if limit is None or abs(value) < 1 else [rounded_to_tenths(value)]
    rounded = next((near for near in (*tenths, *roundings(value)) if is_same_side(near, value, limit)), None)
    if rounded is None:
        return (JUST_ABOVE if value > limit else JUST_BELOW) % {"limit": trim_zeros(limit)}
    return f"{'' if Fraction(rounded) == value else '≈ '}{EXACT_CONTEXT.normalize(rounded):f}"


def rounded_to_tenths(value: Fraction) -> Decimal:
    return EXACT_CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator)).quantize(FINEST)


def is_same_side(rounded: Decimal, value: Fraction, limit: Any) -> bool:
    """Return whether a rounded value lies on that side of the limit on which the value itself does."""
    return limit is None or value == limit or (rounded != limit and (rounded > limit) == (value > limit))


def roundings(value: Fraction) -> Iterator[Decimal]:
    return (
        Context(prec=digits).divide(Decimal(value.numerator), Decimal(value.denominator))
        for digits in range(SIGNIFICANT_DIGITS, MOST_TOLD + 1)
    )


def trim_zeros(value: Any) -> str:
    """Return a number without the zeros that a conversion leaves behind: 1.500 is 1.5."""
    if isinstance(value, Decimal):
        value = EXACT_CONTEXT.normalize(value) if value else Decimal(0)
    return number_text(value)


def amount_text(value: Any, unit: str) -> str:
    if unit in PERIOD_NAMES:
        return f"{trim_zeros(value)} {PERIOD_NAMES[unit]}{'' if value == 1 else 's'}"
    return f"{value if isinstance(value, str) else number_text(value)} {unit_text(unit)}".rstrip()


def limit_text(limit: Limit) -> str:
    return ANY_TIME if limit.value is None else amount_text(limit.value, limit.unit)


def list_text(words: Iterable[str], last: str = "or") -> str:
    *rest, final = words
    return f"{', '.join(rest)} {last} {final}" if rest else final


def codes_text(codes: Iterable[str], labels: Mapping[str, str]) -> str:
    return list_text([labels.get(code, code) for code in codes])


def value_text(value: Any, fact: FactType) -> str:
    """Return a fact as it was reported: with its unit, and the day of a laboratory result."""
    if value is None:
        return "not known"
    if isinstance(value, LaboratoryValue):
        return f"{reported_text(value)}{f' on {value.collected}' if fact.result else ''}"
    if isinstance(value, Days):
        return value.text
    if isinstance(value, Range):
        return range_text(value, fact.unit)
    if isinstance(value, Collection) and not isinstance(value, str):
        return ", ".join(sorted(fact.options.get(code, code) for code in value)) or "none"
    return fact.options.get(value, value)


def reported_text(value: LaboratoryValue) -> str:
    """Return a laboratory result as it was reported, without its day."""
    comparator = COMPARATORS.get(value.comparator, "")
    return f"{comparator}{amount_text(value.value, value.unit)}"


def range_text(value: Range, unit: str) -> str:
    if value.is_point:
        return amount_text(value.low, unit)
    if value.low is None or value.high is None:
        bound, word = (value.high, "at most") if value.low is None else (value.low, "at least")
        return "not known" if bound is None else f"{word} {amount_text(bound, unit)}"
    return f"{number_text(value.low)} to {amount_text(value.high, unit)}"


def days_text(value: Range) -> str:
    if isinstance(value, Days):
        return value.text
    return iso_date(value.low) if value.is_point else f"{iso_date(value.low)} to {iso_date(value.high)}"
