"""Differences between two versions of a protocol, as text."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Difference(NamedTuple):
    """A difference; `old` is empty for what was added, `new` for what was removed."""

    label: str
    old: str
    new: str


class SentencePair(NamedTuple):
    """A criterion's own sentence with the limits of each version."""

    code: str
    old: str
    new: str


class ValueChange(NamedTuple):
    """A parameter whose value or unit differs, and the criteria that read it.

    The values are text (`1500 /mm3`, `any time`). `old` is empty for a parameter that was added, `new` for one
    that was removed. A parameter that no rule reads has no sentences.
    """

    name: str
    title: str
    old: str
    new: str
    sentences: tuple[SentencePair, ...]


class TitleChange(NamedTuple):
    name: str
    old: str
    new: str


class CriterionChange(NamedTuple):
    """A criterion that was added, removed or changed.

    `statement` is the new one, or the last one of a criterion that was removed.
    """

    code: str
    kind: Literal["added", "removed", "changed"]
    statement: str
    parts: tuple[Difference, ...]


class Comparison(NamedTuple):
    """All differences between two versions, except their numbers, days and notes.

    `changed_codes` are the criteria whose outcome might differ, those added and removed included. With
    `same_questions` a document that is valid in one version is valid in the other, and reads to the same facts.
    """

    values: tuple[ValueChange, ...]
    titles: tuple[TitleChange, ...]
    criteria: tuple[CriterionChange, ...]
    questions: tuple[Difference, ...]
    rest: tuple[Difference, ...]
    changed_codes: frozenset[str]
    same_questions: bool

    @property
    def is_empty(self) -> bool:
        return not (self.values or self.titles or self.criteria or self.questions or self.rest)
