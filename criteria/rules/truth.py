"""Kleene's strong three-valued logic: unknown is neither true nor false, and never treated as either."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import NoReturn


class Truth(Enum):
    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    def __bool__(self) -> NoReturn:
        raise TypeError("a truth has three values: compare it with `is`, never by `if`")

    __hash__ = object.__hash__  # each is one object: no need to hash its name, as an Enum does

    def __invert__(self) -> Truth:
        return NEGATION[self]


TRUE, FALSE, UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
NEGATION = {TRUE: FALSE, FALSE: TRUE, UNKNOWN: UNKNOWN}


def all_of(truths: Iterable[Truth]) -> Truth:
    """Return the conjunction: one false decides, otherwise one unknown spreads; of nothing, true."""
    found = TRUE
    for truth in truths:
        if truth is FALSE:
            return FALSE
        if truth is UNKNOWN:
            found = UNKNOWN
    return found


def any_of(truths: Iterable[Truth]) -> Truth:
    """Return the disjunction: one true decides, otherwise one unknown spreads; of nothing, false."""
    found = FALSE
    for truth in truths:
        if truth is TRUE:
            return TRUE
        if truth is UNKNOWN:
            found = UNKNOWN
    return found


def truth_of(value: bool) -> Truth:
    return TRUE if value else FALSE
