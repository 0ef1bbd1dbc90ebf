"""The value of one fact at which a comparison turns, found from what the protocol itself makes of documents."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from criteria.amendments.boundary.draft import Draft, Place
from criteria.amendments.boundary.probe import Probe

SAMPLES = (Decimal(1), Decimal(2), Decimal(3))


def root(probe: Probe, draft: Draft, place: Place) -> Fraction | None:
    """The number, in the unit in which it is typed, that lies exactly at the limit. None where both sides do not
    differ by a straight line, or are not known."""
    gaps = [probe.gap(draft.saying(place, value).document()) for value in SAMPLES]
    first, second, third = gaps
    if first is None or second is None or third is None:
        return None
    slope = second - first
    if not slope or third - second != slope:
        return None
    return Fraction(SAMPLES[0]) - first / slope
