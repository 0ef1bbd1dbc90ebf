"""The units beside its own in which a parameter's value may be meant, and what it would be in its own."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from criteria.evaluation.protocol import Protocol, nodes_of
from criteria.rules import nodes as n
from criteria.rules.facts import Limit
from criteria.rules.text import amount, trimmed
from criteria.rules.units import COMMON, EXACT, Quantity, quantity_of


def partners(protocol: Protocol, name: str) -> Iterator[Limit]:
    """The limits of the same value in other units."""
    nodes = (node for criterion in protocol.criteria for node in nodes_of(criterion))
    groups = {tuple(param.name for param in node.limits) for node in nodes if isinstance(node, n.ByUnit)}
    for group in groups:
        yield from (protocol.limits[other] for other in group if name in group and other != name)


def quantity_for(protocol: Protocol, limit: Limit) -> Quantity:
    """What is compared with the limit, in all the units in which it may be reported."""
    for criterion in protocol.criteria:
        for node in nodes_of(criterion):
            if isinstance(node, n.Compare) and isinstance(node.right, n.Param | n.ByUnit):
                params = (node.right,) if isinstance(node.right, n.Param) else node.right.limits
                if any(param.name == limit.name for param in params):
                    return criterion.kinds[id(node.left)].quantity
    return quantity_of(limit.unit)


def units_of(protocol: Protocol, limit: Limit) -> tuple[str, ...]:
    """The units beside the parameter's own that convert, or might."""
    units = (*quantity_for(protocol, limit).units, *quantity_of(limit.unit).units)
    return tuple(unit for unit in dict.fromkeys(units) if unit != limit.unit)


def converted(value: Decimal, unit: str, limit: Limit, protocol: Protocol) -> Fraction | None:
    """A value of another unit in the limit's; None where the two do not convert."""
    for family in (*COMMON, *quantity_for(protocol, limit).families):
        if unit in family and limit.unit in family:
            return Fraction(value) * Fraction(family[unit]) / Fraction(family[limit.unit])
    return None


def amount_of(value: Fraction, unit: str) -> str:
    """With all its digits where they end."""
    exact = EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
    return amount(Decimal(trimmed(exact)) if Fraction(exact) == value else value, unit)


def in_unit_of(protocol: Protocol, limit: Limit, other: Limit) -> Decimal | None:
    """Another limit's value in the unit of this one; None where it is open or the units do not convert."""
    there = None if other.value is None else converted(other.value, other.unit, limit, protocol)
    return None if there is None else EXACT.divide(Decimal(there.numerator), Decimal(there.denominator))
