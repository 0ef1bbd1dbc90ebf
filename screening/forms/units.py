"""Units as people read them in a form; documents hold UCUM codes."""

from criteria.rules.units import written

PERIODS = {"a": "years", "mo": "months", "wk": "weeks", "d": "days"}


def unit_name(code: str) -> str:
    return PERIODS.get(code) or written(code)
