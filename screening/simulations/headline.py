"""The headline of a simulation: the findings that would change, before anything else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from screening.models import Overall, SimulationReport


class FindingMove(NamedTuple):
    """The number of subjects who would go from one finding of the whole visit to another."""

    before: str
    after: str
    people: int


class Headline(NamedTuple):
    """The main numbers of a simulation.

    `findings` counts the subjects whose finding would change, by `moves`; `changed` those for whom anything
    would, if only in a criterion. `held` are enrolled or confirmed and not eligible before either: none of them
    is `lost`. The `unfit` have no finding by one of the versions, and so none in `findings`.
    """

    people: int
    findings: int
    moves: list[FindingMove]
    changed: int
    lost: int
    gained: int
    held: int
    unfit: int


def headline(report: SimulationReport) -> Headline:
    counts, moves = report.counts, moves_of(report.counts["overall"])
    return Headline(
        report.people,
        sum(move.people for move in moves),
        moves,
        counts["changed"],
        counts["lost"],
        counts["gained"],
        counts.get("held", 0),
        counts["unfit"],
    )


def moves_of(overall: Mapping[str, int]) -> list[FindingMove]:
    """Return the moves between findings, the most frequent first."""
    found = [
        FindingMove(str(Overall(before).label), str(Overall(after).label), overall.get(f"{before}>{after}", 0))
        for before in Overall.values
        for after in Overall.values
        if before != after
    ]
    return sorted((move for move in found if move.people), key=lambda move: -move.people)
