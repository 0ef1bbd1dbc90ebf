"""The spellings of a number: with a point or a comma as the decimal sign, and thousands parted or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from criteria.vocabulary.spellings.plain import FIXED_SPACE, plain_text

Number = int | Decimal

_DIGITS = "[0-9]{1,40}"
_DECIMAL = re.compile(rf"(?P<sign>-?)(?P<whole>{_DIGITS})?(?:[.,](?P<rest>{_DIGITS}))?")
_GROUPED = re.compile(
    rf"(?P<sign>-?)(?P<whole>0{{0,20}}[1-9][0-9]{{0,2}}(?P<mark>[.,{FIXED_SPACE}])[0-9]{{3}}(?:(?P=mark)[0-9]{{3}}){{0,11}})"
    rf"(?:(?!(?P=mark))[.,](?P<rest>{_DIGITS}))?"
)


def number_readings(text: str) -> tuple[Number, ...]:
    """Return every number that a text may mean, that with a decimal sign first.

    One sign before three last digits may part thousands as well: 1,200 and 1.200 may mean either.
    """
    return tuple(dict.fromkeys(_readings(plain_text(text))))


def read_number(text: str, is_plausible: Callable[[Number], bool] = lambda number: True) -> Number | None:
    """Return the number that a text means; None where it is none, or may mean two.

    A point is the decimal sign, unless the number with thousands is plausible as well. A comma never is where it
    may part thousands, whatever is plausible.
    """
    readings = number_readings(text)
    if len(readings) == 2 and "," not in plain_text(text) and not all(map(is_plausible, readings)):
        return readings[0]
    return readings[0] if len(readings) == 1 else None


def _readings(plain: str) -> Iterator[Number]:
    for pattern in (_DECIMAL, _GROUPED):
        match = pattern.fullmatch(plain)
        if match and (match["whole"] or match["rest"]):
            digits = match["sign"] + re.sub("[^0-9]", "", match["whole"] or "0")
            yield Decimal(f"{digits}.{match['rest']}") if match["rest"] else int(digits)
