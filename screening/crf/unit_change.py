"""A unit that changes after its number was entered, which raises a query: a value must not change silently."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal, Inexact
from typing import NamedTuple

from django.utils.translation import gettext as _

from criteria.rules.text import trim_zeros
from criteria.rules.units import EXACT_CONTEXT
from criteria.vocabulary import Analyte
from screening.visits.labels import unit_name

EXACTLY = Context(prec=30, traps=[Inexact])
TYPED, CONVERT = "typed", "convert"

Number = int | Decimal


class UnitOption(NamedTuple):
    """An answer to the query, and the numbers of the row that it changes."""

    value: str
    label: str
    changes: Mapping[str, Number]


class UnitQuestion(NamedTuple):
    """The query on a changed unit; `answer` is the chosen option, None while the query is open."""

    text: str
    options: tuple[UnitOption, ...]
    answer: UnitOption | None


class UnitChange(NamedTuple):
    """A number whose unit changed from `was` to `now`."""

    analyte: Analyte
    number: Decimal
    was: str
    now: str

    def question(self, given: str) -> UnitQuestion | None:
        """Return the query; None where both answers mean the same, as with 10*9/L and 10*3/uL."""
        value = self.in_new_unit(self.number)
        if value is not None and Decimal(value) == self.number:
            return None
        options = tuple(option for option in (self.unchanged_option(), self.converted_option(value)) if option)
        text = _("%(number)s had the unit %(was)s, which was then changed to %(now)s. Which is right?")
        answer = next((option for option in options if option.value == given), None)
        return UnitQuestion(text % self.label_values(), options, answer)

    def unchanged_option(self) -> UnitOption:
        return UnitOption(self.value(TYPED), _("%(number)s %(now)s, as typed") % self.label_values(), {})

    def converted_option(self, value: Number | None) -> UnitOption | None:
        """Return the option to convert the number.

        None where the two units are not of one family, or where the number would have to be rounded.
        """
        if value is None:
            return None
        label = _("%(number)s %(was)s, which is %(value)s %(now)s") % (self.label_values() | {"value": str(value)})
        return UnitOption(self.value(CONVERT), label, {"value": value})

    def value(self, answer: str) -> str:
        """Return the form value of an answer, which identifies the query too.

        An answer to another number or another unit is no answer to this one.
        """
        return f"{answer} {self.number} {self.was} {self.now}"

    def in_new_unit(self, quantity: Decimal) -> Number | None:
        family = next((units for units in self.analyte.units if self.was in units and self.now in units), None)
        if family is None:
            return None
        try:
            exact = EXACTLY.divide(EXACT_CONTEXT.multiply(quantity, family[self.was]), family[self.now])
        except Inexact:
            return None
        text = trim_zeros(exact)
        return Decimal(text) if "." in text else int(text)

    def label_values(self) -> dict[str, str]:
        return {"number": f"{self.number:f}", "was": unit_name(self.was), "now": unit_name(self.now)}
