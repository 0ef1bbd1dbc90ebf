"""Differences between two visit documents, leaf by leaf."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from criteria.records import canonical


class Change(NamedTuple):
    path: str
    old: Any
    new: Any

    @property
    def is_correction(self) -> bool:
        """True where a value known before was changed or removed, not merely added to."""
        if self.path == "reviewed" and isinstance(self.old, list) and isinstance(self.new, list):
            return not set(self.old) <= set(self.new)  # one list more confirmed complete takes nothing back
        return self.old not in (None, "unknown", [], {})


def changes(old: Any, new: Any, path: str = "") -> tuple[Change, ...]:
    """Return every leaf that differs, with None for an absent value.

    The order of keys is no difference; the order of records is.

    Unchanged records are matched first, so that a record removed from the middle counts as one removal, under
    the index that it had. A record without any answer that came or went has no leaf, and is named itself.
    """
    return tuple(leaf_changes(old, new, path))


def leaf_changes(old: Any, new: Any, path: str) -> Iterator[Change]:
    if repr(old) == repr(new):
        return  # most parts, without looking at each leaf
    if are_objects(old, new):
        old, new = old or {}, new or {}
        for name in {**old, **new}:
            yield from leaf_changes(old.get(name), new.get(name), f"{path}.{name}" if path else name)
    elif are_records(old, new):
        for index, before, after in unmatched_records(old or [], new or []):
            if before or after:
                yield from leaf_changes(before, after, f"{path}[{index}]")
            else:
                yield Change(f"{path}[{index}]", before, after)
    elif canonical.dump(old) != canonical.dump(new):  # by text, for 9.0 that becomes 9 was typed anew
        yield Change(path, old, new)


def unmatched_records(old: list[Any], new: list[Any]) -> Iterator[tuple[int, Any, Any]]:
    """Yield the records that differ, each with its present index, or its former index if removed.

    Each item is the index, the old record and the new record; None for the side that has no record.
    """
    for was, now in align_records(old, new):
        if was is None and now is not None:
            yield now, None, new[now]
        elif was is not None and now is None:
            yield was, old[was], None
        elif was is not None and now is not None and canonical.dump(old[was]) != canonical.dump(new[now]):
            yield now, old[was], new[now]


def align_records(old: list[Any], new: list[Any]) -> Iterator[tuple[int | None, int | None]]:
    """Yield pairs of old and new index of corresponding records, in the order of both lists.

    The index is None on the side where a record was removed or added.

    Unchanged records anchor the alignment. Between them, a record corresponds to another where both are about
    the same test or condition, or about none.
    """
    for stayed, was, now in diff_blocks(list(map(canonical.dump, old)), list(map(canonical.dump, new))):
        if stayed:
            yield from zip(was, now, strict=True)
        else:
            yield from align_replaced(was, now, old, new)


def align_replaced(was: range, now: range, old: list[Any], new: list[Any]) -> Iterator[tuple[int | None, int | None]]:
    for alike, gone, come in diff_blocks([record_code(old[at]) for at in was], [record_code(new[at]) for at in now]):
        if alike:
            yield from ((was[before], now[after]) for before, after in zip(gone, come, strict=True))
        else:
            yield from ((was[before], None) for before in gone)
            yield from ((None, now[after]) for after in come)


def diff_blocks(old: list[str], new: list[str]) -> Iterator[tuple[bool, range, range]]:
    """Yield the runs that are equal in both lists and those that are not, by index and in order."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        yield kind == "equal", range(start, end), range(new_start, new_end)


def record_code(record: Any) -> str:
    """Return the test of a laboratory result or the condition of a history entry; empty for other records."""
    return str(record.get("analyte") or record.get("condition") or "")


def are_objects(*values: Any) -> bool:
    return values != (None, None) and all(value is None or isinstance(value, dict) for value in values)


def are_records(*values: Any) -> bool:
    """Return whether the values are lists of objects, at least one of them not empty.

    None counts as an empty list. A list of codes is a single leaf.
    """
    lists = [[] if value is None else value for value in values]
    if not any(lists) or not all(isinstance(value, list) for value in lists):
        return False
    return all(isinstance(record, dict) for value in lists for record in value)
