"""How far the questions of a visit are answered, section by section. What is answered “not known” is still open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from criteria.vocabulary import AnyPart, Checklist, Group, Records, Results, Section, Single, Vocabulary
from criteria.vocabulary.values import is_unknown
from screening.models import Revision
from screening.views.cards.outlook import Wanted


class Step(NamedTuple):
    """One entry of a visit's list of sections; `asked` counts its questions, `answered` those with an answer, and
    `missing` those that a criterion waits for, where that is known: not every question has to be answered."""

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


def steps(vocabulary: Vocabulary, revision: Revision, wanted: Iterable[Wanted] | None) -> list[Step]:
    """`wanted` is what is still missing of the visit, or None where it cannot be evaluated."""
    found = [step(section, revision.document) for section in vocabulary.sections]
    if wanted is None:
        return found
    missing = Counter(each.place.section for each in wanted)
    return [each._replace(missing=missing[each.section.code]) for each in found]


def step(section: Section, document: Mapping[str, Any]) -> Step:
    counts = [counted(part, document) for part in section.parts]
    return Step(section, sum(answered for answered, _asked in counts), sum(asked for _answered, asked in counts))


def counted(part: AnyPart, document: Mapping[str, Any]) -> tuple[int, int]:
    """Answered and asked: a list that can be complete is one question, each test and each condition is one."""
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
            return (int(done), 1) if part.reviewable else (int(bool(records(content))), 1)
        case Results():
            return len({result["analyte"] for result in records(content)}), len(part.analytes)
        case Checklist():
            asked = {entry["condition"] for entry in records(content) if not is_unknown(entry.get("status"))}
            return len(asked), len(part.conditions)


def records(content: Any) -> list[Mapping[str, Any]]:
    return content if isinstance(content, list) else []
