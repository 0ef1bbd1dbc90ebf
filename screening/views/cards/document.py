"""A visit document to be read: every section in words, nothing to type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.vocabulary import AnyPart, Field, Group, Records, Results, Section, Single, Vocabulary
from criteria.vocabulary.values import is_unknown
from screening.visits.labels import CODE_KEYS, fields_of, in_words, labels, sentence, unit_name


class Line(NamedTuple):
    label: str
    words: str


class PartText(NamedTuple):
    title: str
    lines: list[Line]
    complete: bool | None  # None where the list cannot be marked complete


class SectionText(NamedTuple):
    section: Section
    parts: list[PartText]

    @property
    def is_empty(self) -> bool:
        return not any(part.lines or part.complete for part in self.parts)


def sections_in_words(vocabulary: Vocabulary, document: Mapping[str, Any]) -> list[SectionText]:
    return [
        SectionText(section, [part_in_words(part, document) for part in section.parts])
        for section in vocabulary.sections
    ]


def part_in_words(part: AnyPart, document: Mapping[str, Any]) -> PartText:
    complete = part.key in (document.get("reviewed") or []) if getattr(part, "reviewable", False) else None
    return PartText(part.title, list(lines(part, document.get(part.key))), complete)


def lines(part: AnyPart, value: Any) -> Iterator[Line]:
    if value in (None, "unknown"):
        return
    if isinstance(part, Single):
        yield Line(sentence(part.field.label), in_words(part.field, value))
    elif isinstance(part, Group):
        yield from (Line(sentence(label), words) for label, words in facts(part.fields, value))
    else:
        for index, record in enumerate(value):
            yield entry_line(part, record, index)


def entry_line(part: Any, record: Mapping[str, Any], index: int) -> Line:
    code = str(record.get(CODE_KEYS.get(part.kind, ""), ""))
    title = (
        f"{sentence(part.item)} {index + 1}" if isinstance(part, Records) else sentence(labels(part).get(code, code))
    )
    if isinstance(part, Results):
        return Line(title, result_in_words(part, record))
    rest = {name: value for name, value in record.items() if name != CODE_KEYS.get(part.kind)}
    told = [f"{label}: {words}" for label, words in facts(fields_of(part, code), rest)]
    return Line(title, "; ".join(told) or _("nothing known"))


def result_in_words(part: Results, result: Mapping[str, Any]) -> str:
    """As a laboratory reports it: `< 20 [IU]/mL on 2026-03-08; lower limit of detection: 20 [IU]/mL`."""
    unit = unit_name(str(result["unit"]))
    comparator = part.fields["comparator"].choices.get(str(result.get("comparator")), "")
    measured = f"{comparator} {result['value']} {unit}".strip()
    limits = [
        f"{part.fields[name].label}: {result[name]} {unit}"
        for name in ("uln", "lod")
        if not is_unknown(result.get(name))
    ]
    return "; ".join([_("%(result)s on %(day)s") % {"result": measured, "day": result["collected"]}, *limits])


def facts(fields: Mapping[str, Field], values: Mapping[str, Any]) -> Iterator[Line]:
    for name, value in values.items():
        if value is not None and name in fields:
            yield Line(fields[name].label, in_words(fields[name], value))
