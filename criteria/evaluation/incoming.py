"""JSON from outside, parsed so that the validator can name each fault by its path."""

from __future__ import annotations

from typing import Any

import simplejson

from criteria.vocabulary.faults import Repeated


def read(text: str) -> Any:
    """Parse JSON: numbers with a fraction as Decimal, NaN as a float that no field accepts.

    ValueError where the text is not JSON, is nested too deeply, or holds a number beyond all bounds.
    """
    try:
        return simplejson.loads(text, use_decimal=True, allow_nan=True, object_pairs_hook=mark_repeated_keys)
    except (RecursionError, ArithmeticError) as error:
        raise ValueError(f"too deep, or a number beyond all bounds: {error}") from error


def mark_repeated_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        found[key] = Repeated(key) if key in found else value
    return found
