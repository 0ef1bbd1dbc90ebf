"""Fields of an entry: each one that a record changed, that was refused, or that an edit check queried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from criteria.models import AmendmentRevision, ProtocolVersion
from criteria.versions.versions import protocol_of
from criteria.vocabulary import Vocabulary
from screening.models import Confirmation, EditCheckQuery, Refusal, Revision, VersionTransition
from screening.shared.diff import Change, changes, record_code
from screening.visits.applicable_version import VOCABULARY, version_among
from screening.visits.diff_text import change_texts
from screening.visits.labels import PATH, STEP, index_of, record_at

PARENTS: dict[type[Any], str] = {Revision: "visit", AmendmentRevision: "amendment"}  # numbered from 1 within it


class FieldChange(NamedTuple):
    """A field before and after, as text; `path` is its path in the document.

    `history` is the path under which its history can be requested: an index identifies a record in one revision
    only and may mean another record by now.
    """

    label: str
    path: str
    old: str
    new: str
    is_correction: bool = False
    history: str = ""


class TrailContext:
    """The records that some rows are compared with, in a number of queries that does not grow with the rows."""

    def __init__(self, rows: Sequence[Any]) -> None:
        found = {model: [row for row in rows if isinstance(row, model)] for model in PARENTS}
        self.earlier = {model: earlier_revisions(model, parent, found[model]) for model, parent in PARENTS.items()}
        self.versions = versions_of({row.visit.subject.trial_id for row in found[Revision]})
        self.transitions = transitions_by_visit({row.visit_id for row in found[Revision]})

    def predecessor(self, row: Any) -> Any:
        return self.earlier[type(row)].get(row.pk)

    def vocabulary_of(self, revision: Revision) -> Vocabulary:
        versions = self.versions[revision.visit.subject.trial_id]
        version = version_among(versions, self.transitions.get(revision.visit_id, set()), revision.document)
        return protocol_of(version).vocabulary


def earlier_revisions(model: type[Any], parent: str, rows: list[Any]) -> dict[int, Any]:
    """Return the revision that precedes each row, by the key of the later one."""
    wanted = {(getattr(row, f"{parent}_id"), row.number - 1): row.pk for row in rows if row.number > 1}
    if not wanted:
        return {}
    parents, numbers = {key for key, _number in wanted}, {number for _key, number in wanted}
    found = model._default_manager.filter(**{f"{parent}__in": parents, "number__in": numbers})
    keys = ((wanted.get((getattr(row, f"{parent}_id"), row.number)), row) for row in found)
    return {key: row for key, row in keys if key is not None}


def versions_of(trials: set[int]) -> dict[int, list[ProtocolVersion]]:
    versions: dict[int, list[ProtocolVersion]] = {}
    found = ProtocolVersion.objects.filter(trial__in=trials).select_related("trial").defer(*VOCABULARY)
    for version in found.order_by("-effective_from", "-pk") if trials else ():
        versions.setdefault(version.trial_id, []).append(version)
    return versions


def transitions_by_visit(visits: set[int]) -> dict[int, set[int]]:
    transitions: dict[int, set[int]] = {}
    found = VersionTransition.objects.filter(visit__in=visits).values_list("visit_id", "version_id")
    for visit, version in found if visits else ():
        transitions.setdefault(visit, set()).add(version)
    return transitions


def field_changes(row: Any, known: TrailContext) -> list[FieldChange]:
    match row:
        case Revision():
            return revision_changes(row, known.predecessor(row), known.vocabulary_of(row))
        case AmendmentRevision():
            return amendment_changes(row, known.predecessor(row))
        case Refusal():
            return [
                FieldChange(path, path, "", message, history=path_without_index(path))
                for path, message in row.faults or []
            ]
        case EditCheckQuery() | Confirmation():
            return [FieldChange(row.path, row.path, "", row.key, history=path_without_index(row.key.partition(" ")[0]))]
    return []


def revision_changes(revision: Revision, before: Revision | None, vocabulary: Vocabulary) -> list[FieldChange]:
    """Return the changed fields of a revision of a visit.

    For the first revision as well: its values are changes from nothing.
    """
    old, new = before.document if before else {}, revision.document
    found = changes(old, new)
    told = change_texts(vocabulary, found, new, old)
    return [
        FieldChange(
            words.label,
            change.path,
            words.old if change.old is not None else "",
            words.new,
            is_correction=change.is_correction,
            history=history_path(change, old, new),
        )
        for change, words in zip(found, told, strict=True)
    ]


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


def amendment_changes(revision: AmendmentRevision, before: AmendmentRevision | None) -> list[FieldChange]:
    """Return the changed fields of a revision of an amendment.

    Nothing for the first one: it is the version from which the amendment starts, under a number of its own.
    """
    found = changes(before.definition, revision.definition) if before else ()
    return [
        FieldChange(each.path, each.path, stored_text(each.old), stored_text(each.new), each.is_correction)
        for each in found
    ]


def stored_text(value: Any) -> str:
    return "" if value is None else str(value)
