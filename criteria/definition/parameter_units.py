"""Units in which a parameter's value may be entered besides its own, and the conversion to its own."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from criteria.evaluation.protocol import Protocol, nodes_of
from criteria.rules import nodes as n
from criteria.rules.facts import Limit
from criteria.rules.text import amount_text, trim_zeros
from criteria.rules.units import COMMON_FAMILIES, EXACT_CONTEXT, Quantity, quantity_of


def limits_in_other_units(protocol: Protocol, name: str) -> Iterator[Limit]:
    """Yield the limits of the same value in other units."""
    nodes = (node for criterion in protocol.criteria for node in nodes_of(criterion))
    groups = {tuple(param.name for param in node.limits) for node in nodes if isinstance(node, n.ByUnit)}
    for group in groups:
        yield from (protocol.limits[other] for other in group if name in group and other != name)


def quantity_for(protocol: Protocol, limit: Limit) -> Quantity:
    """Return the quantity that is compared with the limit, in all the units in which it may be reported."""
    for criterion in protocol.criteria:
        for node in nodes_of(criterion):
            if isinstance(node, n.Compare) and isinstance(node.right, n.Param | n.ByUnit):
                params = (node.right,) if isinstance(node.right, n.Param) else node.right.limits
                if any(param.name == limit.name for param in params):
                    return criterion.kinds[id(node.left)].quantity
    return quantity_of(limit.unit)


def units_of(protocol: Protocol, limit: Limit) -> tuple[str, ...]:
    """Return the units besides the parameter's own that convert, or might."""
    units = (*quantity_for(protocol, limit).units, *quantity_of(limit.unit).units)
    return tuple(unit for unit in dict.fromkeys(units) if unit != limit.unit)


def convert_value(value: Decimal, unit: str, limit: Limit, protocol: Protocol) -> Fraction | None:
    """Return a value of another unit in the limit's unit; None where the two do not convert."""
    for family in (*COMMON_FAMILIES, *quantity_for(protocol, limit).families):
        if unit in family and limit.unit in family:
            return Fraction(value) * Fraction(family[unit]) / Fraction(family[limit.unit])
    return None


def exact_amount(value: Fraction, unit: str) -> str:
    """Return a value with its unit, with all its digits where they end."""
    exact = EXACT_CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))
    return amount_text(Decimal(trim_zeros(exact)) if Fraction(exact) == value else value, unit)


def in_unit_of(protocol: Protocol, limit: Limit, other: Limit) -> Decimal | None:
    """Return another limit's value in the unit of this one.

    None where it is open or the units do not convert.
    """
    there = None if other.value is None else convert_value(other.value, other.unit, limit, protocol)
    return None if there is None else EXACT_CONTEXT.divide(Decimal(there.numerator), Decimal(there.denominator))
