"""The verdicts of an assessment as pages show them, grouped by outcome."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.evaluation.interpretations import shown_interpretations
from criteria.evaluation.missing import asked_first
from criteria.evaluation.offsets import Offset, offset_values
from criteria.evaluation.outlook import Outlook, outlook
from criteria.evaluation.protocol import Finding, Protocol
from criteria.models import Category
from criteria.rules.text import ANY_TIME
from screening.models import Assessment, Disagreement, Outcome, Revision, Verdict
from screening.views.cards.edit_checks import EditCheckText, by_criterion
from screening.views.cards.outlook import RemedyText, remedy_text, retest_text
from screening.visits.labels import FormPlace, form_place, question_text, sentence_case
from screening.worklist.listing import verdict_sheet


class UsedValue(NamedTuple):
    """A value that an outcome was decided with; `source` is the revision that entered it, where that is needed."""

    path: str
    label: str
    words: str
    source: Revision | None = None
    judged: bool = False


class UsedLimit(NamedTuple):
    """A parameter that an outcome was decided with; `source` is empty where the version declares none."""

    title: str
    words: str
    source: str


class VerdictText(NamedTuple):
    """A verdict with what makes it readable.

    For one that fails, its possible remedy; for one that passes, the repeated tests by which it does, and the
    values beyond their limit beside which it does; the tests that it looks at whose last sample gave no result; the
    interpretations that bear on it; the investigator's disagreements; and the edit checks that touch it.
    """

    verdict: Verdict
    sentence: str
    missing: list[FormPlace]
    values: list[UsedValue]
    limits: list[UsedLimit]
    prospect: RemedyText | None
    retests: list[str]
    offsets: tuple[str, ...]
    not_done: list[str]
    interpretations: tuple[str, ...]
    disagreements: list[Disagreement]
    checks: tuple[EditCheckText, ...] = ()


def offset_text(offset: Offset, category: str) -> str:
    words = {"value": offset.value, "enough": offset.enough}
    if category == Category.EXCLUSION:
        return _("%(value)s; does not exclude because of %(enough)s") % words
    return _("%(value)s; met because of %(enough)s") % words


def offset_texts(protocol: Protocol, finding: Finding) -> tuple[str, ...]:
    return tuple(offset_text(each, finding.criterion.category) for each in offset_values(protocol, finding))


class VerdictGroup(NamedTuple):
    outcome: str
    title: str
    verdicts: list[VerdictText]


def missing_places(found: Iterable[VerdictGroup]) -> list[FormPlace]:
    """Return the places of everything that a verdict still waits for, each once."""
    places = [place for group in found for text in group.verdicts for place in text.missing]
    return list({(place.section, place.anchor, place.label): place for place in places}.values())


def verdict_groups(
    assessment: Assessment, protocol: Protocol, outlook_now: Outlook | None = None
) -> list[VerdictGroup]:
    """Return the verdicts by outcome; `outlook_now` is the outlook of the document, where it is known already."""
    sheet = verdict_sheet(assessment)
    document = assessment.revision.document
    found = outlook_now or outlook(protocol, document)
    held = disagreements_by_verdict(assessment)
    groups = (
        (Outcome.FAIL, sheet.fails),
        (Outcome.UNKNOWN, sheet.unknowns),
        (Outcome.PASS, sheet.passes),
        (Outcome.NOT_APPLICABLE, sheet.not_applicable),
    )
    return [
        VerdictGroup(
            outcome,
            sentence_case(str(outcome.label)),
            [verdict_text(verdict, protocol, document, found, held) for verdict in verdicts],
        )
        for outcome, verdicts in groups
    ]


def with_checks(found: Iterable[VerdictGroup], checks: Collection[EditCheckText]) -> list[VerdictGroup]:
    """Return the groups with the edit checks beside each verdict that they touch."""
    by_code = by_criterion(checks)
    return [
        group._replace(
            verdicts=[text._replace(checks=tuple(by_code.get(text.verdict.code, ()))) for text in group.verdicts]
        )
        for group in found
    ]


def disagreements_by_verdict(assessment: Assessment) -> dict[int, list[Disagreement]]:
    """Return the disagreements of an assessment by verdict, the first first."""
    held: dict[int, list[Disagreement]] = {}
    found = Disagreement.objects.filter(verdict__assessment=assessment).select_related("created_by")
    for each in found.order_by("pk"):
        held.setdefault(each.verdict_id, []).append(each)
    return held


def verdict_text(
    verdict: Verdict,
    protocol: Protocol,
    document: Document,
    found: Outlook,
    held: Mapping[int, list[Disagreement]],
) -> VerdictText:
    finding = next(each for each in found.findings if each.criterion.code == verdict.code)
    prospect = found.remedies.get(verdict.code) if verdict.outcome == Outcome.FAIL else None
    retests = [retest for retest in found.retests if (retest.code, verdict.outcome) == (verdict.code, Outcome.PASS)]

    reading = protocol.codes_reading

    def place(path: str) -> FormPlace:
        return form_place(protocol.vocabulary, path, document)

    def question(path: str) -> FormPlace:
        return place(path)._replace(label=question_text(protocol.vocabulary, path, place(path)))

    return VerdictText(
        verdict,
        protocol.sentence(finding.criterion),
        [question(path) for path in asked_first(protocol.vocabulary, verdict.missing)],
        [UsedValue(path, place(path).label, words) for path, words in verdict.values.items()],
        [used_limit(protocol, name, words) for name, words in verdict.parameters.items()],
        remedy_text(prospect, finding.criterion.category, verdict.proof) if prospect else None,
        [retest_text(retest) for retest in retests],
        offset_texts(protocol, finding) if verdict.outcome == Outcome.PASS else (),
        [sentence_case(test.sentence) for path, test in found.not_done.items() if verdict.code in reading(path)],
        shown_interpretations(protocol, finding),
        held.get(verdict.pk, []),
    )


def used_limit(protocol: Protocol, name: str, words: str) -> UsedLimit:
    limit = protocol.limits[name]
    return UsedLimit(limit.title, _("any time (no limit set)") if words == ANY_TIME else words, limit.source)


Document = dict[str, Any]
