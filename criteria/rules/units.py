"""Units (UCUM codes) and the fixed factors between them. Decimal, so that a limit at the limit stays at the limit.

A laboratory test has families of units of its own (its molar mass makes them), declared in the definition file. Units
that convert alike whatever is measured stand here. UCUM libraries read `K/uL` as kelvin; this table reads what it
lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal

EXACT = Context(prec=200)  # more digits than two valid numbers multiplied can have: nothing is rounded
PERIODS = ("d", "wk", "mo", "a")
COMMON: tuple[Mapping[str, Decimal], ...] = (
    {"1": Decimal(1), "%": Decimal("0.01"), "{ULN}": Decimal(1)},
    {"d": Decimal(1), "wk": Decimal(7)},
    {"mo": Decimal(1), "a": Decimal(12)},
    {"mm": Decimal(1), "cm": Decimal(10), "m": Decimal(1000)},
    {"g": Decimal(1), "kg": Decimal(1000)},
)
# How a unit is written for people, where UCUM's code is not what they read.
WRITTEN = {"{ULN}": "× ULN", "mm[Hg]": "mmHg", "[IU]/mL": "IU/mL", "{copies}/mL": "copies/mL", "1": "", "Cel": "°C"}


@dataclass(frozen=True)
class Quantity:
    """What a number measures: families of units, each with the factor from every unit to the family's first.

    Units of one family convert; two families (g/dL and mmol/L of haemoglobin) are each held against a limit of
    their own.
    """

    families: tuple[Mapping[str, Decimal], ...]

    @property
    def units(self) -> tuple[str, ...]:
        return tuple(unit for family in self.families for unit in family)

    def family(self, unit: str) -> int:
        """The index of the family that has the unit; ValueError where none has."""
        for index, family in enumerate(self.families):
            if unit in family:
                return index
        raise ValueError(unit)

    def factor(self, unit: str) -> Decimal:
        return self.families[self.family(unit)][unit]


def quantity_of(unit: str) -> Quantity:
    """The quantity of a plain number field, whose first unit is its own; a unit that the table lacks converts to
    none."""
    for family in COMMON:
        if unit in family:
            own = {other: family[other] / family[unit] for other in family if other != unit}
            return Quantity(({unit: Decimal(1), **own},))
    return Quantity(({unit or "1": Decimal(1)},)) if unit else quantity_of("1")


PLAIN = quantity_of("1")
YEARS = quantity_of("a")


def written(unit: str) -> str:
    return WRITTEN.get(unit, unit)
