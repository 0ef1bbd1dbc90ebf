"""A document under change, with the dates that matter in it."""

import random
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal, localcontext
from typing import Any

from tests.support.random_documents.words import Record


class Draft:
    """A document in the making, with the days that its windows hang on (kept even when the document loses F)."""

    def __init__(self, rng: random.Random, document: Record, visit: date, first_dose: date) -> None:
        self.rng = rng
        self.document = document
        self.visit = visit
        self.first_dose = first_dose

    # Chance.

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def pick(self, *options: Any) -> Any:
        return self.rng.choice(options)

    # Facts.

    def put(self, record: Record, key: str, value: Any, missing: float = 0.12) -> None:
        """Set a fact, or now and then make it unknown in one of the three ways."""
        if value is not None and not self.chance(missing):
            record[key] = value
            return
        how = self.rng.randrange(3)
        if how == 0:
            record.pop(key, None)
        else:
            record[key] = None if how == 1 else "unknown"

    def put_yn(self, record: Record, *keys: str, yes: float = 0.5, missing: float = 0.12) -> None:
        for key in keys:
            self.put(record, key, "yes" if self.chance(yes) else "no", missing)

    def put_code(self, record: Record, key: str, *codes: Any, missing: float = 0.12) -> None:
        self.put(record, key, self.rng.choice(codes), missing)

    def section(self, name: str) -> Record:
        found = self.document.get(name)
        if not isinstance(found, dict):
            found = self.document[name] = {}
        return found

    def records(self, name: str) -> list[Record]:
        found = self.document.get(name)
        if not isinstance(found, list):
            found = self.document[name] = []
        return found

    def add(self, name: str, record: Record) -> None:
        """Add a record to a list, in any place, sometimes in place of all others."""
        found = self.records(name)
        if self.chance(0.25):
            found.clear()
        found.insert(self.rng.randint(0, len(found)), record)

    # Numbers.

    def number(self, value: Decimal) -> int | Decimal:
        """The value as JSON might spell it: an integer where it is one, or with a fraction."""
        if value == value.to_integral_value() and self.chance(0.8):
            return int(value)
        return Decimal(format(value, "f"))

    def around(self, limit: str | Decimal, *steps: str) -> int | Decimal:
        """A number at a limit, a step to either side, or further off. Never negative."""
        with localcontext() as context:
            context.prec = 60
            centre = Decimal(limit)
            step = Decimal(self.rng.choice(steps or ("1", "0.1", "0.01", "1E-30")))
            if self.chance(0.2):
                value = (centre * self.rng.randint(0, 300) / 100).quantize(Decimal("0.01"))
            else:
                value = centre + self.rng.choice((-1, 0, 0, 1)) * step
            return self.number(max(value, Decimal(0)))

    # Dates.

    def spell(self, day: date) -> str:
        """A day as a whole date or, now and then, as the month or year that it is in."""
        roll = self.rng.random()
        if roll < 0.72:
            return day.isoformat()
        return day.isoformat()[:7] if roll < 0.9 else day.isoformat()[:4]

    def near(self, *days: date) -> date:
        """One of these days, one day to a side of it, or some way off."""
        day = self.rng.choice(days)
        if self.chance(0.2):
            return day + timedelta(self.rng.randint(-400, 60))
        return day + timedelta(self.rng.choice((-1, 0, 0, 1)))

    def edge(self, months: int, days: int, from_visit: bool = False) -> date:
        """A day near either end of a window before F, or before V."""
        anchor = self.visit if from_visit else self.first_dose
        start = add_months(anchor, -months) - timedelta(days)
        middle = start + (anchor - start) / 2
        return self.near(start, start, start, anchor, middle, anchor + timedelta(20))


def add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def first_day(text: str) -> date:
    return date.fromisoformat((text + "-01-01")[:10] if len(text) == 4 else (text + "-01")[:10])


def last_day(text: str) -> date:
    if len(text) == 10:
        return date.fromisoformat(text)
    year, month = int(text[:4]), int(text[5:7] or 12)
    return date(year, month, monthrange(year, month)[1])
