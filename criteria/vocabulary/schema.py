"""Schema for the rules: every fact and every list of records that a vocabulary gives rise to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from criteria.rules.facts import NEWEST_FORMAT, FactType, RecordsType, Schema
from criteria.rules.units import quantity_of
from criteria.vocabulary.parts import Checklist, Field, Group, Records, Results, Single, Vocabulary

KINDS = {"yn": "code", "integer": "number", "day": "date"}


def schema_of(vocabulary: Vocabulary, format: int = NEWEST_FORMAT) -> Schema:
    """Return the schema of a vocabulary, for rules written for a format of the definition file.

    A fact is `part.field` for a group, the part's key for a single value, `labs.anc` (with `.collected`,
    `.uln`, `.lod`) for the result of a test that counts. A list is the part's key, or `history.condition`.
    """
    return Schema(dict(fact_types(vocabulary)), dict(records_types(vocabulary)), vocabulary.drugs, format)


def fact_types(vocabulary: Vocabulary) -> Iterator[tuple[str, FactType]]:
    for part in vocabulary.parts.values():
        if isinstance(part, Single):
            yield part.key, fact_type(part.field)
        elif isinstance(part, Group):
            yield from ((f"{part.key}.{field.name}", fact_type(field, part.key)) for field in part.fields.values())
        elif isinstance(part, Results):
            yield from result_facts(part)


def result_facts(part: Results) -> Iterator[tuple[str, FactType]]:
    for code, analyte in part.analytes.items():
        path, quantity = f"{part.key}.{code}", analyte.quantity
        yield path, FactType("number", analyte.label, quantity=quantity, reported=True, result=True)
        yield f"{path}.collected", FactType("date", f"{analyte.label} collected")
        for name, label, phrase, declared in (
            ("uln", "upper limit of normal", "ULN {value}", analyte.uln),
            ("lod", "limit of detection", "limit of detection {value}", analyte.lod),
        ):
            if declared:
                label = f"{label} of {analyte.label}"
                yield f"{path}.{name}", FactType("number", label, quantity=quantity, reported=True, phrase=phrase)


def records_types(vocabulary: Vocabulary) -> Iterator[tuple[str, RecordsType]]:
    for part in vocabulary.parts.values():
        if isinstance(part, Records):
            absence = "reviewed" if part.reviewable else "recorded"
            fields = {name: fact_type(field) for name, field in part.fields.items()}
            yield part.key, RecordsType(part.title, part.item, fields, absence)  # type: ignore[arg-type]
        elif isinstance(part, Checklist):
            for code, condition in part.conditions.items():
                asked = part.fields_by_condition[code]
                fields = {name: fact_type(field) for name, field in asked.items() if name != "condition"}
                yield f"{part.key}.{code}", RecordsType(condition.label, condition.label, fields, "asked")


def fact_type(field: Field, group: str = "") -> FactType:
    """Return the type of a field; `group` is the part before its path, empty for a single value or a record's field."""
    kind = KINDS.get(field.type, field.type)
    words: dict[str, Any] = {"phrases": field.proof} if isinstance(field.proof, dict) else {"phrase": field.proof}
    after = frozenset(f"{group}{path}" if path.startswith(".") else path for path in field.when)
    quantity = quantity_of(field.unit)
    return FactType(kind, field.label, field.choices, field.unit, quantity, after=after, **words)  # type: ignore[arg-type]
