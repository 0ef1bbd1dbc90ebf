"""JSON from outside, read so that the validator can name what is wrong with it by its path."""

from __future__ import annotations

from typing import Any

import simplejson

from criteria.vocabulary.faults import Repeated


def read(text: str) -> Any:
    """Numbers with a fraction as Decimal, NaN as a float that no field accepts; ValueError where it is not JSON."""
    try:
        return simplejson.loads(text, use_decimal=True, allow_nan=True, object_pairs_hook=unrepeated)
    except (RecursionError, ArithmeticError) as error:
        raise ValueError(f"too deep, or a number beyond all bounds: {error}") from error


def unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        found[key] = Repeated(key) if key in found else value
    return found
