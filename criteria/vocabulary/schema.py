"""Schema for the rules: every fact and every list of records that a vocabulary gives rise to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from criteria.rules.facts import EVERY, NEWEST_FORMAT, RESULT, FactType, RecordsType, Schema
from criteria.rules.ranges import Range
from criteria.rules.units import quantity_of
from criteria.rules.values.tables import Table
from criteria.vocabulary.parts import Analyte, Checklist, Field, Group, Records, Results, Single, Vocabulary

KINDS = {"yn": "code", "integer": "number", "day": "date"}


def schema_of(vocabulary: Vocabulary, format: int = NEWEST_FORMAT, tables: Mapping[str, Table] | None = None) -> Schema:
    """Return the schema of a vocabulary and of tables, for rules written for a format of the definition file.

    A fact is `part.field` for a group, the part's key for a single value, `labs.anc` (with `.collected`,
    `.uln`, `.lln`, `.lod`) for the result of a test that counts. A list is the part's key, `history.condition`, or
    `labs.anc[]` for all results of a test.
    """
    return Schema(dict(fact_types(vocabulary)), dict(records_types(vocabulary)), vocabulary.drugs, format, tables or {})


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
        yield from ((f"{part.key}.{code}{name}", fact) for name, fact in facts_of_result(analyte))


def facts_of_result(analyte: Analyte) -> Iterator[tuple[str, FactType]]:
    """Yield the facts of one result, each by what follows the path of its test: nothing, `.collected`, `.uln`."""
    quantity = analyte.quantity
    yield "", FactType("number", analyte.label, quantity=quantity, reported=True, result=True)
    yield ".collected", FactType("date", f"{analyte.label} collected")
    for name, label, phrase, declared in (
        ("uln", "upper limit of normal", "ULN {value}", analyte.uln),
        ("lln", "lower limit of normal", "LLN {value}", analyte.lln),
        ("lod", "limit of detection", "limit of detection {value}", analyte.lod),
    ):
        if declared:
            label = f"{label} of {analyte.label}"
            yield f".{name}", FactType("number", label, quantity=quantity, reported=True, phrase=phrase)


def lists_of_results(part: Results) -> Iterator[tuple[str, RecordsType]]:
    """Yield the results of each test as a list, where the part asks for every result."""
    for code, analyte in part.analytes.items() if part.reviewable else ():
        fields = {name.lstrip(".") or RESULT: fact for name, fact in facts_of_result(analyte)}
        fields["collected"] = FactType("date", "collection day")  # whose, the name of the record says
        label = f"result of {analyte.label}"
        yield f"{part.key}.{code}{EVERY}", RecordsType(f"results of {analyte.label}", label, fields, "reviewed")


def records_types(vocabulary: Vocabulary) -> Iterator[tuple[str, RecordsType]]:
    for part in vocabulary.parts.values():
        if isinstance(part, Records):
            absence = "reviewed" if part.reviewable else "recorded"
            fields = {name: fact_type(field) for name, field in part.fields.items()}
            yield part.key, RecordsType(part.title, part.item, fields, absence)  # type: ignore[arg-type]
        elif isinstance(part, Results):
            yield from lists_of_results(part)
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
    bounds = None if field.maximum is None else Range(Decimal(field.minimum), Decimal(field.maximum))
    return FactType(
        kind,  # type: ignore[arg-type]
        field.label,
        field.choices,
        field.unit,
        quantity,
        after=after,
        bounds=bounds,
        **words,
    )
