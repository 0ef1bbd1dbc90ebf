"""Fields of an entry: each one that a record changed, that was refused, or that an edit check queried."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from criteria.definition.blocks import ANY_TIME
from criteria.models import AmendmentRevision
from criteria.rules.units import unit_text
from criteria.versions.versions import protocol_of
from criteria.vocabulary import Vocabulary
from criteria.vocabulary.edit_checks import PLAUSIBLE
from screening.models import Attestation, Confirmation, EditCheckQuery, Refusal, Revision
from screening.shared.diff import changes
from screening.visits.applicable_version import transitions_by_visit, version_among, versions_by_trial
from screening.visits.changed_fields import history_path, path_without_index
from screening.visits.diff_text import change_texts

PARAMETER_VALUE = re.compile(r"parameters\.([^.\[\]]+)\.value")
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
        self.versions = versions_by_trial({row.visit.subject.trial_id for row in found[Revision]})
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
        case Attestation():
            return [FieldChange(row.label, row.path, "", row.value, history=path_without_index(row.path))]
        case EditCheckQuery() | Confirmation():
            if row.code == PLAUSIBLE:
                history = path_without_index(row.key.partition(" ")[0])
                return [FieldChange(row.path, row.path, "", row.key, history=history)]
            return [FieldChange(row.path, row.path, "", row.code, history=path_without_index(row.path))]
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


def amendment_changes(revision: AmendmentRevision, before: AmendmentRevision | None) -> list[FieldChange]:
    """Return the changed fields of a revision of an amendment.

    Nothing for the first one: it is the version from which the amendment starts, under a number of its own.
    """
    if before is None:
        return []
    old, new = before.definition, revision.definition
    return [
        FieldChange(
            each.path,
            each.path,
            stored_text(each.old, each.path, old),
            stored_text(each.new, each.path, new),
            each.is_correction,
        )
        for each in changes(old, new)
    ]


def stored_text(value: Any, path: str, definition: Any) -> str:
    """Return a value of a definition as text, with its unit where it is that of a parameter."""
    found = PARAMETER_VALUE.fullmatch(path)
    if value is None or found is None or value == ANY_TIME:
        return "" if value is None else str(value)
    return f"{value} {unit_text(definition['parameters'][found[1]].get('unit', '1'))}".strip()
