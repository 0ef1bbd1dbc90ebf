"""Doubtful upper limits of saved results: those of a range for another day, sex or age, or of one marked wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from criteria.vocabulary import Results, Vocabulary
from criteria.vocabulary.facts import counting_indexes
from criteria.vocabulary.values import is_unknown
from screening.crf.laboratory import laboratory_of
from screening.models import Verdict
from screening.visits.labels import FormPlace, form_place
from screening.visits.reference_ranges import Ranges


class MismatchedLimit(NamedTuple):
    """A doubtful limit; `fact` is its path in rules, empty where another result of the test counts.

    `criteria` are the codes of the outcomes that rest on it, where these were asked for.
    """

    place: FormPlace
    remark: str
    fact: str
    criteria: tuple[str, ...] = ()


def mismatched_limits(ranges: Ranges, vocabulary: Vocabulary, document: Mapping[str, Any]) -> list[MismatchedLimit]:
    """Return the mismatched limits of a valid document."""
    laboratory = laboratory_of(ranges, document)
    parts = [part for part in vocabulary.parts.values() if isinstance(part, Results)]
    known = [(part.key, document[part.key]) for part in parts if not is_unknown(document.get(part.key))]
    results = [(key, at, result, counting_indexes(found)) for key, found in known for at, result in enumerate(found)]
    return [
        MismatchedLimit(
            form_place(vocabulary, f"{key}[{at}].uln", document),
            remark,
            f"{key}.{result['analyte']}.uln" if counts[result["analyte"]] == at else "",
        )
        for key, at, result, counts in results
        if (remark := laboratory.mismatch(result))
    ]


def limits_of_verdicts(limits: Iterable[MismatchedLimit], verdicts: Iterable[Verdict]) -> list[MismatchedLimit]:
    """Return the limits, each with the codes of the outcomes that it decided or left open."""
    sheet = [(verdict.code, {*verdict.values, *verdict.missing}) for verdict in verdicts]
    return [limit._replace(criteria=tuple(code for code, paths in sheet if limit.fact in paths)) for limit in limits]
