"""Numbers that are possible but implausible, and so most often a slip: of a unit, of the decimal point.

A doubt is no fault: the value is asked back, and kept once somebody confirms it. It changes no verdict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.rules.ranges import reported
from criteria.rules.text import amount, trimmed
from criteria.vocabulary.parts import Analyte, AnyPart, Bounds, Checklist, Field, Group, Results, Single, Vocabulary
from criteria.vocabulary.validate import record_fields
from criteria.vocabulary.values import is_unknown

Ends = tuple[Fraction, Fraction]

MOST_DIGITS, DIGITS = 8, 3  # of a range that was converted from another unit


class Doubt(NamedTuple):
    """`key` is the same wherever in its list the value stands: what was confirmed stays confirmed as rows come and
    go. The second of two records with the same value has a key of its own, and is asked back, too."""

    path: str
    key: str
    value: str
    message: str


def doubts(vocabulary: Vocabulary, document: Mapping[str, Any]) -> tuple[Doubt, ...]:
    """Every implausible number of a document that `validate` found no fault with, in the order of the vocabulary."""
    known = [part for part in vocabulary.parts.values() if not is_unknown(document.get(part.key))]
    found, times = [], Counter[str]()
    for doubt in (doubt for part in known for doubt in part_doubts(part, document[part.key])):
        times[doubt.key] += 1
        found.append(doubt if times[doubt.key] == 1 else doubt._replace(key=f"{doubt.key} ({times[doubt.key]})"))
    return tuple(found)


def part_doubts(part: AnyPart, content: Any) -> Iterator[Doubt]:
    if isinstance(part, Single):
        yield from field_doubts(part.field, content, part.key, part.key)
    elif isinstance(part, Group):
        yield from object_doubts(part.fields, content, part.key, part.key)
    elif isinstance(part, Results):
        for index, result in enumerate(content):
            yield from result_doubts(part, result, f"{part.key}[{index}].value")
    else:
        for index, record in enumerate(content):
            name = f"{part.key}.{record['condition']}" if isinstance(part, Checklist) else part.key
            yield from object_doubts(record_fields(part, record), record, f"{part.key}[{index}]", name)


def object_doubts(fields: Mapping[str, Field], content: Mapping[str, Any], path: str, name: str) -> Iterator[Doubt]:
    for field in fields.values():
        yield from field_doubts(field, content.get(field.name), f"{path}.{field.name}", f"{name}.{field.name}")


def field_doubts(field: Field, value: Any, path: str, name: str) -> Iterator[Doubt]:
    if field.plausible is None or is_unknown(value) or can_be(Decimal(value), "", field.plausible):
        return
    number = Decimal(value)
    key = f"{name} {trimmed(number)} {field.unit}".rstrip()
    yield Doubt(path, key, amount(number, field.unit), outside(field.plausible, field.unit))


def result_doubts(part: Results, result: Mapping[str, Any], path: str) -> Iterator[Doubt]:
    analyte, unit, number = part.analytes[result["analyte"]], result["unit"], Decimal(result["value"])
    comparator = "" if is_unknown(result.get("comparator")) else result["comparator"]
    ends = plausible_in(analyte, unit)
    if ends is None or can_be(number, comparator, ends):
        return
    typed = f"{comparator} {trimmed(number)}".lstrip()
    others = [
        amount(typed, other)
        for other in analyte.unit_names
        if (range_there := plausible_in(analyte, other)) and can_be(number, comparator, range_there)
    ]
    message = outside(ends, unit)
    if others:
        message = _("%(outside)s; plausible would be %(others)s") % {"outside": message, "others": ", ".join(others)}
    yield Doubt(
        path, f"{part.key}.{result['analyte']} {typed} {unit} {result['collected']}", amount(typed, unit), message
    )


def can_be(number: Decimal, comparator: str, ends: Ends | Bounds) -> bool:
    """Whether any of the values that were reported is plausible."""
    values, (low, high) = reported(number, comparator), ends
    too_low = values.high is not None and (values.high < low or (values.high == low and values.high_open))
    too_high = bool(values.low > high or (values.low == high and values.low_open))
    return not (too_low or too_high)


def plausible_in(analyte: Analyte, unit: str) -> Ends | None:
    """The plausible range in one of the analyte's units; None where its family has none."""
    for declared, ends in analyte.plausible.items():
        for family in analyte.units:
            if declared in family and unit in family:
                low, high = (Fraction(end) * Fraction(family[declared]) / Fraction(family[unit]) for end in ends)
                return low, high
    return None


def outside(ends: Ends | Bounds, unit: str) -> str:
    low, high = shortened(ends[0], ROUND_CEILING), shortened(ends[1], ROUND_FLOOR)
    return _("outside what is plausible: %(low)s to %(high)s") % {"low": trimmed(low), "high": amount(high, unit)}


def shortened(end: Fraction | Decimal, rounding: str) -> Decimal:
    """Exact where that is short; else rounded inwards, so that what is asked back never lies within what is named."""
    end = Fraction(end)
    exact, short = (
        Context(prec=digits, rounding=rounding).divide(Decimal(end.numerator), Decimal(end.denominator))
        for digits in (MOST_DIGITS, DIGITS)
    )
    shown = exact if Fraction(exact) == end else short
    return Decimal(trimmed(shown))
