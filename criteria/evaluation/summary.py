"""Summary of a person in a few lines: the answers that a definition names as the key ones. It changes no outcome."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from criteria.rules import nodes as n
from criteria.rules.evaluate import EvaluateRule
from criteria.rules.facts import Facts, FactType, LaboratoryValue, Limit, RecordScope, Schema
from criteria.rules.fold import fold
from criteria.rules.kinds import Kind
from criteria.rules.read_values import Value, ValueReader
from criteria.rules.text import value_text

SUMMARY_VALUES = (n.Fact, n.Age, n.Formula, n.IfKnown)
NAMING = ("text", "code", "codes")  # kinds of a record's fields that need no label: the value says what it is
YES_NO = {"yes", "no"}


@dataclass(frozen=True, eq=False)
class SummaryEntry:
    """One line that a definition declares: values of the visit, or of each record of the list `of`."""

    label: str
    values: tuple[n.Node, ...]
    kinds: Mapping[int, Kind]
    of: str = ""


class SummaryAnswer(NamedTuple):
    """A value, or a whole record, in words; `words` is empty where nothing is known."""

    label: str
    words: str


class SummaryLine(NamedTuple):
    label: str
    answers: tuple[SummaryAnswer, ...]


class Summarizer:
    """Reader of the declared lines from the facts of a visit; each value is compiled once."""

    def __init__(self, entries: Iterable[SummaryEntry], schema: Schema, limits: Mapping[str, Limit]) -> None:
        self.schema = schema
        self.entries = tuple(entries)
        self.readers: dict[int, ValueReader] = {
            id(value): fold(value, EvaluateRule(schema, limits, entry.kinds))
            for entry in self.entries
            for value in entry.values
        }

    def lines(self, facts: Facts) -> tuple[SummaryLine, ...]:
        return tuple(
            SummaryLine(
                entry.label,
                self.record_answers(entry, facts)
                if entry.of
                else tuple(self.answer(value, "", facts, None)[0] for value in entry.values),
            )
            for entry in self.entries
        )

    def record_answers(self, entry: SummaryEntry, facts: Facts) -> tuple[SummaryAnswer, ...]:
        records = facts.records.get(entry.of)
        if not records:
            is_none = entry.of in facts.is_reviewed
            return (SummaryAnswer("", _("none") if is_none else ""),)
        item = self.schema.records[entry.of].item
        return tuple(
            SummaryAnswer(f"{item} {at}", ", ".join(self.record_words(entry, facts, (record, None))))
            for at, record in enumerate(records, start=1)
        )

    def record_words(self, entry: SummaryEntry, facts: Facts, scope: RecordScope) -> Iterable[str]:
        for value in entry.values:
            answer, type_ = self.answer(value, entry.of, facts, scope)
            names = type_.kind in NAMING and set(type_.options) != YES_NO
            if answer.words:
                yield answer.words if names else f"{answer.label}: {answer.words}"

    def answer(self, node: n.Node, of: str, facts: Facts, scope: RecordScope) -> tuple[SummaryAnswer, FactType]:
        found = self.readers[id(node)](facts, scope)
        type_ = value_type(self.schema, node, of, found)
        return SummaryAnswer(type_.label, "" if found is None else value_text(found, type_)), type_


def value_type(schema: Schema, node: n.Node, of: str, found: Value = None) -> FactType:
    """Return the type of a value, with its label; that of an `if_known` is of the branch that was read."""
    match node:
        case n.Fact(path):
            return schema.records[of].fields[path.lstrip(".")] if path.startswith(".") else schema.facts[path]
        case n.IfKnown(_given, then, otherwise):
            return value_type(schema, then if isinstance(found, LaboratoryValue) else otherwise, of, found)
        case n.Formula(label, unit):
            return FactType("number", label, unit=unit)
        case n.Age():
            return FactType("number", _("age"), unit="a")
    raise TypeError(f"{type(node).__name__} is no value of a summary")
