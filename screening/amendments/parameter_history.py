"""One parameter through all versions of a trial: what it was, from when on, and why it was changed."""

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
from screening.amendments.version_text import permitted_words, type_words
from screening.visits.labels import sentence

Change = Literal["first", "changed", "unchanged", "added", "removed", "absent"]


class Told(NamedTuple):
    """A parameter as one version has it, in words; `type` and `permitted` are blank where it declares none."""

    title: str
    value: str
    type: str
    permitted: str


class Step(NamedTuple):
    """One version; `told` is None where it lacks the parameter, `reasons` are why its amendment changed it."""

    state: VersionState
    told: Told | None
    change: Change
    reasons: tuple[AmendmentRevision, ...]


def steps_of(trial: Trial, name: str, today: date) -> list[Step]:
    """The latest version first; none where no version has the parameter. In at most four queries, once the rules of
    the versions in which it is a window have been read."""
    rows = {row.version_id: row for row in Parameter.objects.filter(version__trial=trial, name=name)}
    if not rows:
        return []
    states = states_of(trial, today)
    reasons = reasons_of(trial, name)
    texts = {state.version: told_of(rows.get(state.version.pk), state.version) for state in states}
    steps = []
    for state in states:
        told = texts[state.version]
        change = change_of(told, texts[state.before] if state.before else None, state.before is None)
        moved = change in ("changed", "added", "removed")
        steps.append(Step(state, told, change, reasons_for(state, reasons) if moved else ()))
    return steps


def told_of(row: Parameter | None, version: ProtocolVersion) -> Told | None:
    if row is None:
        return None
    limit = limit_of(row)
    permitted = permitted_words(limit, is_open_to_any_time(limit, version))
    return Told(sentence(row.title), limit_text(limit), type_words(row.type), permitted)


def is_open_to_any_time(limit: Limit, version: ProtocolVersion) -> bool:
    """The rules of the version are read only where that may be."""
    if limit.permitted is None or limit.type not in ("", WINDOW):
        return False
    return may_be_open(limit.name, protocol_of(version).criteria)


def limit_of(row: Parameter) -> Limit:
    value = None if row.value == ANY_TIME else Decimal(row.value)
    permitted = (Decimal(row.permitted[0]), Decimal(row.permitted[1])) if row.permitted else None
    return Limit(row.name, row.title, value, row.unit, row.type, permitted)


def change_of(told: Told | None, before: Told | None, is_first: bool) -> Change:
    if told is None:
        return "removed" if before else "absent"
    if is_first:
        return "first"
    return "added" if before is None else "unchanged" if told == before else "changed"


def reasons_of(trial: Trial, name: str) -> list[AmendmentRevision]:
    """Every revision that set the parameter, by itself or within a definition file, the oldest first."""
    about = Q(kind=ChangeKind.VALUE, about=name) | Q(kind=ChangeKind.FILE)
    found = AmendmentRevision.objects.filter(about, amendment__trial=trial)
    revisions = list(found.select_related("created_by").defer("definition").order_by("amendment_id", "number"))
    files = [revision for revision in revisions if revision.kind == ChangeKind.FILE]
    idle = without_effect(files, name) if files else set()
    return [revision for revision in revisions if revision.pk not in idle]


def without_effect(files: Iterable[AmendmentRevision], name: str) -> set[int]:
    """The keys of those that left the parameter as it was; a file never comes first in an amendment."""
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
