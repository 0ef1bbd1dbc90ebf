"""The history of one parameter through all versions of a trial: its values, their first days and the reasons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from django.db.models import Q

from criteria.definition.blocks import ANY_TIME
from criteria.definition.parameter_types import WINDOW, may_be_open
from criteria.models import AmendmentRevision, ChangeKind, Parameter, ProtocolVersion, Trial
from criteria.rules.facts import Limit
from criteria.rules.text import limit_text
from criteria.versions.versions import protocol_of
from screening.amendments.version_states import VersionState, states_of
from screening.amendments.version_text import permitted_range_text, type_text
from screening.visits.labels import sentence_case

ParameterChange = Literal["first", "changed", "unchanged", "added", "removed", "absent"]


class ParameterAtVersion(NamedTuple):
    """A parameter as one version has it, in words.

    `type`, `permitted` and `source` are empty where the version declares none.
    """

    title: str
    value: str
    type: str
    permitted: str
    source: str


class VersionStep(NamedTuple):
    """One version of the history; `parameter` is None where the version lacks the parameter.

    `reasons` are the revisions that say why its amendment changed it.
    """

    state: VersionState
    parameter: ParameterAtVersion | None
    change: ParameterChange
    reasons: tuple[AmendmentRevision, ...]


def parameter_history(trial: Trial, name: str, today: date) -> list[VersionStep]:
    """Return the history, the latest version first; empty where no version has the parameter.

    In at most four queries, once the rules of the versions in which it is a window have been read.
    """
    rows = {row.version_id: row for row in Parameter.objects.filter(version__trial=trial, name=name)}
    if not rows:
        return []
    states = states_of(trial, today)
    reasons = reasons_of(trial, name)
    texts = {state.version: parameter_at_version(rows.get(state.version.pk), state.version) for state in states}
    steps = []
    for state in states:
        told = texts[state.version]
        change = change_of(told, texts[state.before] if state.before else None, state.before is None)
        moved = change in ("changed", "added", "removed")
        steps.append(VersionStep(state, told, change, reasons_for(state, reasons) if moved else ()))
    return steps


def parameter_at_version(row: Parameter | None, version: ProtocolVersion) -> ParameterAtVersion | None:
    if row is None:
        return None
    limit = limit_of(row)
    permitted = permitted_range_text(limit, is_open_to_any_time(limit, version))
    return ParameterAtVersion(sentence_case(row.title), limit_text(limit), type_text(row.type), permitted, row.source)


def is_open_to_any_time(limit: Limit, version: ProtocolVersion) -> bool:
    """Return whether the parameter may be `any time`.

    The rules of the version are read only where that is possible.
    """
    if limit.permitted is None or limit.type not in ("", WINDOW):
        return False
    return may_be_open(limit.name, protocol_of(version).criteria)


def limit_of(row: Parameter) -> Limit:
    value = None if row.value == ANY_TIME else Decimal(row.value)
    permitted = (Decimal(row.permitted[0]), Decimal(row.permitted[1])) if row.permitted else None
    return Limit(row.name, row.title, value, row.unit, row.type, permitted)


def change_of(told: ParameterAtVersion | None, before: ParameterAtVersion | None, is_first: bool) -> ParameterChange:
    if told is None:
        return "removed" if before else "absent"
    if is_first:
        return "first"
    return "added" if before is None else "unchanged" if told == before else "changed"


def reasons_of(trial: Trial, name: str) -> list[AmendmentRevision]:
    """Return every revision that set the parameter, by itself or within a definition file, the oldest first."""
    about = Q(kind=ChangeKind.VALUE, about=name) | Q(kind=ChangeKind.FILE)
    found = AmendmentRevision.objects.filter(about, amendment__trial=trial)
    revisions = list(found.select_related("created_by").defer("definition").order_by("amendment_id", "number"))
    files = [revision for revision in revisions if revision.kind == ChangeKind.FILE]
    idle = files_without_effect(files, name) if files else set()
    return [revision for revision in revisions if revision.pk not in idle]


def files_without_effect(files: Iterable[AmendmentRevision], name: str) -> set[int]:
    """Return the keys of the files that left the parameter as it was.

    A file is never the first revision of an amendment.
    """
    wanted = {(file.amendment_id, file.number - step) for file in files for step in (0, 1)}
    amendments, numbers = {key for key, _number in wanted}, {number for _key, number in wanted}
    found = AmendmentRevision.objects.filter(amendment__in=amendments, number__in=numbers)
    blocks = {
        (amendment, number): definition.get("parameters", {}).get(name)
        for amendment, number, definition in found.values_list("amendment_id", "number", "definition").iterator()
    }
    place = [(file.pk, file.amendment_id, file.number) for file in files]
    return {pk for pk, amendment, number in place if blocks[amendment, number] == blocks.get((amendment, number - 1))}


def reasons_for(state: VersionState, reasons: Iterable[AmendmentRevision]) -> tuple[AmendmentRevision, ...]:
    if state.approval is None:
        return ()
    approved = state.approval.proposal.revision.amendment_id
    return tuple(revision for revision in reasons if revision.amendment_id == approved)
