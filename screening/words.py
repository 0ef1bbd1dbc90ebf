"""Labels and units as people read them; documents hold UCUM codes, definitions labels without a capital letter."""

from criteria.rules.units import written

PERIODS = {"a": "years", "mo": "months", "wk": "weeks", "d": "days"}


def unit_name(code: str) -> str:
    return PERIODS.get(code) or written(code)


def sentence(label: str) -> str:
    """A label with a capital letter in front; abbreviations such as `pH` or `HBsAg` have their own."""
    first = label.split(" ", 1)[0]
    return label if first != first.lower() else label[:1].upper() + label[1:]
