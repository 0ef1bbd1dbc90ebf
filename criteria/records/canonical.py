"""Canonical JSON: the same value always gives the same text.

Keys keep their order and numbers the digits that were entered: 9.0 stays 9.0. The text is ASCII, so that every
database stores the same bytes, even for characters that UTF-8 cannot encode.
"""

from decimal import Decimal
from hashlib import sha256
from typing import Any, NoReturn

import simplejson
from django.db import models

from criteria.records import canonical


def dump(value: Any) -> str:
    """Return the canonical JSON text of a value; raise ValueError for NaN and infinity, which nobody measures."""
    return simplejson.dumps(value, use_decimal=False, default=raw_number, allow_nan=False, separators=(",", ":"))


def parse(text: str) -> Any:
    """Return the value of a JSON text; raise ValueError for anything but JSON.

    Numbers with a fraction or an exponent become Decimal, whole ones int.
    """
    return simplejson.loads(text, use_decimal=True, parse_constant=refuse_constant, allow_nan=True)


def fingerprint(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON text of a value."""
    return sha256(dump(value).encode()).hexdigest()


def raw_number(value: object) -> simplejson.RawJSON:
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} cannot be written as JSON")
    if not value.is_finite():
        refuse_constant(str(value))
    return simplejson.RawJSON(str(value or abs(value)))  # read back, a whole -0 is 0: write it so at once


def refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number that JSON can hold")


class DocumentField(models.TextField):
    """JSON stored as the text that was written.

    A JSON column would reorder its keys and reformat its numbers.
    """

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
