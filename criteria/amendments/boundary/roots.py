"""Position of a limit: the value of one fact at which a comparison changes, found by evaluating documents."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from criteria.amendments.boundary.draft import DocumentDraft, FactPlace
from criteria.amendments.boundary.probe import Probe

SAMPLES = (Decimal(1), Decimal(2), Decimal(3))


def limit_root(probe: Probe, draft: DocumentDraft, place: FactPlace) -> Fraction | None:
    """Return the number, in the unit in which it is entered, that lies exactly at the limit.

    None where the difference of both sides is not a linear function of the number, or is not known.
    """
    gaps = [probe.gap(draft.with_value(place, value).document()) for value in SAMPLES]
    first, second, third = gaps
    if first is None or second is None or third is None:
        return None
    slope = second - first
    if not slope or third - second != slope:
        return None
    return Fraction(SAMPLES[0]) - first / slope
