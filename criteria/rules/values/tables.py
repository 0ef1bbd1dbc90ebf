"""Tables of numbers by codes and by intervals, such as a percentile by sex and age.

A table is a partition: for each code of a key the next keys stand by themselves, and intervals lie side by side without
a gap. The lower end of an interval belongs to it, the upper one to the next; without an end it goes on for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from criteria.rules.ranges import Range, point, ratio_range
from criteria.rules.values.conditional_ranges import spanning

CODE = "code"  # in place of the unit of a key


class TableKey(NamedTuple):
    """A key of a table: a code, or a number in a unit."""

    name: str
    unit: str

    @property
    def is_code(self) -> bool:
        return self.unit == CODE


class Interval(NamedTuple):
    """The numbers from `low` up to `high`, which is not included; None has no end."""

    low: Decimal | None
    high: Decimal | None


Step = str | Interval
Row = tuple[tuple[Step, ...], Decimal]  # where it holds, key by key, and its number
Branch = Any  # a number, or what stands under the next key: by code, or as pairs of an interval and its branch


class Table:
    """A named table of a definition; equal where all of it is."""

    def __init__(
        self, title: str, unit: str, keys: tuple[TableKey, ...], rows: tuple[Row, ...], source: str = ""
    ) -> None:
        self.title = title
        self.unit = unit
        self.keys = keys
        self.rows = rows
        self.source = source

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and vars_of(self) == vars_of(other)

    def __hash__(self) -> int:
        return hash(vars_of(self))

    @cached_property
    def branches(self) -> Branch:
        return branches_of(self.rows, 0)

    @cached_property
    def range(self) -> Range:
        """The numbers of all rows, in ratios."""
        numbers = [number for _steps, number in self.rows]
        return ratio_range(Range(min(numbers), max(numbers)))

    def codes(self, at: int) -> frozenset[str]:
        """Return the codes of a key."""
        return frozenset(step for steps, _number in self.rows if isinstance(step := steps[at], str))

    def find(self, keys: Sequence[Any]) -> Range | None:
        """Return the numbers, in ratios, that the table may have for what is known of each key.

        A code that is not known may be any, a number any of its range. None where a number may lie outside the table.
        """
        found = list(numbers_under(self.branches, keys))
        return None if None in found else spanning([ratio_range(point(number)) for number in found])


def vars_of(table: Table) -> tuple[Any, ...]:
    return table.title, table.unit, table.keys, table.rows, table.source


def branches_of(rows: Sequence[Row], at: int) -> Branch:
    """Return the rows as what stands under each step of the key at that place."""
    if at == len(rows[0][0]):
        return rows[0][1]
    grouped: dict[Step, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row[0][at], []).append(row)
    under = {step: branches_of(group, at + 1) for step, group in grouped.items()}
    if all(isinstance(step, str) for step in under):
        return under
    return sorted(under.items(), key=lambda each: low_of(each[0]))


def low_of(interval: Any) -> tuple[bool, Decimal]:
    return (interval.low is not None, interval.low or Decimal(0))


def numbers_under(branch: Branch, keys: Sequence[Any]) -> Iterator[Decimal | None]:
    """Yield the numbers under what each key may be; None where a key may be something that the table does not have."""
    if not keys:
        yield branch
        return
    key, *rest = keys
    if isinstance(branch, Mapping):
        under = branch.values() if key is None else [branch[key]] if key in branch else []
    else:
        wanted = key or Range(None, None)
        if not is_within(wanted, branch[0][0].low, branch[-1][0].high):
            yield None
            return
        under = [inner for interval, inner in branch if meets(wanted, interval)]
    for inner in under:
        yield from numbers_under(inner, rest)
    if not under:
        yield None


def is_within(value: Range, low: Decimal | None, high: Decimal | None) -> bool:
    """Return whether every value lies from `low` up to `high`, which is not included."""
    if low is not None and (value.low is None or value.low < low):
        return False
    return high is None or (value.high is not None and (value.high < high or (value.high == high and value.high_open)))


def meets(value: Range, interval: Interval) -> bool:
    """Return whether some value lies in an interval."""
    if interval.high is not None and value.low is not None and not value.low < interval.high:
        return False
    if interval.low is None or value.high is None:
        return True
    return bool(value.high > interval.low or (value.high == interval.low and not value.high_open))
