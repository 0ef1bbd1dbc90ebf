"""History of the value of one field from revision to revision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain, pairwise
from typing import Any, NamedTuple

from django.db.models import F, Max, QuerySet

from criteria.records import canonical
from screening.models import ChangedField, Revision, Visit
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
    revisions = list(revisions_changing(visit.revisions.select_related("created_by"), path))
    values = list(values_back(revisions, STEP.findall(path)))
    return [
        FieldEntry(value, revision, absent=value is None)
        for revision, (value, earlier) in zip(revisions, pairwise([*values, None]), strict=True)
        if canonical.dump(value) != canonical.dump(earlier)
    ]


class ValueSources:
    """The revision from which each value of a document originates, in two queries and one more for all records.

    `revision` is the one that holds the document. Records with a code take two queries more where an index names one.
    """

    def __init__(self, revision: Revision) -> None:
        self.revision = revision
        self.found: dict[str, Revision | None] = {}

    def of(self, path: str) -> Revision | None:
        """Return the revision, with its author; None where there is no value. The path is read as by `history_of`."""
        if path not in self.found:
            self.found[path] = self.find(path)
        return self.found[path]

    def find(self, path: str) -> Revision | None:
        steps = STEP.findall(path)
        if value_at(self.revision.document, steps) is None:
            return None
        if has_index(steps):
            coded = any(changed.startswith(f"{steps[0]}.") for changed in self.last_changes)
            return origin(list(revisions_changing(self.until, path)) if coded else self.list_changes, steps)
        at = [number for changed, number in self.changes_under.get(steps[0], ()) if concerns(changed, path)]
        return self.by_number[max(at)] if at else None

    @cached_property
    def last_changes(self) -> dict[str, int]:
        """The number of the last revision that changed each path."""
        changed = ChangedField.objects.filter(revision__in=self.until.order_by()).values("path")
        return dict(changed.annotate(number=Max("revision__number")).values_list("path", "number"))

    @cached_property
    def changes_under(self) -> dict[str, list[tuple[str, int]]]:
        """What `last_changes` has, by the first step of its path: only of the same can one lie within another."""
        found: dict[str, list[tuple[str, int]]] = {}
        for changed, number in self.last_changes.items():
            found.setdefault(STEP.findall(changed)[0], []).append((changed, number))
        return found

    @cached_property
    def by_number(self) -> dict[int, Revision]:
        numbers = set(self.last_changes.values())
        return {each.number: each for each in self.until.filter(number__in=numbers).defer("document")}

    @cached_property
    def list_changes(self) -> list[Revision]:
        """The revisions that changed any list of records without a code, the latest first."""
        rows = ChangedField.objects.filter(revision__in=self.until.order_by()).exclude(path__contains=".")
        return list(self.until.filter(pk__in=rows.values("revision")).order_by("-number"))

    @property
    def until(self) -> QuerySet[Revision]:
        found = Revision.objects.filter(visit=self.revision.visit_id, number__lte=self.revision.number)
        return found.select_related("created_by")


def revisions_changing(revisions: QuerySet[Revision], path: str) -> QuerySet[Revision]:
    """Return those of a visit's revisions that may have changed the value at a path, the latest first."""
    key = path.partition(".")[0].partition("[")[0]
    rows = ChangedField.objects.filter(revision__in=revisions.order_by(), path__startswith=key)
    changing = {revision for changed, revision in rows.values_list("path", F("revision")) if concerns(changed, path)}
    return revisions.filter(pk__in=changing).order_by("-number")


def concerns(changed: str, path: str) -> bool:
    """Return whether a change kept under one path may have changed the value at another.

    It may if either lies within the other. An index says in one revision only which record is meant: such a path may be
    changed by whatever changed its list.
    """
    steps = STEP.findall(path)
    one, other = (f"{each}." for each in (changed.partition("[")[0], steps[0] if has_index(steps) else path))
    return one.startswith(other) or other.startswith(one)


def has_index(steps: Sequence[str]) -> bool:
    return any(index_of(step) is not None for step in steps)


def origin(revisions: Sequence[Revision], steps: list[str]) -> Revision | None:
    """Return the revision that made the value at a path what it is in the first of `revisions`, the latest."""
    values = chain(values_back(revisions, steps), [None])
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
