"""JSON whose text is the same wherever and whenever the same value is written.

Keys keep their order and numbers the digits they were typed with: 9.0 stays 9.0. The text is ASCII, so that every
database keeps the same bytes, also for what UTF-8 cannot hold.
"""

from decimal import Decimal
from typing import Any, NoReturn

import simplejson
from django.db import models

from criteria.records import canonical


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


class DocumentField(models.TextField):
    """JSON kept as the text that was written, because a JSON column would reorder its keys and reword its numbers."""

    _pyi_private_set_type: Any  # for the type checker: the value is what the JSON says, not its text
    _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else canonical.dump(value)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else canonical.parse(value)

    def to_python(self, value: Any) -> Any:
        return canonical.parse(value) if isinstance(value, str) else value

    def value_to_string(self, obj: models.Model) -> str:
        return canonical.dump(self.value_from_object(obj))
