"""A unit that changes while its number stays: what the number says must not change in silence, so it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal, Inexact
from typing import NamedTuple

from django.utils.translation import gettext as _

from criteria.rules.text import trimmed
from criteria.rules.units import EXACT
from criteria.vocabulary import Analyte
from screening.visits.labels import unit_name

EXACTLY = Context(prec=30, traps=[Inexact])
TYPED, CONVERT = "typed", "convert"

Number = int | Decimal


class Option(NamedTuple):
    """An answer, and the numbers of the row that it changes."""

    value: str
    label: str
    changes: Mapping[str, Number]


class UnitQuestion(NamedTuple):
    """`answer` is the option that was chosen, None while the question is open."""

    text: str
    options: tuple[Option, ...]
    answer: Option | None


class Switch(NamedTuple):
    """A number whose unit changed from `was` to `now`."""

    analyte: Analyte
    number: Decimal
    was: str
    now: str

    def question(self, given: str) -> UnitQuestion | None:
        """None where both answers come to the same, as with 10*9/L and 10*3/uL."""
        value = self.in_new_unit(self.number)
        if value is not None and Decimal(value) == self.number:
            return None
        options = tuple(option for option in (self.typed(), self.converted(value)) if option)
        text = _("The unit was changed from %(was)s to %(now)s, the number was not. Which is right?") % self.words()
        return UnitQuestion(text, options, next((option for option in options if option.value == given), None))

    def typed(self) -> Option:
        return Option(self.value(TYPED), _("%(number)s %(now)s, as typed") % self.words(), {})

    def converted(self, value: Number | None) -> Option | None:
        """None where the two units are not of one family, or where the number would have to be rounded."""
        if value is None:
            return None
        label = _("%(number)s %(was)s, which is %(value)s %(now)s") % (self.words() | {"value": str(value)})
        return Option(self.value(CONVERT), label, {"value": value})

    def value(self, answer: str) -> str:
        """Holds the question too: an answer to another number or another unit is none to this one."""
        return f"{answer} {self.number} {self.was} {self.now}"

    def in_new_unit(self, quantity: Decimal) -> Number | None:
        family = next((units for units in self.analyte.units if self.was in units and self.now in units), None)
        if family is None:
            return None
        try:
            exact = EXACTLY.divide(EXACT.multiply(quantity, family[self.was]), family[self.now])
        except Inexact:
            return None
        text = trimmed(exact)
        return Decimal(text) if "." in text else int(text)

    def words(self) -> dict[str, str]:
        return {"number": f"{self.number:f}", "was": unit_name(self.was), "now": unit_name(self.now)}
