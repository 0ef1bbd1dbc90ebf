"""The completeness of a visit's answers, section by section; an answer “not known” is still open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.vocabulary import AnyPart, Checklist, Group, Records, Results, Section, Single, Vocabulary
from criteria.vocabulary.not_done import has_result
from criteria.vocabulary.values import is_unknown
from screening.crf.follow_ups import is_asked
from screening.models import Revision
from screening.views.cards.outlook import MissingFact


class SectionProgress(NamedTuple):
    """One entry of a visit's list of sections.

    `asked` counts its questions, `answered` those with an answer, and `missing` the facts that a criterion waits
    for; None where that cannot be said. Not every question has to be answered, and answers to all need not be enough.
    `to_confirm` says from which visits answers wait to be confirmed; empty where none do.
    """

    section: Section
    answered: int
    asked: int
    missing: int | None = None
    to_confirm: str = ""

    @property
    def state(self) -> str:
        return "empty" if not self.answered else "full" if self.is_done else "partial"

    @property
    def words(self) -> str:
        """What the sign of the state means: a criterion needs nothing more, or how much is answered and needed."""
        words = {"answered": self.answered, "asked": self.asked, "missing": self.missing}
        if self.state == "full":
            every = self.answered == self.asked
            return _("%(answered)d of %(asked)d answered") % words if every else _("nothing missing")
        if self.missing:
            return _("%(answered)d of %(asked)d answered, %(missing)d needed") % words
        return _("%(answered)d of %(asked)d answered") % words

    @property
    def is_done(self) -> bool:
        return self.missing == 0


def visit_progress(
    vocabulary: Vocabulary, revision: Revision, missing: Iterable[MissingFact] | None
) -> list[SectionProgress]:
    """Return the progress of each section.

    `missing` is what is still missing of the visit, or None where it cannot be evaluated.
    """
    found = [section_progress(section, revision.document) for section in vocabulary.sections]
    if missing is None:
        return found
    every = list(missing)
    counts = Counter(each.place.section for each in every)
    shown = Counter(each.place.section for each in every if is_shown(vocabulary, each.path, revision.document))
    return [each._replace(missing=shown[each.section.code] or counts[each.section.code]) for each in found]


def is_shown(vocabulary: Vocabulary, path: str, document: Mapping[str, Any]) -> bool:
    """Return whether the form shows the question of a path that a visit has once."""
    key, _dot, name = path.partition(".")
    part = vocabulary.parts.get(key)
    field = part.fields.get(name) if isinstance(part, Group) else None
    return field is None or is_asked(field.when, group_content(document, key), document)


def section_progress(section: Section, document: Mapping[str, Any]) -> SectionProgress:
    counts = [answer_counts(part, document) for part in section.parts]
    return SectionProgress(
        section, sum(answered for answered, _asked in counts), sum(asked for _answered, asked in counts)
    )


def answer_counts(part: AnyPart, document: Mapping[str, Any]) -> tuple[int, int]:
    """Count the answered questions of a part, and all that it asks.

    A list that can be complete is one question, each test and each condition is one. A sample that gave no result
    answers none. A follow-up question counts once it is asked or answered.
    """
    content = document.get(part.key)
    if is_unknown(content) and not is_asked(part.when, {}, document):
        return 0, 0
    match part:
        case Single():
            return int(not is_unknown(content)), 1
        case Group():
            given = group_content(document, part.key)
            answered = {name for name in part.fields if not is_unknown(given.get(name))}
            asked = {name for name, field in part.fields.items() if is_asked(field.when, given, document)}
            return len(answered), len(asked | answered)
        case Records():
            reviewed = document.get("reviewed")
            done = part.key in reviewed if isinstance(reviewed, list) else False
            return (int(done), 1) if part.reviewable else (int(bool(record_list(content))), 1)
        case Results():
            tests = len({entry["analyte"] for entry in record_list(content) if has_result(entry)})
            ticked = part.reviewable and part.key in (document.get("reviewed") or ())
            return tests + int(ticked), len(part.analytes) + int(part.reviewable)
        case Checklist():
            asked = {entry["condition"] for entry in record_list(content) if not is_unknown(entry.get("status"))}
            return len(asked), len(part.conditions)


def group_content(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    content = document.get(key)
    return content if isinstance(content, Mapping) else {}


def record_list(content: Any) -> list[Mapping[str, Any]]:
    return content if isinstance(content, list) else []
