"""Numbers to test around a limit: the limit and one step to each side, in the unit in which it is entered."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from criteria.rules.leaves import exact_decimal

LONGEST_NUMBER = 12  # digits of a number that somebody may be expected to type
NEIGHBOUR_DIGITS = 3  # digits of the numbers on both sides of a limit that no decimal holds


def step_size(limit: Decimal, *, whole: bool = False) -> Decimal:
    """Return one step of a limit.

    It is the smaller of the last digit as written and a tenth of the place of the first digit: 1500 by 1, 9 by
    0.1. For whole numbers it is 1.
    """
    if whole:
        return Decimal(1)
    return Decimal(1).scaleb(min(-decimal_places(limit), limit.adjusted() - 1))


def decimal_places(number: Decimal) -> int:
    """Return the number of digits that are written after the point."""
    return len(f"{number:f}".partition(".")[2])


def short_decimal(value: Fraction) -> Decimal | None:
    """Return the number as a person would enter it; None where no short decimal equals it."""
    exact = exact_decimal(value)
    return exact if isinstance(exact, Decimal) and len(exact.as_tuple().digits) <= LONGEST_NUMBER else None


def numbers_around(root: Fraction, spread: Fraction) -> tuple[Decimal, ...]:
    """Return the root and a spread to each side; empty where these are not numbers that can be entered."""
    found = tuple(short_decimal(root + side * spread) for side in (-1, 0, 1))
    return tuple(value for value in found if value is not None) if None not in found else ()


def nearest_numbers(root: Fraction, *, whole: bool = False) -> tuple[Decimal, Decimal]:
    """Return the nearest numbers below and above a root that cannot be entered itself."""
    power = 0 if whole or not root else power_of_ten(root) + 1 - NEIGHBOUR_DIGITS
    low = root // Fraction(10) ** power
    return Decimal(low).scaleb(power), Decimal(low + 1).scaleb(power)


def power_of_ten(value: Fraction) -> int:
    """Return the power of ten of the first digit."""
    return (Decimal(abs(value).numerator) / Decimal(value.denominator)).adjusted()


def numbers_to_try(root: Fraction, spread: Fraction | None, *, whole: bool = False) -> tuple[Decimal, ...]:
    """Return the numbers to enter around a limit.

    `spread` is the step, where it is known from the limit as it is written.
    """
    if whole:
        return numbers_around(root, Fraction(1)) if root.denominator == 1 else nearest_numbers(root, whole=True)
    exact = short_decimal(root)
    if exact is None:
        return nearest_numbers(root)
    return (numbers_around(root, spread) if spread else ()) or numbers_around(root, Fraction(step_size(exact)))
