"""The verdicts of an assessment as the investigator reads them: what is doubtful first, each value with its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from criteria.vocabulary import Vocabulary
from screening.models import Assessment, Outcome, Question, Revision
from screening.review.flags import Seen, is_read, judged
from screening.views.cards.verdicts import Used, VerdictGroup, VerdictText
from screening.visits.diff import changes
from screening.visits.diff_text import Difference, differences
from screening.visits.field_history import source_of
from screening.visits.labels import STEP, index_of

JUDGED = "judged"


class ReviewText(NamedTuple):
    """A verdict with whether a reading may have decided it, and what was asked about its criterion."""

    text: VerdictText
    is_read: bool
    questions: list[Question]


class ReviewGroup(NamedTuple):
    name: str
    title: str
    verdicts: list[ReviewText]


class Turned(NamedTuple):
    """An outcome that is another than at the assessment before; empty where a criterion was not asked then, or now."""

    code: str
    before: str
    after: str


class Since(NamedTuple):
    """What changed since the last assessment of the visit."""

    previous: Assessment
    turned: list[Turned]
    differences: list[Difference]


class Correction(NamedTuple):
    """`is_late` where the visit had been assessed before it."""

    revision: Revision
    differences: list[Difference]
    is_late: bool


def seen(texts: Iterable[VerdictText]) -> list[Seen]:
    return [
        Seen(text.verdict.code, text.verdict.outcome, text.verdict.values, text.verdict.criterion.reading)
        for text in texts
    ]


def review_groups(
    vocabulary: Vocabulary, found: Iterable[VerdictGroup], revisions: Sequence[Revision], asked: Iterable[Question]
) -> list[ReviewGroup]:
    """`revisions` are those up to the one that was assessed, the latest first."""
    groups = (
        ReviewGroup(Outcome.UNKNOWN, _("Not yet known"), []),
        ReviewGroup(JUDGED, _("Decided by judgement"), []),
        ReviewGroup(Outcome.FAIL, _("Not met"), []),
        ReviewGroup(Outcome.PASS, _("Met"), []),
        ReviewGroup(Outcome.NOT_APPLICABLE, _("Not applicable"), []),
    )
    by_name, questions = {group.name: group for group in groups}, list(asked)
    sources: dict[str, Revision | None] = {}
    for group in found:
        for text in group.verdicts:
            verdict = text.verdict
            paths = judged(vocabulary, verdict.outcome, verdict.values)
            values = [traced(used, paths, revisions, sources) for used in text.values]
            about = [question for question in questions if question.criterion == verdict.code]
            read = is_read(verdict.outcome, verdict.criterion.reading)
            told = ReviewText(text._replace(values=values), read, about)
            by_name[JUDGED if paths else verdict.outcome].verdicts.append(told)
    return [group for group in groups if group.verdicts]


def traced(
    used: Used, judgements: Iterable[str], revisions: Sequence[Revision], sources: dict[str, Revision | None]
) -> Used:
    """With its source, which is kept in `sources` for the next outcome that used the same field."""
    path = field_of(used.path)
    if path not in sources:
        sources[path] = source_of(revisions, path)
    return used._replace(path=path, source=sources[path], judged=used.path in judgements)


def field_of(path: str) -> str:
    """What has a history of its own: of a result the test, of an entry in the history the condition."""
    steps = STEP.findall(path)
    coded = len(steps) > 2 and index_of(steps[1]) is None
    return ".".join(steps[:2]) if coded else path


def since(
    vocabulary: Vocabulary, assessment: Assessment, previous: Assessment | None, revisions: Sequence[Revision]
) -> Since | None:
    if previous is None:
        return None
    documents = {revision.pk: revision.document for revision in revisions}
    before, after = documents[previous.revision_id], documents[assessment.revision_id]
    return Since(
        previous,
        turned(previous, assessment),
        differences(vocabulary, changes(before, after), after, before),
    )


def turned(previous: Assessment, assessment: Assessment) -> list[Turned]:
    before, after = (dict(each.verdicts.values_list("code", "outcome")) for each in (previous, assessment))
    codes = {**before, **after}
    return [
        Turned(code, label(before.get(code)), label(after.get(code)))
        for code in codes
        if before.get(code) != after.get(code)
    ]


def label(outcome: str | None) -> str:
    return str(Outcome(outcome).label) if outcome else ""


def corrections(
    vocabulary: Vocabulary, revisions: Sequence[Revision], assessments: Iterable[Assessment]
) -> list[Correction]:
    """What was changed with a reason, the latest first; `revisions` likewise, up to the one that was assessed."""
    assessed = {each.revision_id for each in assessments}
    first = min((revision.number for revision in revisions if revision.pk in assessed), default=revisions[0].number)
    pairs = zip(revisions, [*revisions[1:], None], strict=True)
    return [
        Correction(after, told(vocabulary, before, after), is_late=after.number > first)
        for after, before in pairs
        if after.reason
    ]


def told(vocabulary: Vocabulary, before: Revision | None, after: Revision) -> list[Difference]:
    earlier = before.document if before else {}
    return differences(vocabulary, changes(earlier, after.document), after.document, earlier)
