"""The upper limits of normal of an invented laboratory."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import User
from django.db import transaction

from criteria.models import Trial
from screening.models import Sex
from screening.visits.range_decisions import confirm_range
from screening.visits.reference_ranges import RangeValues, add_range, ranges_of

LABORATORY = "Invented laboratory"
SOURCE = "List of January 2026"
RANGES = (  # test, unit, sex, upper limit
    ("creatinine", "umol/L", Sex.MALE, 111),
    ("creatinine", "umol/L", Sex.FEMALE, 81),
    ("bilirubin_total", "umol/L", Sex.ANY, 21),
    ("ast", "U/L", Sex.ANY, 40),
    ("alt", "U/L", Sex.ANY, 50),
)


@transaction.atomic
def create_ranges(trial: Trial, author: User, other: User) -> int:
    """Create the ranges, confirmed by another person, and return how many.

    All, or none where the trial has ranges already.
    """
    if ranges_of(trial).rows:
        return 0
    for analyte, unit, sex, uln in RANGES:
        values = RangeValues(LABORATORY, analyte, unit, sex, uln, date(2026, 1, 1), None, SOURCE)
        confirm_range(add_range(trial, author, values), other)
    return len(RANGES)
