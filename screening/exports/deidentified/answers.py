"""Answers in a visit document by its vocabulary; content that the vocabulary does not ask for is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from criteria.vocabulary import AnyPart, Field, Group, Results, Single, Vocabulary
from criteria.vocabulary.not_done import has_result
from criteria.vocabulary.parts import LIMITS, NOT_DONE
from criteria.vocabulary.validate import SAMPLED, record_fields
from criteria.vocabulary.values import fault_of

HAS_RESULT_UNIT = ("value", *LIMITS)


class DocumentAnswer(NamedTuple):
    """An answer in a visit document.

    `path` is its path in the document, `field_path` the same path without an index. `beside` is the record that
    contains it.
    """

    path: str
    field_path: str
    field: Field
    value: Any
    unit: str
    beside: Mapping[str, Any]


def document_answers(vocabulary: Vocabulary, document: Mapping[str, Any]) -> Iterator[DocumentAnswer]:
    for key, part in vocabulary.parts.items():
        if key in document:
            yield from part_answers(part, document[key])


def part_answers(part: AnyPart, content: Any) -> Iterator[DocumentAnswer]:
    if isinstance(part, Single):
        yield DocumentAnswer(part.key, part.key, part.field, content, part.field.unit, {})
    elif isinstance(part, Group):
        yield from record_answers(part, part.fields, content, part.key)
    elif isinstance(content, list):
        for index, record in enumerate(content):
            fields = record_fields(part, record) if isinstance(record, dict) else {}
            yield from record_answers(part, fields, record, f"{part.key}[{index}]")


def record_answers(part: AnyPart, fields: Mapping[str, Field], record: Any, path: str) -> Iterator[DocumentAnswer]:
    """Yield the answers in one record.

    Nothing for a laboratory result without a unit that its test has: its numbers would mean nothing. Of a sample that
    gave no result, that it gave none; the reason is free text.
    """
    if not isinstance(record, dict) or (isinstance(part, Results) and fault_of(fields["unit"], record.get("unit"))):
        return
    if isinstance(part, Results) and not has_result(record):
        record = {name: record[name] for name in SAMPLED if name in record} | {NOT_DONE: "yes"}
        fields = {**fields, NOT_DONE: fields[NOT_DONE].model_copy(update={"type": "yn"})}
    for name, field in fields.items():
        if name in record and not (isinstance(part, Results) and name == "unit"):
            unit = str(record.get("unit")) if isinstance(part, Results) and name in HAS_RESULT_UNIT else field.unit
            yield DocumentAnswer(f"{path}.{name}", f"{part.key}.{name}", field, record[name], unit, record)
