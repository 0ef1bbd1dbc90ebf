"""History of the value of one field from revision to revision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import Any, NamedTuple

from criteria.records import canonical
from screening.models import Revision, Visit
from screening.shared.diff import align_records, are_records, record_code
from screening.visits.labels import STEP, index_of
from screening.visits.sections import REVIEWED, complete_lists


class FieldEntry(NamedTuple):
    """A value that `revision` gave the field; `absent` where the revision removed the value."""

    value: Any
    revision: Revision
    absent: bool


def history_of(visit: Visit, path: str) -> list[FieldEntry]:
    """Return every change of the value at a path, the latest first; empty where there never was one.

    An index means the record of the latest revision, which is traced back to the revision where it was entered.
    `labs.anc` means all results of the test, `history.infection` all entries of the condition,
    `reviewed.lesions` whether the list was confirmed complete.
    """
    revisions = list(visit.revisions.select_related("created_by").order_by("-number"))
    values = list(values_back(revisions, STEP.findall(path)))
    before = [*values[1:], None]
    return [
        FieldEntry(value, revision, absent=value is None)
        for revision, value, earlier in zip(revisions, values, before, strict=True)
        if canonical.dump(value) != canonical.dump(earlier)
    ]


def source_of(revisions: Sequence[Revision], path: str) -> Revision | None:
    """Return the revision from which the present value at a path originates.

    The present value is that of the first of `revisions`, the latest. None where there is no value. The path is
    read as by `history_of`.
    """
    values = chain(values_back(revisions, STEP.findall(path)), [None])
    for revision, (value, earlier) in zip(revisions, pairwise(values), strict=False):
        if canonical.dump(value) != canonical.dump(earlier):
            return None if value is None else revision
    return None


def values_back(revisions: Sequence[Revision], steps: list[str]) -> Iterator[Any]:
    """Yield the value at the path in each revision, None where there is none."""
    newer: Revision | None = None
    for revision in revisions:
        if newer and len(steps) > 1 and index_of(steps[1]) is not None:
            steps = earlier_path(newer.document, revision.document, steps)
        yield value_at(revision.document, steps) if steps else None
        newer = revision


def earlier_path(newer: Any, older: Any, steps: list[str]) -> list[str]:
    """Return the path that the same record had in the older document; empty where it did not exist yet."""
    key, index, *rest = steps
    earlier = {
        now: was for was, now in align_records(records_under_key(older, key), records_under_key(newer, key))
    }.get(index_of(index))
    return [] if earlier is None else [key, str(earlier), *rest]


def records_under_key(document: Any, key: str) -> list[Any]:
    found = document.get(key)
    return found if are_records(found) else []


def value_at(document: Any, steps: list[str]) -> Any:
    if len(steps) == 2 and steps[0] == REVIEWED:
        return "yes" if steps[1] in complete_lists(document) else None
    found = document
    for step in steps:
        found = step_value(found, step)
    return found


def step_value(value: Any, step: str) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if not are_records(value):
        return None
    index = index_of(step)
    if index is None:
        return [record for record in value if record_code(record) == step] or None
    return value[index] if index < len(value) else None
