"""Merge of concurrent edits to one section: the conflicts between two users and the merged part.

All three parts have the shape that `section_part` returns: `base` is what both users started from, `theirs` was
saved in the meantime, `mine` is the entered part that is to be saved second. An absent value is None; as in
`changes`, the order of keys is no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from criteria.records import canonical
from criteria.vocabulary.not_done import has_result
from screening.shared.diff import align_records, are_objects, are_records, diff_blocks, record_code

Side = Literal["theirs", "mine"]
Part = dict[str, Any]


class Conflict(NamedTuple):
    """One difference: a leaf, or a whole record.

    A record is chosen as a whole where it has no counterpart on the other side, and where a laboratory result on one
    side is a sample without a result on the other: a mixture of both would be neither.

    `proposed` is the side that alone changed the value since `base`; empty where both did, or where it cannot
    be determined. An index in `path` counts the records of both sides combined (`combine_records`).
    """

    path: str
    theirs: Any
    mine: Any
    proposed: Side | Literal[""]


Decide = Callable[[Conflict], Any]


def conflicts(base: Part, theirs: Part, mine: Part) -> list[Conflict]:
    found: list[Conflict] = []

    def note_conflict(conflict: Conflict) -> Any:
        found.append(conflict)
        return conflict.theirs

    merge_values(base, theirs, mine, "", note_conflict)
    return found


def merge_parts(base: Part, theirs: Part, mine: Part, choices: Mapping[str, str]) -> Part:
    """Return the part with every conflict resolved by `choices`.

    KeyError where a conflict has no choice, or a choice that is neither side.
    """

    def choose_side(conflict: Conflict) -> Any:
        return {"theirs": conflict.theirs, "mine": conflict.mine}[choices[conflict.path]]

    return merge_values(base, theirs, mine, "", choose_side) or {}


def combine_records(base: Part, theirs: Part, mine: Part) -> Part:
    """Return the part with the records of both sides, to identify which one the path of a conflict means."""
    return merge_values(
        base, theirs, mine, "", lambda conflict: conflict.mine if conflict.theirs is None else conflict.theirs
    )


def merge_values(base: Any, theirs: Any, mine: Any, path: str, decide: Decide) -> Any:
    """Return one value merged from both sides, each difference replaced by the result of `decide`.

    None where nothing is left.
    """
    if are_equal(theirs, mine):
        return theirs
    if are_objects(theirs, mine):
        return merge_objects(base, theirs or {}, mine or {}, path, decide)
    if are_records(theirs, mine):
        return merge_record_lists(base, theirs, mine, path, decide)
    return decide(Conflict(path, theirs, mine, propose_side(base, theirs, mine)))


def merge_objects(base: Any, theirs: Part, mine: Part, path: str, decide: Decide) -> Part:
    before = base if isinstance(base, dict) else {}
    values = {
        name: merge_values(
            before.get(name), theirs.get(name), mine.get(name), f"{path}.{name}" if path else name, decide
        )
        for name in {**theirs, **mine}
    }
    return {name: value for name, value in values.items() if value is not None}


def merge_record_lists(base: Any, theirs: Any, mine: Any, path: str, decide: Decide) -> Any:
    before = base if are_records(base) else []
    places = enumerate(counterparts(before, theirs or [], mine or []))
    values = [merge_record(three, f"{path}[{at}]", decide) for at, three in places]
    left = [value for value in values if value is not None]
    if left:
        return left
    return mine if theirs else theirs  # whichever has no record, and so says how none is written


def merge_record(three: RecordSides, path: str, decide: Decide) -> Any:
    base, theirs, mine = three
    if theirs is not None and mine is not None and has_result(theirs) == has_result(mine):
        return merge_values(base, theirs, mine, path, decide)
    return decide(Conflict(path, theirs, mine, propose_side(base, theirs, mine)))


def propose_side(base: Any, theirs: Any, mine: Any) -> Side | Literal[""]:
    if are_equal(base, theirs):
        return "mine"
    return "theirs" if are_equal(base, mine) else ""


def are_equal(one: Any, other: Any) -> bool:
    return canonical.dump(one) == canonical.dump(other)


class RecordSides(NamedTuple):
    """A record as the base and each side have it; None where one does not have it."""

    base: Any
    theirs: Any
    mine: Any


def counterparts(base: list[Any], theirs: list[Any], mine: list[Any]) -> Iterator[RecordSides]:
    """Yield the records of both sides in the order of both, paired by their common origin.

    Records that come from the same record of `base` are paired.
    """
    their_origin, my_origin = origins(base, theirs), origins(base, mine)
    my_copies = {was: now for now, was in my_origin.items()}
    shared = [(was, at, my_copies[was]) for at, was in sorted(their_origin.items()) if was in my_copies]
    their_next = my_next = 0
    for was, their_at, my_at in [*shared, (None, len(theirs), len(mine))]:
        yield from pair_unrelated(
            [(record_or_none(base, their_origin.get(at)), theirs[at]) for at in range(their_next, their_at)],
            [(record_or_none(base, my_origin.get(at)), mine[at]) for at in range(my_next, my_at)],
        )
        if was is not None:
            yield RecordSides(base[was], theirs[their_at], mine[my_at])
        their_next, my_next = their_at + 1, my_at + 1


def origins(base: list[Any], side: list[Any]) -> dict[int, int]:
    """Return the index in `base` of each record of a side, by its index in the side."""
    return {now: was for was, now in align_records(base, side) if was is not None and now is not None}


def record_or_none(records: list[Any], index: int | None) -> Any:
    return None if index is None else records[index]


def pair_unrelated(theirs: list[tuple[Any, Any]], mine: list[tuple[Any, Any]]) -> Iterator[RecordSides]:
    """Yield records without a common origin, each side given as pairs of base record and record.

    The same result entered by both users still counts as one record.
    """
    identities = [record_identity(record) for _, record in theirs], [record_identity(record) for _, record in mine]
    for alike, their_range, my_range in diff_blocks(*identities):
        if alike:
            for their_at, my_at in zip(their_range, my_range, strict=True):
                yield RecordSides(None, theirs[their_at][1], mine[my_at][1])
        else:
            yield from (RecordSides(theirs[at][0], theirs[at][1], None) for at in their_range)
            yield from (RecordSides(mine[at][0], None, mine[at][1]) for at in my_range)


def record_identity(record: Any) -> str:
    """Return the key by which two records are the same one.

    The key is the test and its sample, or the condition; for other records, their whole content.
    """
    if code := record_code(record):
        return f"{code} {record.get('collected', '')}"
    return canonical.dump(record)
