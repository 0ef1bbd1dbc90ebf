"""The preview document: a visit as it would be if the entries were saved, as far as they can be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from criteria.vocabulary import Fault, Vocabulary, validate
from screening.visits.labels import STEP, index_of
from screening.visits.sections import REVIEWED, complete_lists

PreviewData = dict[str, Any]
ValuePlace = tuple[str, int | None, str]  # the key of a part, the index of a record, the name of a value

RECORD_PATH = re.compile(r"([a-z0-9_]+)\[(\d+)\]")
MOST_ROUNDS = 6


class PreviewDocument(NamedTuple):
    """A valid document of the visit, with the `faults` of what was entered.

    `entered_indexes` holds, for each list, the index that each record had in what was entered.
    """

    document: PreviewData
    faults: tuple[Fault, ...]
    entered_indexes: Mapping[str, list[int]]

    def entered_path(self, path: str) -> str:
        """Return the path that a value of `document` has in what was entered."""
        found = RECORD_PATH.match(path)
        if found is None or found[1] not in self.entered_indexes:
            return path
        return f"{found[1]}[{self.entered_indexes[found[1]][int(found[2])]}]{path[found.end() :]}"


def build_preview_document(
    vocabulary: Vocabulary, document: Mapping[str, Any], saved: Mapping[str, Any], unclear: Iterable[str] = ()
) -> PreviewDocument | None:
    """Build the preview document without what is faulty: a value, or a whole record that lacks a required value.

    A value that every visit must have stays as it was `saved`. `unclear` are the paths of records that may mean
    either of two things; these are left out.

    Return None if too little is left to be read.
    """
    faults = validate(vocabulary, document)
    found = deepcopy(dict(document))
    kept = {key: list(range(len(value))) for key, value in found.items() if isinstance(value, list)}
    drop_records(found, kept, {place_of_path(path) for path in unclear})
    for _round in range(MOST_ROUNDS):
        wrong = validate(vocabulary, found)
        if not wrong:
            return PreviewDocument(found, faults, kept)
        lacking = {
            place for place in {place_of_path(fault.path) for fault in wrong} if not repair_value(found, saved, place)
        }
        drop_records(found, kept, lacking)
    return None


def place_of_path(path: str) -> ValuePlace:
    key, *steps = STEP.findall(path) or [""]
    index = index_of(steps[0]) if steps else None
    names = steps if index is None else steps[1:]
    return key, index, names[0] if names else ""


def repair_value(found: PreviewData, saved: Mapping[str, Any], place: ValuePlace) -> bool:
    """Remove a faulty value, or restore a missing one; return False if the whole record has to be dropped."""
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


def drop_records(found: PreviewData, kept: dict[str, list[int]], places: Iterable[ValuePlace]) -> None:
    """Drop records; a list that lacks one of them is no longer stated to be complete."""
    records = {(index, key) for key, index, _name in places if index is not None}
    for index, key in sorted(records, reverse=True):
        del found[key][index], kept[key][index]
        if key in complete_lists(found):
            found[REVIEWED] = [name for name in found[REVIEWED] if name != key]
