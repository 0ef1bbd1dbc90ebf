"""JSON whose text is the same wherever and whenever the same value is written.

Keys keep their order and numbers the digits they were typed with: 9.0 stays 9.0. The text is ASCII, so that every
database keeps the same bytes, also for what UTF-8 cannot hold.
"""

from decimal import Decimal
from typing import Any, NoReturn

import simplejson


def dump(value: Any) -> str:
    """ValueError for NaN and infinity, which are not numbers that anybody measured."""
    return simplejson.dumps(value, use_decimal=False, default=number, allow_nan=False, separators=(",", ":"))


def parse(text: str) -> Any:
    """Numbers with a fraction or an exponent as Decimal, whole ones as int; ValueError for anything but JSON."""
    return simplejson.loads(text, use_decimal=True, parse_constant=refuse, allow_nan=True)


def number(value: object) -> simplejson.RawJSON:
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} cannot be written as JSON")
    if not value.is_finite():
        refuse(str(value))
    return simplejson.RawJSON(str(value or abs(value)))  # read back, a whole -0 is 0: write it so at once


def refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number that JSON can hold")
