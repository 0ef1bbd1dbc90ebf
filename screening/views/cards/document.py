"""A visit document in words, every section read-only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.vocabulary import AnyPart, Field, Group, Records, Results, Section, Single, Vocabulary
from criteria.vocabulary.values import is_unknown
from screening.visits.labels import CODE_KEYS, answer_text, code_labels, part_fields, sentence_case, unit_name


class AnswerLine(NamedTuple):
    label: str
    words: str


class PartText(NamedTuple):
    title: str
    lines: list[AnswerLine]
    complete: bool | None  # None where the list cannot be marked complete


class SectionText(NamedTuple):
    section: Section
    parts: list[PartText]

    @property
    def is_empty(self) -> bool:
        return not any(part.lines or part.complete for part in self.parts)


def section_texts(vocabulary: Vocabulary, document: Mapping[str, Any]) -> list[SectionText]:
    return [
        SectionText(section, [part_text(part, document) for part in section.parts]) for section in vocabulary.sections
    ]


def part_text(part: AnyPart, document: Mapping[str, Any]) -> PartText:
    complete = part.key in (document.get("reviewed") or []) if getattr(part, "reviewable", False) else None
    return PartText(part.title, list(answer_lines(part, document.get(part.key))), complete)


def answer_lines(part: AnyPart, value: Any) -> Iterator[AnswerLine]:
    if value in (None, "unknown"):
        return
    if isinstance(part, Single):
        yield AnswerLine(sentence_case(part.field.label), answer_text(part.field, value))
    elif isinstance(part, Group):
        yield from (AnswerLine(sentence_case(label), words) for label, words in field_lines(part.fields, value))
    else:
        for index, record in enumerate(value):
            yield entry_line(part, record, index)


def entry_line(part: Any, record: Mapping[str, Any], index: int) -> AnswerLine:
    code = str(record.get(CODE_KEYS.get(part.kind, ""), ""))
    title = (
        f"{sentence_case(part.item)} {index + 1}"
        if isinstance(part, Records)
        else sentence_case(code_labels(part).get(code, code))
    )
    if isinstance(part, Results):
        return AnswerLine(title, result_text(part, record))
    rest = {name: value for name, value in record.items() if name != CODE_KEYS.get(part.kind)}
    told = [f"{label}: {words}" for label, words in field_lines(part_fields(part, code), rest)]
    return AnswerLine(title, "; ".join(told) or _("nothing known"))


def result_text(part: Results, result: Mapping[str, Any]) -> str:
    """Return a result as a laboratory reports it.

    For example: `< 20 [IU]/mL on 2026-03-08; lower limit of detection: 20 [IU]/mL`.
    """
    unit = unit_name(str(result["unit"]))
    comparator = part.fields["comparator"].choices.get(str(result.get("comparator")), "")
    measured = f"{comparator} {result['value']} {unit}".strip()
    limits = [
        f"{part.fields[name].label}: {result[name]} {unit}"
        for name in ("uln", "lod")
        if not is_unknown(result.get(name))
    ]
    return "; ".join([_("%(result)s on %(day)s") % {"result": measured, "day": result["collected"]}, *limits])


def field_lines(fields: Mapping[str, Field], values: Mapping[str, Any]) -> Iterator[AnswerLine]:
    for name, value in values.items():
        if value is not None and name in fields:
            yield AnswerLine(fields[name].label, answer_text(fields[name], value))
