"""A visit document in words, every section read-only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.vocabulary import AnyPart, Field, Group, Records, Results, Section, Single, Vocabulary
from criteria.vocabulary.not_done import has_result
from criteria.vocabulary.parts import LIMITS, NOT_DONE, REPORTED
from criteria.vocabulary.values import is_unknown
from screening.signatures.judgements import RecordedJudgement
from screening.visits.labels import CODE_KEYS, answer_text, code_labels, part_fields, sentence_case, unit_name


class AnswerLine(NamedTuple):
    """An answer, or a whole record, at `path`; `judged` are the investigator's judgements in it."""

    label: str
    words: str
    path: str
    judged: tuple[RecordedJudgement, ...] = ()


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


def section_texts(
    vocabulary: Vocabulary, document: Mapping[str, Any], recorded: Sequence[RecordedJudgement]
) -> list[SectionText]:
    """Return the document as texts, each judgement beside its answer."""
    return [
        SectionText(section, [part_text(part, document, recorded) for part in section.parts])
        for section in vocabulary.sections
    ]


def part_text(part: AnyPart, document: Mapping[str, Any], recorded: Sequence[RecordedJudgement]) -> PartText:
    complete = part.key in (document.get("reviewed") or []) if getattr(part, "reviewable", False) else None
    lines = [with_judgements(line, recorded) for line in answer_lines(part, document.get(part.key))]
    return PartText(part.title, lines, complete)


def with_judgements(line: AnswerLine, recorded: Sequence[RecordedJudgement]) -> AnswerLine:
    return line._replace(
        judged=tuple(each for each in recorded if f"{each.judgement.path}.".startswith(f"{line.path}."))
    )


def answer_lines(part: AnyPart, value: Any) -> Iterator[AnswerLine]:
    if value in (None, "unknown"):
        return
    if isinstance(part, Single):
        yield AnswerLine(sentence_case(part.field.label), answer_text(part.field, value), part.key)
    elif isinstance(part, Group):
        for name, label, words in field_lines(part.fields, value):
            yield AnswerLine(sentence_case(label), words, f"{part.key}.{name}")
    else:
        for index, record in enumerate(value):
            yield entry_line(part, record, index)


def entry_line(part: Any, record: Mapping[str, Any], index: int) -> AnswerLine:
    code, path = str(record.get(CODE_KEYS.get(part.kind, ""), "")), f"{part.key}[{index}]"
    title = (
        f"{sentence_case(part.item)} {index + 1}"
        if isinstance(part, Records)
        else sentence_case(code_labels(part).get(code, code))
    )
    if isinstance(part, Results):
        return AnswerLine(title, result_text(part, record), path)
    rest = {name: value for name, value in record.items() if name != CODE_KEYS.get(part.kind)}
    told = [f"{label}: {words}" for _name, label, words in field_lines(part_fields(part, code), rest)]
    return AnswerLine(title, "; ".join(told) or _("nothing known"), path)


def result_text(part: Results, result: Mapping[str, Any]) -> str:
    """Return a result as a laboratory reports it, or what came of the sample; one that is typed may lack a part.

    For example: `< 20 [IU]/mL on 2026-03-08; lower limit of detection: 20 [IU]/mL`.
    """
    day, unit = answer_text(None, result.get("collected")), unit_name(str(result.get("unit") or ""))
    comparator = part.fields["comparator"].choices.get(str(result.get("comparator")), "")
    measured = f"{comparator} {answer_text(None, result.get('value'))} {unit}".strip()
    told = _("%(result)s on %(day)s") % {"result": measured, "day": day}
    if not has_result(result):
        told = _("no result (%(reason)s), sample of %(day)s") % {"reason": result[NOT_DONE], "day": day}
    rest = dict.fromkeys((name for name in LIMITS if name in part.fields), unit) | {REPORTED: ""}
    known = [(name, of) for name, of in rest.items() if not is_unknown(result.get(name))]
    return "; ".join([told, *(f"{part.fields[name].label}: {result[name]} {of}".strip() for name, of in known)])


def field_lines(fields: Mapping[str, Field], values: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the label and the words of each known value."""
    for name, value in values.items():
        if value is not None and name in fields:
            yield name, fields[name].label, answer_text(fields[name], value)
