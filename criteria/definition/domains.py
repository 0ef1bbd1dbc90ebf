"""The values that the numbers of a document may have, and those that are plausible, by path."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from criteria.rules.possible.values import ANYTHING, Domains, range_intersection
from criteria.rules.ranges import Range
from criteria.vocabulary.edit_checks import plausible_in
from criteria.vocabulary.parts import LIMITS, Analyte, Field, Results, Vocabulary, field_paths

FROM_ZERO = Range(Decimal(0), None)  # of a test whose results are never below zero


def domains_of(vocabulary: Vocabulary) -> Domains:
    """Return the values that a document may hold, by path: anything outside them is refused."""
    found: dict[str, tuple[Range, ...]] = {path: (range_of(field),) for path, field in numeric_fields(vocabulary)}
    for path, analyte in analytes_by_path(vocabulary):
        values = ANYTHING if analyte.is_signed else FROM_ZERO
        found |= dict.fromkeys((path, *(f"{path}.{limit}" for limit in LIMITS)), (values,) * len(analyte.units))
    return found


def plausible_domains_of(vocabulary: Vocabulary) -> Domains:
    """Return the values that raise no edit check query, by path.

    A value without a plausible range keeps its whole domain.
    """
    found = dict(domains_of(vocabulary))
    for path, field in numeric_fields(vocabulary):
        if field.plausible is not None:
            found[path] = (range_intersection(range_of(field), Range(*field.plausible)) or range_of(field),)
    for path, analyte in analytes_by_path(vocabulary):
        ends = (plausible_in(analyte, next(iter(family))) for family in analyte.units)
        whole = found[path][0]
        found[path] = tuple(whole if one is None else Range(*one) for one in ends)
    return found


def range_of(field: Field) -> Range:
    return Range(Decimal(field.minimum), None if field.maximum is None else Decimal(field.maximum))


def numeric_fields(vocabulary: Vocabulary) -> Iterator[tuple[str, Field]]:
    for part in vocabulary.parts.values():
        yield from ((path, field) for path, field in field_paths(part) if field.type in ("number", "integer"))


def analytes_by_path(vocabulary: Vocabulary) -> Iterator[tuple[str, Analyte]]:
    for part in vocabulary.parts.values():
        if isinstance(part, Results):
            yield from ((f"{part.key}.{code}", analyte) for code, analyte in part.analytes.items())
