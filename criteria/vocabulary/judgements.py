"""Judgements: the answers of a document that are the investigator's opinion, each of which has to be attested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from criteria.records import canonical
from criteria.vocabulary.parts import AnyPart, Checklist, Group, Single, Vocabulary
from criteria.vocabulary.validate import record_fields
from criteria.vocabulary.values import is_unknown

Record = Mapping[str, Any]

DIGEST_DIGITS = 16


class Judgement(NamedTuple):
    """An answer by judgement.

    `name` is its path without an index. `key` is the same as long as the answer stands unchanged, wherever its record
    is in its list; where anything of the record changes, its judgements are new ones.
    """

    path: str
    name: str
    key: str
    value: Any


def judgements(vocabulary: Vocabulary, document: Mapping[str, Any]) -> tuple[Judgement, ...]:
    """Return the judgements that a valid document answers, in the order of the vocabulary."""
    known = [part for part in vocabulary.parts.values() if not is_unknown(document.get(part.key))]
    found, times = [], Counter[str]()
    for path, name, value, record in (each for part in known for each in answers(part, document[part.key])):
        if name in vocabulary.judgements and not is_unknown(value):
            key = f"{name} {digest_of(value, record)}"
            times[key] += 1
            found.append(Judgement(path, name, key if times[key] == 1 else f"{key} ({times[key]})", value))
    return tuple(found)


def answers(part: AnyPart, content: Any) -> Iterator[tuple[str, str, Any, Record]]:
    """Yield every answer of a part: its path, the path without an index, its value, and the record that holds it."""
    match part:
        case Single():
            yield part.key, part.key, content, {}
        case Group():
            for field in part.fields:
                yield f"{part.key}.{field}", f"{part.key}.{field}", content.get(field), {}
        case _:
            for index, record in enumerate(content):
                name = f"{part.key}.{record['condition']}" if isinstance(part, Checklist) else part.key
                for field in record_fields(part, record):
                    yield f"{part.key}[{index}].{field}", f"{name}.{field}", record.get(field), record


def digest_of(value: Any, record: Record) -> str:
    return sha256(canonical.dump([value, sorted(record.items())]).encode()).hexdigest()[:DIGEST_DIGITS]
