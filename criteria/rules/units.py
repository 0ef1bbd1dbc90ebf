"""Units (UCUM codes) and the fixed factors between them, as Decimal, so that a value at the limit stays there.

A laboratory test has families of units of its own (which depend on its molar mass), declared in the definition
file. Units that convert alike whatever is measured are listed here. UCUM libraries read `K/uL` as kelvin; this
table reads only what it lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import cached_property

EXACT_CONTEXT = Context(prec=200)  # more digits than two valid numbers multiplied can have: nothing is rounded
PERIOD_UNITS = ("d", "wk", "mo", "a")
COMMON_FAMILIES: tuple[Mapping[str, Decimal], ...] = (
    {"1": Decimal(1), "%": Decimal("0.01"), "{ULN}": Decimal(1), "{LLN}": Decimal(1)},
    {"d": Decimal(1), "wk": Decimal(7)},
    {"mo": Decimal(1), "a": Decimal(12)},
    {"mm": Decimal(1), "cm": Decimal(10), "m": Decimal(1000)},
    {"g": Decimal(1), "kg": Decimal(1000)},
)
# How a unit is written for people, where UCUM's code is not what they read.
DISPLAY_UNITS = {
    "10*9/L": "×10⁹/L",
    "10*12/L": "×10¹²/L",
    "10*3/uL": "×10³/µL",
    "10*6/uL": "×10⁶/µL",
    "/uL": "/µL",
    "/mm3": "/mm³",
    "umol/L": "µmol/L",
    "ug/L": "µg/L",
    "ug/mL": "µg/mL",
    "kg/m2": "kg/m²",
    "m2": "m²",
    "{ULN}": "× ULN",
    "{LLN}": "× LLN",
    "mm[Hg]": "mmHg",
    "[IU]/mL": "IU/mL",
    "mL/min/{1.73_m2}": "mL/min/1.73 m²",
    "{copies}/mL": "copies/mL",
    "1": "",
    "Cel": "°C",
}


@dataclass(frozen=True)
class Quantity:
    """The quantity that a number measures, as families of units.

    Each family has the factor of every unit to its first. Units of one family convert; two families (g/dL and
    mmol/L of haemoglobin) are each compared with a limit of their own.
    """

    families: tuple[Mapping[str, Decimal], ...]

    @property
    def units(self) -> tuple[str, ...]:
        return tuple(unit for family in self.families for unit in family)

    @cached_property
    def conversions(self) -> Mapping[str, tuple[int, Decimal]]:
        """The index of the family of each unit, and its factor to the first of the family."""
        every = ((unit, (index, family[unit])) for index, family in enumerate(self.families) for unit in family)
        return dict(reversed([*every]))

    def conversion(self, unit: str) -> tuple[int, Decimal]:
        """Return the family and the factor of a unit; raise ValueError where no family has it."""
        try:
            return self.conversions[unit]
        except KeyError:
            raise ValueError(unit) from None

    def family(self, unit: str) -> int:
        return self.conversion(unit)[0]

    def factor(self, unit: str) -> Decimal:
        return self.conversion(unit)[1]


def quantity_of(unit: str) -> Quantity:
    """Return the quantity of a plain number field, whose first unit is its own.

    A unit that the table lacks converts to none.
    """
    for family in COMMON_FAMILIES:
        if unit in family:
            own = {other: family[other] / family[unit] for other in family if other != unit}
            return Quantity(({unit: Decimal(1), **own},))
    return Quantity(({unit or "1": Decimal(1)},)) if unit else quantity_of("1")


DIMENSIONLESS = quantity_of("1")
AGE_QUANTITIES = {"a": quantity_of("a"), "mo": quantity_of("mo")}
DAYS = quantity_of("d")


def unit_text(unit: str) -> str:
    return DISPLAY_UNITS.get(unit, unit)
