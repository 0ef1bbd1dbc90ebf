"""What differs between two documents, leaf by leaf."""

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
        """Whether something known before was changed or taken away, and not merely added to."""
        if self.path == "reviewed" and isinstance(self.old, list) and isinstance(self.new, list):
            return not set(self.old) <= set(self.new)  # one list more confirmed complete takes nothing back
        return self.old not in (None, "unknown", [], {})


def changes(old: Any, new: Any, path: str = "") -> tuple[Change, ...]:
    """Every leaf that differs, None for what is absent. The order of keys is no difference, that of records is one.

    Records that stayed as they were are matched first, so that one taken from the middle is one record gone, under the
    index that it had.
    """
    return tuple(differences(old, new, path))


def differences(old: Any, new: Any, path: str) -> Iterator[Change]:
    if are_objects(old, new):
        old, new = old or {}, new or {}
        for name in {**old, **new}:
            yield from differences(old.get(name), new.get(name), f"{path}.{name}" if path else name)
    elif are_records(old, new):
        for index, before, after in unmatched(old or [], new or []):
            yield from differences(before, after, f"{path}[{index}]")
    elif canonical.dump(old) != canonical.dump(new):  # by text, for 9.0 that becomes 9 was typed anew
        yield Change(path, old, new)


def unmatched(old: list[Any], new: list[Any]) -> Iterator[tuple[int, Any, Any]]:
    """The records that differ, each with the index it has now, or had."""
    for was, now in aligned(old, new):
        if was is None and now is not None:
            yield now, None, new[now]
        elif was is not None and now is None:
            yield was, old[was], None
        elif was is not None and now is not None and canonical.dump(old[was]) != canonical.dump(new[now]):
            yield now, old[was], new[now]


def aligned(old: list[Any], new: list[Any]) -> Iterator[tuple[int | None, int | None]]:
    """Which record became which, by index, in the order of both; None beside one that went or came.

    Records that stayed as they were hold the rest in place. Between them one record became another where both are about
    the same test or condition, or about none.
    """
    for stayed, was, now in blocks(list(map(canonical.dump, old)), list(map(canonical.dump, new))):
        if stayed:
            yield from zip(was, now, strict=True)
        else:
            yield from replaced_within(was, now, old, new)


def replaced_within(was: range, now: range, old: list[Any], new: list[Any]) -> Iterator[tuple[int | None, int | None]]:
    for alike, gone, come in blocks([about(old[at]) for at in was], [about(new[at]) for at in now]):
        if alike:
            yield from ((was[before], now[after]) for before, after in zip(gone, come, strict=True))
        else:
            yield from ((was[before], None) for before in gone)
            yield from ((None, now[after]) for after in come)


def blocks(old: list[str], new: list[str]) -> Iterator[tuple[bool, range, range]]:
    """Runs that are equal in both lists, and runs that are not, by index and in order."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        yield kind == "equal", range(start, end), range(new_start, new_end)


def about(record: Any) -> str:
    """The test or condition of a laboratory result or of an entry in the history; other records have none."""
    return str(record.get("analyte") or record.get("condition") or "")


def are_objects(*values: Any) -> bool:
    return values != (None, None) and all(value is None or isinstance(value, dict) for value in values)


def are_records(*values: Any) -> bool:
    """Lists of objects; a list of codes is one leaf."""
    lists = [[] if value is None else value for value in values]
    if not any(lists) or not all(isinstance(value, list) for value in lists):
        return False
    return all(isinstance(record, dict) for value in lists for record in value)
