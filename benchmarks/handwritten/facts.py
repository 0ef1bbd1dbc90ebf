"""What a truth, a number, a window and a reported result are here."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

Truth: TypeAlias = bool | None
Number: TypeAlias = int | Decimal | Fraction
Record: TypeAlias = dict[str, Any]
Days: TypeAlias = tuple[date, date]


class Window(NamedTuple):
    """The length of a window: calendar months, or days."""

    months: int = 0
    days: int = 0


class Range(NamedTuple):
    """What a reported result can be. `high` is None when it has no upper bound."""

    low: Number
    high: Number | None
    low_open: bool = False
    high_open: bool = False
