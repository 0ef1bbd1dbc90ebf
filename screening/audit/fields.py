"""The fields of an entry: each that a record changed, that was refused, or that was asked back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from criteria.models import AmendmentRevision, ProtocolVersion
from criteria.versions.versions import protocol_of
from criteria.vocabulary import Vocabulary
from screening.models import Confirmation, Prompt, Refusal, Revision, Transfer
from screening.visits.applicable_version import VOCABULARY, version_among
from screening.visits.diff import Change, about, changes
from screening.visits.diff_text import differences
from screening.visits.labels import PATH, STEP, index_of, record_at

PARENTS: dict[type[Any], str] = {Revision: "visit", AmendmentRevision: "amendment"}  # numbered from 1 within it


class FieldChange(NamedTuple):
    """A field before and after, in words; `path` is its place in the document, `history` where its history is found:
    an index says which record was meant in one revision, and may mean another by now.
    """

    label: str
    path: str
    old: str
    new: str
    is_correction: bool = False
    history: str = ""


class Known:
    """What some rows are held against, in a number of queries that does not grow with them."""

    def __init__(self, rows: Sequence[Any]) -> None:
        found = {model: [row for row in rows if isinstance(row, model)] for model in PARENTS}
        self.earlier = {model: earlier(model, parent, found[model]) for model, parent in PARENTS.items()}
        self.versions = versions_of({row.visit.subject.trial_id for row in found[Revision]})
        self.transfers = transfers_of({row.visit_id for row in found[Revision]})

    def before(self, row: Any) -> Any:
        return self.earlier[type(row)].get(row.pk)

    def vocabulary_of(self, revision: Revision) -> Vocabulary:
        versions = self.versions[revision.visit.subject.trial_id]
        version = version_among(versions, self.transfers.get(revision.visit_id, set()), revision.document)
        return protocol_of(version).vocabulary


def earlier(model: type[Any], parent: str, rows: list[Any]) -> dict[int, Any]:
    """The revision before each, by the key of the later one."""
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


def transfers_of(visits: set[int]) -> dict[int, set[int]]:
    transfers: dict[int, set[int]] = {}
    found = Transfer.objects.filter(visit__in=visits).values_list("visit_id", "version_id")
    for visit, version in found if visits else ():
        transfers.setdefault(visit, set()).add(version)
    return transfers


def fields_of(row: Any, known: Known) -> list[FieldChange]:
    match row:
        case Revision():
            return entered(row, known.before(row), known.vocabulary_of(row))
        case AmendmentRevision():
            return amended(row, known.before(row))
        case Refusal():
            return [FieldChange(path, path, "", message, history=plain(path)) for path, message in row.faults or []]
        case Prompt() | Confirmation():
            return [FieldChange(row.path, row.path, "", row.key, history=plain(row.key.partition(" ")[0]))]
    return []


def entered(revision: Revision, before: Revision | None, vocabulary: Vocabulary) -> list[FieldChange]:
    """Of the first revision too: what was entered first is a change from nothing."""
    old, new = before.document if before else {}, revision.document
    found = changes(old, new)
    told = differences(vocabulary, found, new, old)
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
    """Of a record all results of its test, all entries of its condition, or else the whole list."""
    key, *steps = STEP.findall(change.path)
    if not steps or index_of(steps[0]) is None:
        return plain(change.path)
    first, second = (old, new) if change.new is None else (new, old)
    code = about(record_at(first.get(key), steps[0])) or about(record_at(second.get(key), steps[0]))
    return plain(f"{key}.{code}" if code else key)


def plain(path: str) -> str:
    """The path, where it is one that a reader can ask for without an index."""
    return path if PATH.fullmatch(path) and "[" not in path else ""


def amended(revision: AmendmentRevision, before: AmendmentRevision | None) -> list[FieldChange]:
    """Of the first one nothing: it is the version that it begins from, under a number of its own."""
    found = changes(before.definition, revision.definition) if before else ()
    return [FieldChange(each.path, each.path, said(each.old), said(each.new), each.is_correction) for each in found]


def said(value: Any) -> str:
    return "" if value is None else str(value)
