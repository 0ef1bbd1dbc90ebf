"""Faults of the form of a block, as Pydantic finds them, in this project's words and with the nearest name.

What is wrong with one entry of a block does not hide the others: `without_faulty` returns what is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel

from criteria.definition.blocks import KINDS, message_of, place_of
from criteria.rules.kinds import spelling_hint
from criteria.vocabulary.faults import Fault
from criteria.vocabulary.parts import Field

Location = tuple[int | str, ...]
QUOTED = re.compile("'([^']+)'")
NAMED_BY_KEY: Mapping[type[BaseModel], set[str]] = {
    Field: {"name"}
}  # keys of a model that are set by the reader, not in the file
# Names with a block each.
ENTRIES = ("fields", "analytes", "conditions", "codes", "parameters", "terms", "check_limits")


def form_fault(kind: Any, place: str, error: Mapping[str, Any]) -> Fault:
    """Return one of Pydantic's errors about a block of that kind as a fault, with the nearest name."""
    where = place_of(place, error["loc"])
    if error["type"] == "union_tag_invalid":
        tag = error["ctx"]["tag"]
        return Fault(f"{where}.kind", f"“{tag}” is none of: {', '.join(sorted(KINDS))}{spelling_hint(tag, KINDS)}")
    if error["type"] == "union_tag_not_found":
        where = f"{where}.kind"
    return Fault(where, message_of(error) + error_hint(kind, error))


def error_hint(kind: Any, error: Mapping[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        return spelling_hint(str(error["loc"][-1]), sorted(keys_at(kind, error["loc"][:-1])))
    if error["type"] == "literal_error":
        return spelling_hint(str(error["input"]), QUOTED.findall(error["ctx"]["expected"]))
    return ""


def keys_at(kind: Any, loc: Iterable[int | str]) -> set[str]:
    """Return the keys that a block may have at a place within a block of that kind."""
    kinds = [kind]
    for step in loc:
        kinds = [inner for each in kinds for inner in kinds_within(each, step)]
    models = [each for kind in kinds for each in models_of(kind)]
    return {name for model in models for name in model.model_fields.keys() - NAMED_BY_KEY.get(model, set())}


def kinds_within(kind: Any, step: int | str) -> Iterator[Any]:
    """Yield what may stand at a key or an index of a block; a step that only names a branch stays where it is."""
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        yield from kinds_within(args[0], step)
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        if step in kind.model_fields:
            yield kind.model_fields[str(step)].annotation
        elif step in get_args(getattr(kind.model_fields.get("kind"), "annotation", None)) or step not in KINDS:
            yield kind
    elif origin is dict:
        yield args[1]
    elif origin in (list, tuple):
        yield args[0]
    else:
        yield from (inner for each in args for inner in kinds_within(each, step))


def models_of(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    elif get_origin(kind) is not Literal:
        yield from (model for each in get_args(kind) for model in models_of(each))


def without_faulty(raw: Any, errors: Iterable[Mapping[str, Any]]) -> tuple[Any, set[str]]:
    """Return a copy of a block without what is faulty, and the names of the entries that were left out whole.

    An unknown key is left out alone; of `fields`, `analytes` and the like the entry that holds the fault; anything
    else stays, and is faulty still.
    """
    dropped: set[str] = set()
    for error in errors:
        loc = error["loc"][1:] if error["loc"][:1] and error["loc"][0] in KINDS else error["loc"]
        if error["type"] != "extra_forbidden":
            at = next((at for at, step in enumerate(loc[:-1]) if step in ENTRIES), None)
            if at is None:
                continue
            loc = loc[: at + 2]
            dropped.add(str(loc[-1]))
        raw = without(raw, loc)
    return raw, dropped


def without(raw: Any, loc: Location) -> Any:
    """Return a copy of plain data without what stands at that place; the data itself where nothing does."""
    if not loc:
        return raw
    step, *rest = loc
    if isinstance(raw, list) and isinstance(step, int) and step < len(raw) and rest:
        return [without(each, tuple(rest)) if at == step else each for at, each in enumerate(raw)]
    if not isinstance(raw, dict):
        return raw
    if step not in raw:  # a step that only names a branch of a union
        return without(raw, tuple(rest)) if rest else raw
    if not rest:
        return {key: value for key, value in raw.items() if key != step}
    return {key: without(value, tuple(rest)) if key == step else value for key, value in raw.items()}
