"""A visit as it would be if what is being typed were saved, as far as it can be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from criteria.vocabulary import Fault, Vocabulary, validate
from screening.visits.labels import STEP, index_of
from screening.visits.sections import REVIEWED, reviewed

Document = dict[str, Any]
Place = tuple[str, int | None, str]  # the key of a part, the index of a record, the name of a value

RECORD = re.compile(r"([a-z0-9_]+)\[(\d+)\]")
MOST_ROUNDS = 6


class Candidate(NamedTuple):
    """`faults` are those of what was typed; `kept` holds for each list the index that each record had there."""

    document: Document
    faults: tuple[Fault, ...]
    kept: Mapping[str, list[int]]

    def path_as_typed(self, path: str) -> str:
        """The path that a value of `document` has among what was typed."""
        found = RECORD.match(path)
        if found is None or found[1] not in self.kept:
            return path
        return f"{found[1]}[{self.kept[found[1]][int(found[2])]}]{path[found.end() :]}"


def readable(
    vocabulary: Vocabulary, document: Mapping[str, Any], saved: Mapping[str, Any], unclear: Iterable[str] = ()
) -> Candidate | None:
    """Leaves out what is faulty: a value, or a whole record where that lacks what it must have.

    A value that every visit must have stays as it was `saved`. `unclear` are the paths of records that may mean
    either of two things.
    None where too little is left to be read.
    """
    faults = validate(vocabulary, document)
    found = deepcopy(dict(document))
    kept = {key: list(range(len(value))) for key, value in found.items() if isinstance(value, list)}
    drop(found, kept, {place_in(path) for path in unclear})
    for _round in range(MOST_ROUNDS):
        wrong = validate(vocabulary, found)
        if not wrong:
            return Candidate(found, faults, kept)
        lacking = {place for place in {place_in(fault.path) for fault in wrong} if not mend(found, saved, place)}
        drop(found, kept, lacking)
    return None


def place_in(path: str) -> Place:
    key, *steps = STEP.findall(path) or [""]
    index = index_of(steps[0]) if steps else None
    names = steps if index is None else steps[1:]
    return key, index, names[0] if names else ""


def mend(found: Document, saved: Mapping[str, Any], place: Place) -> bool:
    """Takes a faulty value away, or puts back what is missing; False where a whole record has to go."""
    key, index, name = place
    if key == REVIEWED:
        found.pop(REVIEWED, None)
        return True
    if index is not None:
        return name != "" and found[key][index].pop(name, None) is not None
    if not name:
        found.pop(key, None)
        return True
    part = found.get(key)
    group = part if isinstance(part, dict) else found.setdefault(key, {})
    if group.pop(name, None) is None:
        group[name] = (saved.get(key) or {}).get(name)
    return True


def drop(found: Document, kept: dict[str, list[int]], places: Iterable[Place]) -> None:
    """Takes records away. A list that lacks one of them is no longer the list that was said to be complete."""
    records = {(index, key) for key, index, _name in places if index is not None}
    for index, key in sorted(records, reverse=True):
        del found[key][index], kept[key][index]
        if key in reviewed(found):
            found[REVIEWED] = [name for name in found[REVIEWED] if name != key]
