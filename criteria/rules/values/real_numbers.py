"""Powers and logarithms of ranges, in decimal arithmetic: DIGITS significant digits, rounded half to even.

Whole powers of exact numbers are exact, unless they have more than some 3,000 digits. What is not defined (a logarithm
of zero, an even root of a negative number) or has no size that a formula could mean is None.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow, Underflow
from typing import Any

from criteria.rules.ranges import Range, Ratio, point, ratio_of

DIGITS = 30
MOST_EXACT = 100  # the largest whole exponent that is computed exactly
MOST_BITS = 10_000  # of an exact power: powers of powers would fill the memory
LARGEST_EXPONENT = 1000  # of ten: beyond it a number is a slip, and as a fraction would fill the memory
TRAPS = [InvalidOperation, DivisionByZero, Overflow, Underflow]
WORKING = Context(prec=DIGITS + 20, rounding=ROUND_HALF_EVEN, traps=TRAPS)
SHOWN = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN, traps=TRAPS)
Real = Callable[[Ratio], Ratio | None]


def power_range(base: Range, exponent: Range) -> Range | None:
    """Return the powers of a range of ratios; None where nothing useful is known.

    A base that is no single number must not be negative; of an exponent that is none, the base must be above zero.
    """
    if exponent.is_point:
        power = exponent.low
        if base.is_point:
            return defined_point(power_of(base.low, power))
        if base.low is None or base.low < 0:
            return None
        return monotone_range(base, lambda each: power_of(each, power), rising=power > 0)
    if base.low is None or base.low <= 0 or base.high is None or exponent.low is None or exponent.high is None:
        return None
    corners = [power_of(one, other) for one in (base.low, base.high) for other in (exponent.low, exponent.high)]
    found = [each for each in corners if each is not None]
    return Range(min(found), max(found)) if len(found) == len(corners) else None


def log_range(value: Range, base: str) -> Range | None:
    """Return the logarithms, natural (`e`) or decimal (`10`), of a range of ratios; None where it may be negative."""
    if value.is_point:
        return defined_point(log_of(value.low, base))
    if value.low is None or value.low < 0:
        return None
    return monotone_range(value, lambda each: log_of(each, base), rising=True)


def defined_point(number: Ratio | None) -> Range | None:
    return None if number is None else point(number)


def monotone_range(value: Range, function: Real, *, rising: bool) -> Range | None:
    """Return the range of a function that only rises, or only falls; an end at which it is not defined is open."""
    low, high = (None if end is None else function(end) for end in (value.low, value.high))
    if low is None and high is None:
        return None
    if rising:
        return Range(low, high, value.low_open and low is not None, value.high_open and high is not None)
    return Range(high, low, value.high_open and high is not None, value.low_open and low is not None)


def power_of(base: Ratio, exponent: Ratio) -> Ratio | None:
    if is_exact(base, exponent):
        return whole_power(base, exponent.top // exponent.bottom)
    if not base:
        return Ratio(0, 1) if exponent > 0 else None
    return rounded_ratio(lambda: WORKING.power(decimal_of(base), decimal_of(exponent)))


def is_exact(base: Ratio, exponent: Ratio) -> bool:
    """Return whether a power is computed exactly: a whole one of a number that does not become too long by it."""
    if exponent.top % exponent.bottom or abs(exponent.top // exponent.bottom) > MOST_EXACT:
        return False
    bits = max(base.top.bit_length(), base.bottom.bit_length())
    return bits * abs(exponent.top // exponent.bottom) <= MOST_BITS


def whole_power(base: Ratio, exponent: int) -> Ratio | None:
    if exponent < 0:
        return Ratio(1, 1) / whole_power_of(base, -exponent) if base else None
    return whole_power_of(base, exponent)


def whole_power_of(base: Ratio, exponent: int) -> Ratio:
    return Ratio(base.top**exponent, base.bottom**exponent)


def log_of(number: Ratio, base: str) -> Ratio | None:
    if number <= 0:
        return None
    logarithm = WORKING.ln if base == "e" else WORKING.log10
    return rounded_ratio(lambda: logarithm(decimal_of(number)))


def decimal_of(number: Ratio) -> Decimal:
    return WORKING.divide(Decimal(number.top), Decimal(number.bottom))


def rounded_ratio(compute: Callable[[], Any]) -> Ratio | None:
    """Return a real number, rounded; None where it is not defined, or too large or too small."""
    try:
        found = SHOWN.plus(compute())
    except (InvalidOperation, DivisionByZero, Overflow, Underflow):
        return None
    return ratio_of(found) if found == 0 or abs(found.adjusted()) <= LARGEST_EXPONENT else None
