"""Meaning of a vocabulary: what decides whether a document is valid, and what it means; no labels or help."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from criteria.vocabulary.parts import AnyPart, Checklist, Field, Group, Records, Results, Single, Vocabulary

# What a field tells people, or says of other visits, and neither refuses a document nor changes a fact.
ASIDE = {
    "name",
    "label",
    "help",
    "plausible",
    "judgement",
    "perishable",
    "may_change",
    "action",
    "options",
    "proof",
    "future",
    "when",
}


def differing_paths(old: Vocabulary, new: Vocabulary) -> frozenset[str]:
    """Return the paths where a document might be valid in one version only, or be read differently.

    A path is the key of a part, or `labs.anc`.
    """
    before, after = meanings(old), meanings(new)
    return frozenset(path for path in {**before, **after} if before.get(path) != after.get(path))


def meanings(vocabulary: Vocabulary) -> dict[str, Any]:
    return {path: meaning for part in vocabulary.parts.values() for path, meaning in part_meanings(part)}


def part_meanings(part: AnyPart) -> Iterator[tuple[str, Any]]:
    """Yield the meanings of a part by path.

    A history has one as a whole, since details of one name are read alike whatever the condition is.
    """
    match part:
        case Group():
            yield part.key, part.kind
            yield from ((f"{part.key}.{name}", field_meaning(field)) for name, field in part.fields.items())
        case Results():
            yield part.key, (part.kind, part.reviewable)
            yield from ((f"{part.key}.{name}", analyte.units) for name, analyte in part.analytes.items())
        case Single():
            yield part.key, (part.kind, field_meaning(part.field))
        case Records():
            yield part.key, (part.kind, part.reviewable, fields_meaning(part.fields))
        case Checklist():
            conditions = {code: fields_meaning(condition.details) for code, condition in part.conditions.items()}
            yield part.key, (part.kind, conditions)


def fields_meaning(fields: dict[str, Field]) -> dict[str, Any]:
    return {name: field_meaning(field) for name, field in fields.items()}


def field_meaning(field: Field) -> dict[str, Any]:
    """Return what a field means, with its unit and the codes of its options.

    The unit belongs to it, since a limit is compared with the number in that unit.
    """
    return field.model_dump(exclude=ASIDE) | {"codes": frozenset(field.choices)}
