"""What of an answer may leave: an answer of a kind that is not named here is left out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.rules.dates import parse
from criteria.vocabulary import Field
from criteria.vocabulary.facts import means_none
from criteria.vocabulary.parts import UNKNOWN
from criteria.vocabulary.values import fault_of, is_unknown
from screening.exports.deidentified.answers import Answer
from screening.exports.deidentified.days import OLDEST, age_in_years, in_study_days, oldest

VISIT_DATE = "visit.date"
LEAVING = frozenset({"yn", "code", "codes", "number", "integer", "date", "day"})  # text never leaves
NONE_OF_THESE = "none"
YEAR = "a"


class Cell(NamedTuple):
    value: str
    unit: str = ""


def cell_of(answer: Answer, visit: int | None) -> Cell | None:
    """None for what stays here: the visit's own day, text, and what is not what its field asks for. `visit` is the
    day of the visit, without which no date can be told.
    """
    field, value = answer.field, answer.value
    if field.type not in LEAVING or answer.asked == VISIT_DATE or fault_of(field, value):
        return None
    if is_unknown(value):
        return Cell(UNKNOWN)
    match field.type:
        case "yn" | "code":
            return Cell(str(value))
        case "codes":
            return codes_cell(answer)
        case "number" | "integer":
            return number_cell(value, answer.unit)
        case "date" | "day":
            return None if visit is None else Cell(in_study_days(parse(value), visit), _("study day"))
    return None


def age_cell(answer: Answer, visit: int | None) -> Cell | None:
    """In place of a date of birth."""
    if visit is None or fault_of(answer.field, answer.value):
        return None
    return Cell(UNKNOWN) if is_unknown(answer.value) else Cell(age_in_years(parse(answer.value), visit), YEAR)


def codes_cell(answer: Answer) -> Cell | None:
    """An empty list says that there are none only where it can say so."""
    if not answer.value:
        return Cell(NONE_OF_THESE if means_none(answer.field, answer.beside) else UNKNOWN)
    known = all(is_choice(answer.field, code) for code in answer.value)
    return Cell("; ".join(answer.value)) if known else None


def is_choice(field: Field, code: Any) -> bool:
    return isinstance(code, str) and code in field.choices


def number_cell(value: Any, unit: str) -> Cell:
    """With the digits that were typed, and no exponent; a number of years is pooled as an age is."""
    if unit == YEAR and value > OLDEST:
        return Cell(oldest(), unit)
    return Cell(format(Decimal(value), "f"), unit)
