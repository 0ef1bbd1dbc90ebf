"""What one field held from revision to revision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import Any, NamedTuple

from criteria.records import canonical
from screening.models import Revision, Visit
from screening.visits.diff import about, aligned, are_records
from screening.visits.labels import STEP, index_of
from screening.visits.sections import REVIEWED, reviewed


class Entry(NamedTuple):
    """`revision` made the field hold `value`; `absent` where it took the value away."""

    value: Any
    revision: Revision
    absent: bool


def history_of(visit: Visit, path: str) -> list[Entry]:
    """Every change of the value at a path, the latest first; empty where there never was one.

    An index means the record of the latest revision, which is followed back to where it was entered. `labs.anc` means
    all results of the test, `history.infection` all entries of the condition, `reviewed.lesions` whether the list was
    confirmed complete.
    """
    revisions = list(visit.revisions.select_related("created_by").order_by("-number"))
    values = list(values_back(revisions, STEP.findall(path)))
    before = [*values[1:], None]
    return [
        Entry(value, revision, absent=value is None)
        for revision, value, earlier in zip(revisions, values, before, strict=True)
        if canonical.dump(value) != canonical.dump(earlier)
    ]


def source_of(revisions: Sequence[Revision], path: str) -> Revision | None:
    """The revision from which on the value at a path has been as the first of `revisions`, the latest, holds it.

    None where there is no value. The path is read as by `history_of`.
    """
    values = chain(values_back(revisions, STEP.findall(path)), [None])
    for revision, (value, earlier) in zip(revisions, pairwise(values), strict=False):
        if canonical.dump(value) != canonical.dump(earlier):
            return None if value is None else revision
    return None


def values_back(revisions: Sequence[Revision], steps: list[str]) -> Iterator[Any]:
    """The value at the path in each revision, None where there is none."""
    newer: Revision | None = None
    for revision in revisions:
        if newer and len(steps) > 1 and index_of(steps[1]) is not None:
            steps = followed(newer.document, revision.document, steps)
        yield value_at(revision.document, steps) if steps else None
        newer = revision


def followed(newer: Any, older: Any, steps: list[str]) -> list[str]:
    """The path that the same record had before; empty where it was not there yet."""
    key, index, *rest = steps
    earlier = {now: was for was, now in aligned(records(older, key), records(newer, key))}.get(index_of(index))
    return [] if earlier is None else [key, str(earlier), *rest]


def records(document: Any, key: str) -> list[Any]:
    found = document.get(key)
    return found if are_records(found) else []


def value_at(document: Any, steps: list[str]) -> Any:
    if len(steps) == 2 and steps[0] == REVIEWED:
        return "yes" if steps[1] in reviewed(document) else None
    found = document
    for step in steps:
        found = inner(found, step)
    return found


def inner(value: Any, step: str) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if not are_records(value):
        return None
    index = index_of(step)
    if index is None:
        return [record for record in value if about(record) == step] or None
    return value[index] if index < len(value) else None
