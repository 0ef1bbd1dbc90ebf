"""Upper limits of saved results that are those of a range for another day or sex than the result has now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from criteria.models import Trial
from criteria.vocabulary import Results, Vocabulary
from criteria.vocabulary.values import is_unknown
from screening.crf.laboratory import laboratory_of
from screening.visits.labels import FormPlace, form_place


class MismatchedLimit(NamedTuple):
    place: FormPlace
    remark: str


def mismatched_limits(trial: Trial, vocabulary: Vocabulary, document: Mapping[str, Any]) -> list[MismatchedLimit]:
    """Return the mismatched limits of a valid document, in one query."""
    laboratory = laboratory_of(trial, document)
    parts = [part for part in vocabulary.parts.values() if isinstance(part, Results)]
    known = [(part.key, document[part.key]) for part in parts if not is_unknown(document.get(part.key))]
    results = [(f"{key}[{at}].uln", result) for key, found in known for at, result in enumerate(found)]
    return [
        MismatchedLimit(form_place(vocabulary, path, document), remark)
        for path, result in results
        if (remark := laboratory.mismatch(result))
    ]
