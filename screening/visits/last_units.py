"""The units in which a site's laboratory reported its last results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from criteria.models import Trial
from criteria.vocabulary import Results
from criteria.vocabulary.not_done import has_result
from screening.models import Revision

LAST_SAVES = 30


def last_units(trial: Trial, parts: Sequence[Results]) -> dict[str, str]:
    """Return the unit of the last result of each test, among the last saves of the trial, in one query.

    Visits entered in error are left out.
    """
    revisions = Revision.objects.filter(
        visit__subject__trial=trial, visit__in_error=None, visit__subject__in_error=None
    )
    documents = revisions.order_by("-pk").values_list("document", flat=True)[:LAST_SAVES].iterator()
    wanted = {test for part in parts for test in part.analytes}
    found: dict[str, str] = {}
    while wanted - found.keys() and (document := next(documents, None)) is not None:
        for test, unit in reported_units(document, parts):
            found.setdefault(test, unit)
    return found


def reported_units(document: Mapping[str, Any], parts: Sequence[Results]) -> Iterator[tuple[str, str]]:
    """Yield the tests of a document with the unit of each result, the last result first."""
    for part in parts:
        results = document.get(part.key)
        for result in reversed(results if isinstance(results, list) else []):
            if has_result(result) and (unit := result.get("unit")):
                yield result.get("analyte", ""), unit
