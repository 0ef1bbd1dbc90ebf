"""The spellings of a time of day on a clock of 24 hours."""

from __future__ import annotations

import re

from criteria.vocabulary.spellings.plain import plain_text

_TIME = re.compile(
    "(?P<hour>[01]?[0-9]|2[0-3])(?:[:.h]|[点时])(?P<minute>[0-5][0-9])分?|(?P<hours>[01][0-9]|2[0-3])(?P<minutes>[0-5][0-9])"
)


def read_time(text: str) -> str:
    """Return the time that a text says, as 09:30; empty where it says none."""
    match = _TIME.fullmatch(plain_text(text).lower())
    if not match:
        return ""
    return f"{(match['hour'] or match['hours']).zfill(2)}:{match['minute'] or match['minutes']}"
