"""De-identified values of answers: an answer of a type that is not listed here is left out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.rules.dates import parse_date
from criteria.vocabulary import Field
from criteria.vocabulary.facts import means_none
from criteria.vocabulary.parts import UNKNOWN
from criteria.vocabulary.values import fault_of, is_unknown
from screening.exports.deidentified.answers import DocumentAnswer
from screening.exports.deidentified.days import OLDEST_AGE, age_in_years, oldest_age_text, study_days_text

VISIT_DATE = "visit.date"
EXPORTABLE_TYPES = frozenset({"yn", "code", "codes", "number", "integer", "date", "day"})  # text never leaves
NONE_VALUE = "none"
YEAR = "a"


class ItemCell(NamedTuple):
    value: str
    unit: str = ""


def cell_of(answer: DocumentAnswer, visit: int | None) -> ItemCell | None:
    """Return the exportable value of an answer, None for an answer that is not exported.

    Not exported are the visit's own day, text, and a value that does not fit its field. `visit` is the day of
    the visit; without it no date can be exported.
    """
    field, value = answer.field, answer.value
    if field.type not in EXPORTABLE_TYPES or answer.field_path == VISIT_DATE or fault_of(field, value):
        return None
    if is_unknown(value):
        return ItemCell(UNKNOWN)
    match field.type:
        case "yn" | "code":
            return ItemCell(str(value))
        case "codes":
            return codes_cell(answer)
        case "number" | "integer":
            return number_cell(value, answer.unit)
        case "date" | "day":
            return None if visit is None else ItemCell(study_days_text(parse_date(value), visit), _("study day"))
    return None


def age_cell(answer: DocumentAnswer, visit: int | None) -> ItemCell | None:
    """Return the age in place of a date of birth.

    None where the day of the visit is not known or the date is faulty.
    """
    if visit is None or fault_of(answer.field, answer.value):
        return None
    return (
        ItemCell(UNKNOWN) if is_unknown(answer.value) else ItemCell(age_in_years(parse_date(answer.value), visit), YEAR)
    )


def codes_cell(answer: DocumentAnswer) -> ItemCell | None:
    """Return the codes of an answer, None where one of them is not among the choices of the field.

    An empty list means that there are none only where the field can express that, and is unknown otherwise.
    """
    if not answer.value:
        return ItemCell(NONE_VALUE if means_none(answer.field, answer.beside) else UNKNOWN)
    known = all(is_choice(answer.field, code) for code in answer.value)
    return ItemCell("; ".join(answer.value)) if known else None


def is_choice(field: Field, code: Any) -> bool:
    return isinstance(code, str) and code in field.choices


def number_cell(value: Any, unit: str) -> ItemCell:
    """Return the number with the digits as entered and no exponent.

    A number of years is pooled in the same way as an age.
    """
    if unit == YEAR and value > OLDEST_AGE:
        return ItemCell(oldest_age_text(), unit)
    return ItemCell(format(Decimal(value), "f"), unit)
