"""The completeness of a visit's answers, section by section; an answer “not known” is still open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from criteria.vocabulary import AnyPart, Checklist, Group, Records, Results, Section, Single, Vocabulary
from criteria.vocabulary.values import is_unknown
from screening.models import Revision
from screening.views.cards.outlook import MissingFact


class SectionProgress(NamedTuple):
    """One entry of a visit's list of sections.

    `asked` counts its questions, `answered` those with an answer, and `missing` those that a criterion waits for,
    where that is known: not every question has to be answered.
    """

    section: Section
    answered: int
    asked: int
    missing: int | None = None

    @property
    def state(self) -> str:
        return "empty" if not self.answered else "full" if self.is_done else "partial"

    @property
    def is_done(self) -> bool:
        return self.answered == self.asked or self.missing == 0


def visit_progress(
    vocabulary: Vocabulary, revision: Revision, wanted: Iterable[MissingFact] | None
) -> list[SectionProgress]:
    """Return the progress of each section.

    `wanted` is what is still missing of the visit, or None where it cannot be evaluated.
    """
    found = [section_progress(section, revision.document) for section in vocabulary.sections]
    if wanted is None:
        return found
    missing = Counter(each.place.section for each in wanted)
    return [each._replace(missing=missing[each.section.code]) for each in found]


def section_progress(section: Section, document: Mapping[str, Any]) -> SectionProgress:
    counts = [answer_counts(part, document) for part in section.parts]
    return SectionProgress(
        section, sum(answered for answered, _asked in counts), sum(asked for _answered, asked in counts)
    )


def answer_counts(part: AnyPart, document: Mapping[str, Any]) -> tuple[int, int]:
    """Count the answered questions of a part, and all that it asks.

    A list that can be complete is one question, each test and each condition is one.
    """
    content = document.get(part.key)
    match part:
        case Single():
            return int(not is_unknown(content)), 1
        case Group():
            given = content if isinstance(content, dict) else {}
            return sum(not is_unknown(given.get(name)) for name in part.fields), len(part.fields)
        case Records():
            reviewed = document.get("reviewed")
            done = part.key in reviewed if isinstance(reviewed, list) else False
            return (int(done), 1) if part.reviewable else (int(bool(record_list(content))), 1)
        case Results():
            return len({result["analyte"] for result in record_list(content)}), len(part.analytes)
        case Checklist():
            asked = {entry["condition"] for entry in record_list(content) if not is_unknown(entry.get("status"))}
            return len(asked), len(part.conditions)


def record_list(content: Any) -> list[Mapping[str, Any]]:
    return content if isinstance(content, list) else []
