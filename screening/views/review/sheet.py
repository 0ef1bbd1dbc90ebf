"""The verdicts of an assessment for the investigator: doubtful ones first, each value with its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from criteria.vocabulary import Vocabulary
from screening.models import Assessment, Outcome, Question, Revision
from screening.review.flags import ReviewedVerdict, fails_by_interpretation, judgement_paths
from screening.shared.diff import changes
from screening.views.cards.verdicts import UsedValue, VerdictGroup, VerdictText
from screening.visits.diff_text import ChangeText, change_texts
from screening.visits.field_history import source_of
from screening.visits.labels import STEP, index_of

JUDGED_GROUP = "judged"


class ReviewText(NamedTuple):
    """A verdict, whether an interpretation may have decided it, and the questions about its criterion."""

    text: VerdictText
    is_read: bool
    questions: list[Question]


class ReviewGroup(NamedTuple):
    name: str
    title: str
    verdicts: list[ReviewText]


class OutcomeChange(NamedTuple):
    """An outcome that differs from that of the previous assessment.

    A side is empty if the criterion was not evaluated in that assessment.
    """

    code: str
    before: str
    after: str


class ChangesSince(NamedTuple):
    """The changes since the previous assessment of the visit."""

    previous: Assessment
    changed_outcomes: list[OutcomeChange]
    differences: list[ChangeText]


class Correction(NamedTuple):
    """A change made with a reason; `is_late` if the visit had been assessed before it."""

    revision: Revision
    differences: list[ChangeText]
    is_late: bool


def verdicts_for_flags(texts: Iterable[VerdictText]) -> list[ReviewedVerdict]:
    return [
        ReviewedVerdict(text.verdict.code, text.verdict.outcome, text.verdict.values, text.verdict.criterion.reading)
        for text in texts
    ]


def review_groups(
    vocabulary: Vocabulary, found: Iterable[VerdictGroup], revisions: Sequence[Revision], asked: Iterable[Question]
) -> list[ReviewGroup]:
    """Return the verdicts in groups; `revisions` are those up to the assessed one, the latest first."""
    groups = (
        ReviewGroup(Outcome.UNKNOWN, _("Not yet known"), []),
        ReviewGroup(JUDGED_GROUP, _("Decided by judgement"), []),
        ReviewGroup(Outcome.FAIL, _("Not met"), []),
        ReviewGroup(Outcome.PASS, _("Met"), []),
        ReviewGroup(Outcome.NOT_APPLICABLE, _("Not applicable"), []),
    )
    by_name, questions = {group.name: group for group in groups}, list(asked)
    sources: dict[str, Revision | None] = {}
    for group in found:
        for text in group.verdicts:
            verdict = text.verdict
            paths = judgement_paths(vocabulary, verdict.outcome, verdict.values)
            values = [add_source(used, paths, revisions, sources) for used in text.values]
            about = [question for question in questions if question.criterion == verdict.code]
            read = fails_by_interpretation(verdict.outcome, verdict.criterion.reading)
            told = ReviewText(text._replace(values=values), read, about)
            by_name[JUDGED_GROUP if paths else verdict.outcome].verdicts.append(told)
    return [group for group in groups if group.verdicts]


def add_source(
    used: UsedValue, judgements: Iterable[str], revisions: Sequence[Revision], sources: dict[str, Revision | None]
) -> UsedValue:
    """Return the value with its source, cached in `sources` for the next outcome that used the same field."""
    path = value_history_path(used.path)
    if path not in sources:
        sources[path] = source_of(revisions, path)
    return used._replace(path=path, source=sources[path], judged=used.path in judgements)


def value_history_path(path: str) -> str:
    """Return the path whose history a value belongs to.

    For a result it is the test, for an entry of the medical history the condition.
    """
    steps = STEP.findall(path)
    coded = len(steps) > 2 and index_of(steps[1]) is None
    return ".".join(steps[:2]) if coded else path


def changes_since(
    vocabulary: Vocabulary, assessment: Assessment, previous: Assessment | None, revisions: Sequence[Revision]
) -> ChangesSince | None:
    if previous is None:
        return None
    documents = {revision.pk: revision.document for revision in revisions}
    before, after = documents[previous.revision_id], documents[assessment.revision_id]
    return ChangesSince(
        previous,
        outcome_changes_since(previous, assessment),
        change_texts(vocabulary, changes(before, after), after, before),
    )


def outcome_changes_since(previous: Assessment, assessment: Assessment) -> list[OutcomeChange]:
    before, after = (dict(each.verdicts.values_list("code", "outcome")) for each in (previous, assessment))
    codes = {**before, **after}
    return [
        OutcomeChange(code, outcome_label_or_empty(before.get(code)), outcome_label_or_empty(after.get(code)))
        for code in codes
        if before.get(code) != after.get(code)
    ]


def outcome_label_or_empty(outcome: str | None) -> str:
    return str(Outcome(outcome).label) if outcome else ""


def corrections(
    vocabulary: Vocabulary, revisions: Sequence[Revision], assessments: Iterable[Assessment]
) -> list[Correction]:
    """Return the changes made with a reason, the latest first.

    `revisions` are in the same order, up to the assessed one.
    """
    assessed = {each.revision_id for each in assessments}
    first = min((revision.number for revision in revisions if revision.pk in assessed), default=revisions[0].number)
    pairs = zip(revisions, [*revisions[1:], None], strict=True)
    return [
        Correction(after, revision_differences(vocabulary, before, after), is_late=after.number > first)
        for after, before in pairs
        if after.reason
    ]


def revision_differences(vocabulary: Vocabulary, before: Revision | None, after: Revision) -> list[ChangeText]:
    earlier = before.document if before else {}
    return change_texts(vocabulary, changes(earlier, after.document), after.document, earlier)
