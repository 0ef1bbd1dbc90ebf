"""What differs between two documents, leaf by leaf."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, NamedTuple

from criteria import canonical


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
    before_texts, after_texts = [canonical.dump(record) for record in old], [canonical.dump(record) for record in new]
    matcher = SequenceMatcher(None, before_texts, after_texts, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            continue
        for step, (before, after) in enumerate(zip_longest(old[start:end], new[new_start:new_end])):
            yield (start if after is None else new_start) + step, before, after


def are_objects(*values: Any) -> bool:
    return values != (None, None) and all(value is None or isinstance(value, dict) for value in values)


def are_records(*values: Any) -> bool:
    """Lists of objects; a list of codes is one leaf."""
    lists = [[] if value is None else value for value in values]
    if not any(lists) or not all(isinstance(value, list) for value in lists):
        return False
    return all(isinstance(record, dict) for value in lists for record in value)
