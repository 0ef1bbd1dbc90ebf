"""The verdicts of an assessment for the investigator: failures and doubts first, each value with its source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from criteria.models import Category
from criteria.vocabulary import Vocabulary
from screening.models import Assessment, Draft, Outcome, Question, Revision, Verdict
from screening.review.flags import ReviewedVerdict, judgement_paths
from screening.views.cards.verdicts import UsedValue, VerdictGroup, VerdictText
from screening.visits.diff_text import ChangeText, document_differences
from screening.visits.field_history import ValueSources
from screening.visits.labels import STEP, index_of, sentence_case

JUDGED_GROUP = "judged"
CORRECTIONS_SHOWN = 20
NO_OUTCOME = ("", "")


class ReviewText(NamedTuple):
    """A verdict, whether it fails by an interpretation, and the questions about its criterion."""

    text: VerdictText
    is_read: bool
    questions: list[Question]


class ReviewGroup(NamedTuple):
    """Verdicts under one heading; `folded` where nothing in them asks for the investigator's attention."""

    name: str
    title: str
    verdicts: list[ReviewText]
    folded: bool = False


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


class BesideAssessment(NamedTuple):
    """What was saved or typed and is no part of an assessment: revisions and drafts, with the title of their section.

    Drafts last typed before the assessment, and not saved to this day, stand apart.
    """

    saved: list[tuple[str, Revision]]
    typed: list[tuple[str, Draft]]
    typed_before: list[tuple[str, Draft]]


class Correction(NamedTuple):
    """A change made with a reason; `is_late` if the visit had been assessed before it."""

    revision: Revision
    differences: list[ChangeText]
    is_late: bool


class Corrections(NamedTuple):
    """The latest corrections; `more` where there are earlier ones."""

    shown: list[Correction]
    more: bool


def verdicts_for_flags(texts: Iterable[VerdictText]) -> list[ReviewedVerdict]:
    return [ReviewedVerdict(text.verdict.code, text.verdict.outcome, text.verdict.values) for text in texts]


def review_groups(
    vocabulary: Vocabulary, found: Iterable[VerdictGroup], sources: ValueSources, asked: Iterable[Question]
) -> list[ReviewGroup]:
    """Return the verdicts in groups; `sources` are those of the assessed revision.

    What fails stands first, then what is unknown. The rest is satisfied and folded; the judgements in it are attested
    in a list of their own.
    """
    groups = (
        outcome_group(Outcome.FAIL),
        outcome_group(Outcome.UNKNOWN),
        ReviewGroup(JUDGED_GROUP, _("Satisfied by judgement"), [], folded=True),
        ReviewGroup(Category.INCLUSION, _("Inclusion criteria met"), [], folded=True),
        ReviewGroup(Category.EXCLUSION, _("Exclusion criteria absent"), [], folded=True),
        outcome_group(Outcome.NOT_APPLICABLE, folded=True),
    )
    by_name, questions = {group.name: group for group in groups}, list(asked)
    for group in found:
        for text in group.verdicts:
            verdict = text.verdict
            paths = judgement_paths(vocabulary, verdict.outcome, verdict.values)
            values = [add_source(used, paths, sources) for used in text.values]
            about = [question for question in questions if question.criterion == verdict.code]
            read = verdict.outcome == Outcome.FAIL and bool(text.interpretations)
            told = ReviewText(text._replace(values=values), read, about)
            by_name[group_name(verdict, judged=bool(paths))].verdicts.append(told)
    return [group for group in groups if group.verdicts]


def outcome_group(outcome: Outcome, *, folded: bool = False) -> ReviewGroup:
    return ReviewGroup(outcome, sentence_case(str(outcome.label)), [], folded=folded)


def group_name(verdict: Verdict, *, judged: bool) -> str:
    if verdict.outcome != Outcome.PASS:
        return verdict.outcome
    return JUDGED_GROUP if judged else verdict.criterion.category


def add_source(used: UsedValue, judgements: Iterable[str], sources: ValueSources) -> UsedValue:
    path = value_history_path(used.path)
    return used._replace(path=path, source=sources.of(path), judged=used.path in judgements)


def value_history_path(path: str) -> str:
    """Return the path whose history a value belongs to.

    For a result it is the test, for an entry of the medical history the condition.
    """
    steps = STEP.findall(path)
    coded = len(steps) > 2 and index_of(steps[1]) is None
    return ".".join(steps[:2]) if coded else path


def changes_since(vocabulary: Vocabulary, assessment: Assessment, previous: Assessment | None) -> ChangesSince | None:
    if previous is None:
        return None
    after = assessment.revision.document
    before = after if previous.revision_id == assessment.revision_id else previous.revision.document
    return ChangesSince(
        previous,
        outcome_changes_since(previous, assessment),
        document_differences(vocabulary, before, after),
    )


def beside_assessment(
    vocabulary: Vocabulary, assessment: Assessment, drafts: Iterable[Draft]
) -> BesideAssessment | None:
    """Return what the assessment does not contain, the latest first; None where it contains everything."""
    titles = {section.code: section.title for section in vocabulary.sections}
    later = Revision.objects.filter(visit=assessment.revision.visit_id, number__gt=assessment.revision.number)
    revisions = later.select_related("created_by").defer("document").order_by("-number")
    saved = [(titles.get(each.section, each.section), each) for each in revisions]
    found: dict[bool, list[tuple[str, Draft]]] = {True: [], False: []}
    for draft in drafts:
        is_later = draft.updated_at > assessment.created_at
        found[is_later].append((titles.get(draft.section, draft.section), draft))
    return BesideAssessment(saved, found[True], found[False]) if saved or any(found.values()) else None


def outcome_changes_since(previous: Assessment, assessment: Assessment) -> list[OutcomeChange]:
    before, after = (outcomes_with_category(each) for each in (previous, assessment))
    return [
        OutcomeChange(code, outcome_label_or_empty(*before.get(code, NO_OUTCOME)), outcome_label_or_empty(*found))
        for code in {**before, **after}
        if before.get(code, NO_OUTCOME)[0] != (found := after.get(code, NO_OUTCOME))[0]
    ]


def outcomes_with_category(assessment: Assessment) -> dict[str, tuple[str, str]]:
    found = assessment.verdicts.values_list("code", "outcome", "criterion__category")
    return {code: (outcome, category) for code, outcome, category in found}


def outcome_label_or_empty(outcome: str, category: str) -> str:
    return Outcome(outcome).label_for(category) if outcome else ""


def corrections(vocabulary: Vocabulary, revision: Revision, earlier: Iterable[Any]) -> Corrections:
    """Return the latest changes up to a revision that were made with a reason, the latest first.

    `earlier` are the earlier assessments of the visit, with the number of their revision.
    """
    first = min((each.revision_number for each in earlier), default=revision.number)
    until = Revision.objects.filter(visit=revision.visit_id, number__lte=revision.number)
    next_corrects = Exists(until.filter(number=OuterRef("number") + 1).exclude(reason=""))
    rows = until.filter(~Q(reason="") | next_corrects).select_related("created_by").order_by("-number")
    read = list(rows[: 2 * (CORRECTIONS_SHOWN + 1)])  # each with the one before it
    documents = {each.number: each.document for each in read}
    found = [each for each in read if each.reason]
    return Corrections(
        [
            Correction(
                each,
                document_differences(vocabulary, documents.get(each.number - 1, {}), each.document),
                is_late=each.number > first,
            )
            for each in found[:CORRECTIONS_SHOWN]
        ],
        len(found) > CORRECTIONS_SHOWN,
    )
