"""Reading of the tables of a definition: their rows, which leave no gap and do not overlap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from criteria.definition.blocks import TableBlock
from criteria.rules.text import trim_zeros
from criteria.rules.values.tables import CODE, Interval, Row, Step, Table, TableKey, low_of
from criteria.vocabulary.faults import Fault

MOST_ROWS = 2000  # of one table
MOST_TABLE_ROWS = 10_000  # of all tables of a definition


def count_rows(raw: Any) -> int:
    """Return the number of rows of a table, whatever else is wrong with it."""
    rows = raw.get("rows") if isinstance(raw, dict) else None
    return len(rows) if isinstance(rows, list) else 0


def table_from(block: TableBlock, place: str) -> tuple[Table | None, list[Fault]]:
    """Return the table of a block, None where it has faults, and the faults."""
    if len(block.rows) > MOST_ROWS:
        return None, [Fault(f"{place}.rows", f"{len(block.rows)} rows: at most {MOST_ROWS}")]
    keys = tuple(TableKey(name, unit) for name, unit in block.keys.items())
    rows: dict[int, Row] = {}
    faults: list[Fault] = []
    for at, raw in enumerate(block.rows):
        if message := row_fault(raw, keys):
            faults.append(Fault(f"{place}.rows[{at}]", message))
        else:
            rows[at] = (tuple(step_of(each) for each in raw[:-1]), Decimal(raw[-1]))
    if not faults:
        faults.extend(Fault(f"{place}.rows[{at}]", message) for at, message in order_faults(rows, keys, 0))
    return (None if faults else Table(block.title, block.unit, keys, tuple(rows.values()), block.source)), faults


def row_fault(raw: Any, keys: Sequence[TableKey]) -> str:
    """Return what is wrong with the form of a row: what stands for each key, and its number at the end."""
    needed = ", ".join([*(key.name for key in keys), "number"])
    if not isinstance(raw, list) or len(raw) != len(keys) + 1:
        return f"a row has {len(keys) + 1} entries: {needed}"
    for key, step in zip(keys, raw, strict=False):
        if key.is_code and not isinstance(step, str):
            return f"“{step}” is no code of “{key.name}”"
        if not key.is_code and not is_interval(step):
            words = "an interval [lowest, first one above], either of them null where there is no end"
            return f"“{step}” is no such thing as “{key.name}” needs: {words}"
    return "" if is_number(raw[-1]) else f"“{raw[-1]}” is not a number"


def is_number(raw: Any) -> bool:
    return isinstance(raw, int | Decimal) and not isinstance(raw, bool)


def is_interval(raw: Any) -> bool:
    if not isinstance(raw, list) or len(raw) != 2 or not all(each is None or is_number(each) for each in raw):
        return False
    return None in raw or bool(raw[0] < raw[1])


def step_of(raw: Any) -> Step:
    if isinstance(raw, str):
        return raw
    low, high = (None if each is None else Decimal(each) for each in raw)
    return Interval(low, high)


def order_faults(rows: Mapping[int, Row], keys: Sequence[TableKey], at: int) -> Iterator[tuple[int, str]]:
    """Yield, by row, the gaps, overlaps and repetitions among rows that are alike up to the key at that place."""
    if at == len(keys):
        yield from ((each, f"says what row {min(rows)} says already") for each in sorted(rows)[1:])
        return
    groups: dict[Step, dict[int, Row]] = {}
    for number, row in rows.items():
        groups.setdefault(row[0][at], {})[number] = row
    if keys[at].unit != CODE:
        yield from interval_faults({step: min(group) for step, group in groups.items()}, keys[at])
    for group in groups.values():
        yield from order_faults(group, keys, at + 1)


def interval_faults(first_rows: Mapping[Any, int], key: TableKey) -> Iterator[tuple[int, str]]:
    intervals = sorted(first_rows, key=low_of)
    for before, after in pairwise(intervals):
        if before.high is None or after.low is None or after.low < before.high:
            yield first_rows[after], f"overlaps row {first_rows[before]} by “{key.name}”"
        elif after.low > before.high:
            gap = f"{trim_zeros(before.high)} to {trim_zeros(after.low)}"
            yield first_rows[after], f"leaves a gap by “{key.name}”, {gap}, behind row {first_rows[before]}"
