"""The spellings of dates, numbers and units that people and laboratories write, and what each may mean.

A document keeps one form of each: ISO dates, numbers, UCUM codes. A spelling is read where it has one meaning.
"""

from criteria.vocabulary.spellings.codes import spelled_code
from criteria.vocabulary.spellings.dates import date_readings
from criteria.vocabulary.spellings.numbers import Number, number_readings, read_number
from criteria.vocabulary.spellings.plain import plain_text
from criteria.vocabulary.spellings.results import is_graded, is_not_detected, is_unusable, is_worded
from criteria.vocabulary.spellings.short_dates import short_date_readings
from criteria.vocabulary.spellings.times import read_time
from criteria.vocabulary.spellings.units import spelled_unit

__all__ = [
    "Number",
    "date_readings",
    "is_graded",
    "is_not_detected",
    "is_unusable",
    "is_worded",
    "number_readings",
    "plain_text",
    "read_number",
    "read_time",
    "short_date_readings",
    "spelled_code",
    "spelled_unit",
]
