"""What a simulation found, in its first words: the findings that would be others, before anything else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from screening.models import Overall, SimulationReport


class Move(NamedTuple):
    """How many would go from one finding of the whole visit to another."""

    before: str
    after: str
    people: int


class Headline(NamedTuple):
    """`findings` are those for whom the finding would be another, by `moves`; `changed` for whom anything would be, if
    only in a criterion. `held` are enrolled or confirmed and not eligible before either: none of them is `lost`. Of the
    `unfit` there is no finding by one of the versions, and so none in `findings`.
    """

    people: int
    findings: int
    moves: list[Move]
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


def moves_of(overall: Mapping[str, int]) -> list[Move]:
    """What becomes of most people first."""
    found = [
        Move(str(Overall(before).label), str(Overall(after).label), overall.get(f"{before}>{after}", 0))
        for before in Overall.values
        for after in Overall.values
        if before != after
    ]
    return sorted((move for move in found if move.people), key=lambda move: -move.people)
