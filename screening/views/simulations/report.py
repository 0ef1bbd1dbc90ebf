"""The report of a simulation on its page: tables of counts, and the subjects for whom something changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from criteria.evaluation.protocol import Criterion, Protocol
from screening.models import Effect, Outcome, Overall, SimulatedChange, Simulation
from screening.shared.pagination import Page
from screening.simulations import changes_page

FIRST_SUBJECTS = 10  # people named at once of those who would lose or gain
ARROW = ">"


class FindingCell(NamedTuple):
    people: int
    is_change: bool


class FindingRow(NamedTuple):
    """A row of the table of findings: how many subjects with one finding would change to each."""

    title: object
    cells: list[FindingCell]


class OutcomeChangeCount(NamedTuple):
    """The number of subjects who would change from one outcome of a criterion to another."""

    before: str
    after: str
    people: int


class CriterionChange(NamedTuple):
    code: str
    statement: str
    steps: list[OutcomeChangeCount]
    people: int
    address: str


class AffectedGroup(NamedTuple):
    """The subjects who would lose or gain: how many, the first of them, and the address of all."""

    effect: str
    people: int
    rows: list[AffectedSubject]
    address: str


class AffectedSubject(NamedTuple):
    """A subject for whom something would change.

    `is_saved_since` if the record was saved again after the simulation evaluated it.
    """

    change: SimulatedChange
    steps: list[tuple[str, str, str]]
    is_saved_since: bool


class ChangeSelection(NamedTuple):
    """The subjects selected by the address; a value that is not valid selects all."""

    effect: str
    code: str

    def address(self, **changed: str) -> str:
        query = QueryDict(mutable=True)
        query.update({name: text for name, text in (self._asdict() | changed).items() if text})
        return f"?{query.urlencode()}#people"


def change_selection(request: HttpRequest, codes: Mapping[str, Any]) -> ChangeSelection:
    effect, code = request.GET.get("effect", ""), request.GET.get("code", "")
    return ChangeSelection(effect if effect in Effect.values else "", code if code in codes else "")


def finding_rows(counts: Mapping[str, int]) -> list[FindingRow]:
    """Return a row for each finding before the change; its cells are ordered by the finding after it."""
    return [
        FindingRow(
            label, [FindingCell(counts.get(f"{before}{ARROW}{after}", 0), before != after) for after in Overall.values]
        )
        for before, label in Overall.choices
    ]


def criterion_outcome_label(outcome: str | None, criterion: Criterion) -> str:
    return Outcome(outcome).label_for(criterion.category) if outcome else _("no such criterion")


def criterion_changes(
    counts: Mapping[str, Mapping[str, int]], criteria: Mapping[str, Criterion], at: ChangeSelection
) -> list[CriterionChange]:
    """Return the changes by criterion, in the protocol's order; `criteria` are those compared, by code."""
    return [
        CriterionChange(
            code,
            criterion.statement,
            outcome_change_counts(counts[code], criterion),
            sum(counts[code].values()),
            at.address(code=code),
        )
        for code, criterion in criteria.items()
        if counts.get(code)
    ]


def outcome_change_counts(counts: Mapping[str, int], criterion: Criterion) -> list[OutcomeChangeCount]:
    """Return the outcome changes, the one of most subjects first."""
    found = [(key.split(ARROW), people) for key, people in counts.items()]
    ordered = sorted(found, key=lambda each: (-each[1], each[0]))
    return [
        OutcomeChangeCount(
            criterion_outcome_label(before, criterion), criterion_outcome_label(after, criterion), people
        )
        for (before, after), people in ordered
    ]


def affected_group(
    simulation: Simulation, effect: str, people: int, criteria: Mapping[str, Criterion]
) -> AffectedGroup:
    rows = affected_subjects(changes_page(simulation, effect, "", None), criteria)[:FIRST_SUBJECTS] if people else []
    return AffectedGroup(effect, people, rows, ChangeSelection(effect, "").address())


def affected_subjects(page: Page[SimulatedChange], criteria: Mapping[str, Criterion]) -> list[AffectedSubject]:
    return [
        AffectedSubject(
            change,
            outcome_change_texts(change.changes, criteria),
            change.subject.status.revision_id != change.revision_id,
        )
        for change in page.rows
    ]


def outcome_change_texts(changes: Mapping[str, Any], criteria: Mapping[str, Criterion]) -> list[tuple[str, str, str]]:
    return [
        (code, criterion_outcome_label(before, criteria[code]), criterion_outcome_label(after, criteria[code]))
        for code, (before, after) in changes.items()
    ]


def compared_criteria(old: Protocol, new: Protocol) -> dict[str, Criterion]:
    """Return the criteria of both versions by code, those that only the old one has last."""
    return {criterion.code: criterion for criterion in (*new.criteria, *old.criteria)}
