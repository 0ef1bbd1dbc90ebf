"""An independent hand-written reading of the NCT05990231 eligibility criteria.

Plain Python for this one trial, written from the criteria page alone and without sight of the rule engine. It is
kept as a referee (the engine's tests compare the two on random documents) and as the benchmark's baseline.

A truth is True, False or None (unknown). A date is the interval of days that it covers, a laboratory result the range
that it reports. Numbers are compared as they were reported (int or Decimal), against limits stated in the reported
unit; whatever has to be multiplied is a Fraction. No binary floating point anywhere.
"""

from collections.abc import Callable

from benchmarks.handwritten.body import (
    e13,
    e14,
    e15,
    e16,
    e17,
    e18,
    e19,
    e20,
    e21,
    e22,
    e23,
    e24,
    e25,
    e26,
    e27,
    e28,
    e29,
    e30,
)
from benchmarks.handwritten.facts import Record
from benchmarks.handwritten.inclusion import i01, i02, i03, i04, i05, i06, i07, i08, i09, i10, i11, i12
from benchmarks.handwritten.tumour import e01, e02, e03, e04, e05, e06, e07, e08, e09, e10, e11, e12

__all__ = ["CRITERIA", "outcomes", "overall"]


_FUNCTIONS: tuple[Callable[[Record], str], ...] = (
    *(i01, i02, i03, i04, i05, i06, i07, i08, i09, i10, i11, i12),
    *(e01, e02, e03, e04, e05, e06, e07, e08, e09, e10, e11, e12, e13, e14, e15),
    *(e16, e17, e18, e19, e20, e21, e22, e23, e24, e25, e26, e27, e28, e29, e30),
)
CRITERIA: dict[str, Callable[[Record], str]] = {function.__name__.upper(): function for function in _FUNCTIONS}


def outcomes(document: Record) -> dict[str, str]:
    """Return the outcome of every criterion at a visit."""
    return {code: criterion(document) for code, criterion in CRITERIA.items()}


def overall(outcomes: dict[str, str]) -> str:
    """Return what the outcomes of all criteria amount to."""
    found = outcomes.values()
    if "fail" in found:
        return "ineligible"
    return "undetermined" if "unknown" in found else "eligible"
