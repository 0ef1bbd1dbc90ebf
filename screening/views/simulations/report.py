"""What a simulation found, as its page shows it: tables of counts, and the people for whom something would change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from criteria.evaluation.protocol import Protocol
from screening.models import Effect, Outcome, Overall, SimulatedChange, Simulation
from screening.shared.pagination import Page
from screening.simulations import changes_page

FIRST = 10  # people named at once of those who would lose or gain
ARROW = ">"


class Cell(NamedTuple):
    people: int
    is_change: bool


class Line(NamedTuple):
    """A row of the table of findings: how many of those with one finding would come to each."""

    title: object
    cells: list[Cell]


class Step(NamedTuple):
    """How many would go from one outcome of a criterion to another."""

    before: str
    after: str
    people: int


class CriterionChange(NamedTuple):
    code: str
    statement: str
    steps: list[Step]
    people: int
    address: str


class Affected(NamedTuple):
    """Who would lose or gain: how many, the first of them, and where all are."""

    effect: str
    people: int
    rows: list[Row]
    address: str


class Row(NamedTuple):
    """Somebody for whom something would change; `is_saved_since` where the record went on after it was looked at."""

    change: SimulatedChange
    steps: list[tuple[str, str, str]]
    is_saved_since: bool


class Shown(NamedTuple):
    """Which of the people the address asks for; a word that makes no sense asks for all."""

    effect: str
    code: str

    def address(self, **changed: str) -> str:
        query = QueryDict(mutable=True)
        query.update({name: text for name, text in (self._asdict() | changed).items() if text})
        return f"?{query.urlencode()}#people"


def shown(request: HttpRequest, codes: Mapping[str, Any]) -> Shown:
    effect, code = request.GET.get("effect", ""), request.GET.get("code", "")
    return Shown(effect if effect in Effect.values else "", code if code in codes else "")


def findings(counts: Mapping[str, int]) -> list[Line]:
    """A line for each finding of before; its cells go by the finding after."""
    return [
        Line(label, [Cell(counts.get(f"{before}{ARROW}{after}", 0), before != after) for after in Overall.values])
        for before, label in Overall.choices
    ]


def outcome_label(outcome: str | None) -> str:
    return str(Outcome(outcome).label) if outcome else _("no such criterion")


def criterion_changes(
    counts: Mapping[str, Mapping[str, int]], texts: Mapping[str, str], at: Shown
) -> list[CriterionChange]:
    """By criterion, in the protocol's order; `texts` are the statements by code."""
    return [
        CriterionChange(code, text, steps(counts[code]), sum(counts[code].values()), at.address(code=code))
        for code, text in texts.items()
        if counts.get(code)
    ]


def steps(counts: Mapping[str, int]) -> list[Step]:
    """What becomes of most people first."""
    found = [(key.split(ARROW), people) for key, people in counts.items()]
    ordered = sorted(found, key=lambda each: (-each[1], each[0]))
    return [Step(outcome_label(before), outcome_label(after), people) for (before, after), people in ordered]


def affected(simulation: Simulation, effect: str, people: int) -> Affected:
    rows = rows_of(changes_page(simulation, effect, "", None))[:FIRST] if people else []
    return Affected(effect, people, rows, Shown(effect, "").address())


def rows_of(page: Page[SimulatedChange]) -> list[Row]:
    return [
        Row(change, step_texts(change.changes), change.subject.standing.revision_id != change.revision_id)
        for change in page.rows
    ]


def step_texts(changes: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [(code, outcome_label(before), outcome_label(after)) for code, (before, after) in changes.items()]


def statements(old: Protocol, new: Protocol) -> dict[str, str]:
    """What the criteria of both versions say, those that only the old one has last."""
    return {criterion.code: criterion.statement for criterion in (*new.criteria, *old.criteria)}
