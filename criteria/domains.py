"""What each number of a visit document can be, and what of that is plausible, for `criteria.rules.possible`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from criteria.rules.possible_values import Domains, met
from criteria.rules.ranges import Range
from criteria.vocabulary.doubts import plausible_in
from criteria.vocabulary.parts import Analyte, Field, Results, Vocabulary, paths_of

FROM_ZERO = Range(Decimal(0), None)  # no result is below zero


def domains_of(vocabulary: Vocabulary) -> Domains:
    """What a document may say: whatever lies outside is refused."""
    found: dict[str, tuple[Range, ...]] = {path: (range_of(field),) for path, field in numbers(vocabulary)}
    for path, analyte in analytes(vocabulary):
        found |= dict.fromkeys((path, f"{path}.uln", f"{path}.lod"), (FROM_ZERO,) * len(analyte.units))
    return found


def plausible_domains_of(vocabulary: Vocabulary) -> Domains:
    """Likewise of what is not asked back. Whatever has no plausible range may be all that it can."""
    found = dict(domains_of(vocabulary))
    for path, field in numbers(vocabulary):
        if field.plausible is not None:
            found[path] = (met(range_of(field), Range(*field.plausible)) or range_of(field),)
    for path, analyte in analytes(vocabulary):
        ends = (plausible_in(analyte, next(iter(family))) for family in analyte.units)
        found[path] = tuple(FROM_ZERO if one is None else Range(*one) for one in ends)
    return found


def range_of(field: Field) -> Range:
    return Range(Decimal(field.minimum), None if field.maximum is None else Decimal(field.maximum))


def numbers(vocabulary: Vocabulary) -> Iterator[tuple[str, Field]]:
    for part in vocabulary.parts.values():
        yield from ((path, field) for path, field in paths_of(part) if field.type in ("number", "integer"))


def analytes(vocabulary: Vocabulary) -> Iterator[tuple[str, Analyte]]:
    for part in vocabulary.parts.values():
        if isinstance(part, Results):
            yield from ((f"{part.key}.{code}", analyte) for code, analyte in part.analytes.items())
