"""The counts of a simulation, added up subject by subject, as plain data that a report stores."""

from __future__ import annotations

from typing import Any

from screening.models import Effect, Overall
from screening.simulations.evaluation import OutcomeShift

SimulationCounts = dict[str, Any]


def empty_counts() -> SimulationCounts:
    """Return the counts before the first subject.

    `overall` and each criterion count by “before>after”: of the whole visit everybody whose document fits, of a
    criterion those for whom it changes, with nothing on the side of a definition that lacks it. `changed`
    includes `lost`, `gained` and `held`: the last are enrolled or confirmed, and not eligible before either
    (earlier reports lack it, and count them as lost). `unfit` are those who could not be evaluated by both.
    """
    pairs = (f"{before}>{after}" for before in Overall.values for after in Overall.values)
    single = dict.fromkeys(("lost", "gained", "held", "changed", "unfit"), 0)
    return {"overall": dict.fromkeys(pairs, 0), "criteria": {}, **single}


def count_person(counts: SimulationCounts, shift: OutcomeShift, effect: Effect | None, *, held: bool = False) -> None:
    """Add one subject; `effect` is None where nothing changes for the subject."""
    if shift.fits:
        counts["overall"][f"{shift.before}>{shift.after}"] += 1
    else:
        counts["unfit"] += 1
    if effect is None:
        return
    counts["changed"] += 1
    if effect != Effect.OTHER:
        counts[effect.value] += 1
    if held:
        counts["held"] = counts.get("held", 0) + 1
    for code, (before, after) in shift.changes.items():
        pairs = counts["criteria"].setdefault(code, {})
        pair = f"{before or ''}>{after or ''}"
        pairs[pair] = pairs.get(pair, 0) + 1
