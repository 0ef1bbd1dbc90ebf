"""The fields that each revision changed, kept beside the revisions so that values can be searched for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from criteria.versions.versions import protocol_of
from criteria.vocabulary import Vocabulary
from screening.models import ChangedField, Revision, Visit
from screening.shared.diff import Change, changes, record_code
from screening.visits.applicable_version import applicable_version
from screening.visits.diff_text import ChangeText, change_texts
from screening.visits.labels import PATH, STEP, index_of, record_at
from screening.visits.sections import REVIEWED

CHUNK = 1000


def record_changed_fields(
    revision: Revision, before: Mapping[str, Any], found: Iterable[Change], vocabulary: Vocabulary
) -> None:
    """Keep the changes that a revision made to the document `before`, in one query."""
    ChangedField.objects.bulk_create(changed_fields(revision, before, list(found), vocabulary))


def changed_fields(
    revision: Revision, before: Mapping[str, Any], found: list[Change], vocabulary: Vocabulary
) -> Iterator[ChangedField]:
    told = change_texts(vocabulary, found, revision.document, before)
    for change, words in zip(found, told, strict=True):
        for path in searched_paths(change, before, revision.document):
            yield ChangedField(revision=revision, path=path, words=searched_text(change, words))


def searched_text(change: Change, words: ChangeText) -> str:
    """Return label and values as the audit trail shows them: what was not there before has no value."""
    return "\n".join([words.label, "" if change.old is None else words.old, words.new])


def searched_paths(change: Change, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return the paths under which a change is found: of lists confirmed complete, each that was or no longer is."""
    if change.path == REVIEWED:
        return [f"{REVIEWED}.{name}" for name in sorted(set(change.old or ()) ^ set(change.new or ()))]
    return [history_path(change, old, new) or change.path]


def history_path(change: Change, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Return the path under which the history of a changed field can be requested.

    For a record this is all results of its test, all entries of its condition, or otherwise the whole list.
    """
    key, *steps = STEP.findall(change.path)
    if not steps or index_of(steps[0]) is None:
        return path_without_index(change.path)
    first, second = (old, new) if change.new is None else (new, old)
    code = record_code(record_at(first.get(key), steps[0])) or record_code(record_at(second.get(key), steps[0]))
    return path_without_index(f"{key}.{code}" if code else key)


def path_without_index(path: str) -> str:
    """Return the path where it can be requested without an index, otherwise empty."""
    return path if PATH.fullmatch(path) and "[" not in path else ""


def add_missing_changed_fields(using: str) -> None:
    """Keep the changes of the revisions that were saved before changes were kept.

    Nothing is done for another database than the default one, or before the table exists.
    """
    if using != DEFAULT_DB_ALIAS or ChangedField._meta.db_table not in connections[using].introspection.table_names():
        return
    missing = set(Revision.objects.filter(changed_fields=None).values_list("pk", flat=True))
    visits = Visit.objects.filter(revisions__in=Revision.objects.filter(changed_fields=None)).distinct()
    made: list[ChangedField] = []
    for visit in visits.select_related("subject__trial").order_by("pk").iterator():
        made += missing_in_visit(visit, missing)
        if len(made) >= CHUNK:
            ChangedField.objects.bulk_create(made)
            made = []
    ChangedField.objects.bulk_create(made)


def missing_in_visit(visit: Visit, missing: set[int]) -> Iterator[ChangedField]:
    before: Mapping[str, Any] = {}
    for revision in visit.revisions.order_by("number"):
        if revision.pk in missing:
            vocabulary = protocol_of(applicable_version(visit, revision.document)).vocabulary
            found = list(changes(before, revision.document))
            yield from changed_fields(revision, before, found, vocabulary)
        before = revision.document
