"""Two people in one section: what the second to save would change of the first one's, and a part put together of both.

All three parts are as `section_part` gives them: `base` is what both began with, `theirs` was saved meanwhile, `mine`
was typed. What is absent is None; as in `changes`, the order of keys is no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from criteria.records import canonical
from screening.visits.diff import about, aligned, are_objects, are_records, blocks

Side = Literal["theirs", "mine"]
Part = dict[str, Any]


class Conflict(NamedTuple):
    """One difference: a leaf, or a whole record of which the other side has no counterpart.

    `proposed` is the side that alone changed it since `base`; empty where both did, or where it cannot be told. An
    index in `path` counts the records of both sides together (`together`).
    """

    path: str
    theirs: Any
    mine: Any
    proposed: Side | Literal[""]


Decide = Callable[[Conflict], Any]


def conflicts(base: Part, theirs: Part, mine: Part) -> list[Conflict]:
    found: list[Conflict] = []

    def noted(conflict: Conflict) -> Any:
        found.append(conflict)
        return conflict.theirs

    woven(base, theirs, mine, "", noted)
    return found


def merged(base: Part, theirs: Part, mine: Part, choices: Mapping[str, str]) -> Part:
    """The part with every conflict decided. KeyError where a conflict has no choice, or one of neither side."""

    def chosen(conflict: Conflict) -> Any:
        return {"theirs": conflict.theirs, "mine": conflict.mine}[choices[conflict.path]]

    return woven(base, theirs, mine, "", chosen) or {}


def together(base: Part, theirs: Part, mine: Part) -> Part:
    """Every record of both sides, to say which one the path of a conflict means."""
    return woven(base, theirs, mine, "", lambda conflict: conflict.mine if conflict.theirs is None else conflict.theirs)


def woven(base: Any, theirs: Any, mine: Any, path: str, decide: Decide) -> Any:
    """One value of both, each difference replaced by what `decide` makes of it; None where nothing is left."""
    if same(theirs, mine):
        return theirs
    if are_objects(theirs, mine):
        return woven_object(base, theirs or {}, mine or {}, path, decide)
    if are_records(theirs, mine):
        return woven_records(base, theirs, mine, path, decide)
    return decide(Conflict(path, theirs, mine, proposed(base, theirs, mine)))


def woven_object(base: Any, theirs: Part, mine: Part, path: str, decide: Decide) -> Part:
    before = base if isinstance(base, dict) else {}
    values = {
        name: woven(before.get(name), theirs.get(name), mine.get(name), f"{path}.{name}" if path else name, decide)
        for name in {**theirs, **mine}
    }
    return {name: value for name, value in values.items() if value is not None}


def woven_records(base: Any, theirs: Any, mine: Any, path: str, decide: Decide) -> Any:
    before = base if are_records(base) else []
    places = enumerate(counterparts(before, theirs or [], mine or []))
    values = [woven_record(three, f"{path}[{at}]", decide) for at, three in places]
    left = [value for value in values if value is not None]
    if left:
        return left
    return mine if theirs else theirs  # whichever has no record, and so says how none is written


def woven_record(three: Three, path: str, decide: Decide) -> Any:
    base, theirs, mine = three
    if theirs is not None and mine is not None:
        return woven(base, theirs, mine, path, decide)
    return decide(Conflict(path, theirs, mine, proposed(base, theirs, mine)))


def proposed(base: Any, theirs: Any, mine: Any) -> Side | Literal[""]:
    if same(base, theirs):
        return "mine"
    return "theirs" if same(base, mine) else ""


def same(one: Any, other: Any) -> bool:
    return canonical.dump(one) == canonical.dump(other)


class Three(NamedTuple):
    """A record as each side has it; None where a side has none."""

    base: Any
    theirs: Any
    mine: Any


def counterparts(base: list[Any], theirs: list[Any], mine: list[Any]) -> Iterator[Three]:
    """The records of both sides, those that came from one record of `base` beside each other, in the order of both."""
    their_origin, my_origin = origins(base, theirs), origins(base, mine)
    my_copies = {was: now for now, was in my_origin.items()}
    shared = [(was, at, my_copies[was]) for at, was in sorted(their_origin.items()) if was in my_copies]
    their_next = my_next = 0
    for was, their_at, my_at in [*shared, (None, len(theirs), len(mine))]:
        yield from unrelated(
            [(record_at(base, their_origin.get(at)), theirs[at]) for at in range(their_next, their_at)],
            [(record_at(base, my_origin.get(at)), mine[at]) for at in range(my_next, my_at)],
        )
        if was is not None:
            yield Three(base[was], theirs[their_at], mine[my_at])
        their_next, my_next = their_at + 1, my_at + 1


def origins(base: list[Any], side: list[Any]) -> dict[int, int]:
    """The index that a record of a side had in `base`."""
    return {now: was for was, now in aligned(base, side) if was is not None and now is not None}


def record_at(records: list[Any], index: int | None) -> Any:
    return None if index is None else records[index]


def unrelated(theirs: list[tuple[Any, Any]], mine: list[tuple[Any, Any]]) -> Iterator[Three]:
    """Records, each with what it came from, that have no common origin: the same result typed twice is still one."""
    identities = [identity(record) for _, record in theirs], [identity(record) for _, record in mine]
    for alike, their_range, my_range in blocks(*identities):
        if alike:
            for their_at, my_at in zip(their_range, my_range, strict=True):
                yield Three(None, theirs[their_at][1], mine[my_at][1])
        else:
            yield from (Three(theirs[at][0], theirs[at][1], None) for at in their_range)
            yield from (Three(mine[at][0], None, mine[at][1]) for at in my_range)


def identity(record: Any) -> str:
    """What makes two records one: the test and its sample, the condition; of others, all that they say."""
    if code := about(record):
        return f"{code} {record.get('collected', '')}"
    return canonical.dump(record)
