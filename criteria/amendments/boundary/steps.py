"""The numbers to try around a limit: the limit itself and one step to each side, in the unit in which it is typed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from criteria.rules.leaves import decimal

LONGEST = 12  # digits of a number that somebody may be expected to type
SIGNIFICANT = 3  # digits of the numbers on both sides of a limit that no decimal holds


def step(limit: Decimal, *, whole: bool = False) -> Decimal:
    """The smaller of the last digit as written and a tenth of the first digit's place: 1500 by 1, 9 by 0.1."""
    if whole:
        return Decimal(1)
    return Decimal(1).scaleb(min(-decimals(limit), limit.adjusted() - 1))


def decimals(number: Decimal) -> int:
    """How many digits are written behind the point."""
    return len(f"{number:f}".partition(".")[2])


def typed(value: Fraction) -> Decimal | None:
    """The number as somebody would type it; None where no short decimal holds it."""
    exact = decimal(value)
    return exact if isinstance(exact, Decimal) and len(exact.as_tuple().digits) <= LONGEST else None


def around(root: Fraction, spread: Fraction) -> tuple[Decimal, ...]:
    """The root and a spread to each side; empty where these are not numbers that can be typed."""
    found = tuple(typed(root + side * spread) for side in (-1, 0, 1))
    return tuple(value for value in found if value is not None) if None not in found else ()


def neighbours(root: Fraction, *, whole: bool = False) -> tuple[Decimal, Decimal]:
    """The nearest numbers below and above a root that cannot be typed itself."""
    power = 0 if whole or not root else magnitude(root) + 1 - SIGNIFICANT
    low = root // Fraction(10) ** power
    return Decimal(low).scaleb(power), Decimal(low + 1).scaleb(power)


def magnitude(value: Fraction) -> int:
    """The power of ten of the first digit."""
    return (Decimal(abs(value).numerator) / Decimal(value.denominator)).adjusted()


def tried(root: Fraction, spread: Fraction | None, *, whole: bool = False) -> tuple[Decimal, ...]:
    """The numbers to type around a limit; `spread` is the step, where it is known from the limit as it is written."""
    if whole:
        return around(root, Fraction(1)) if root.denominator == 1 else neighbours(root, whole=True)
    exact = typed(root)
    if exact is None:
        return neighbours(root)
    return (around(root, spread) if spread else ()) or around(root, Fraction(step(exact)))
