"""The verdicts of an assessment as pages show them, grouped by outcome."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.evaluation.outlook import Outlook, outlook
from criteria.evaluation.protocol import Protocol
from screening.models import Assessment, Disagreement, Outcome, Revision, Verdict
from screening.views.cards.outlook import RemedyText, remedy_text, retest_text
from screening.visits.labels import FormPlace, form_place
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

    For one that fails, its possible remedy; for one that passes, the repeated tests by which it does; and the
    investigator's disagreements.
    """

    verdict: Verdict
    sentence: str
    missing: list[FormPlace]
    values: list[UsedValue]
    limits: list[UsedLimit]
    prospect: RemedyText | None
    retests: list[str]
    disagreements: list[Disagreement]


class VerdictGroup(NamedTuple):
    outcome: str
    title: str
    verdicts: list[VerdictText]


def missing_places(found: Iterable[VerdictGroup]) -> list[FormPlace]:
    """Return the places of everything that a verdict still waits for, each once."""
    places = [place for group in found for text in group.verdicts for place in text.missing]
    return list({(place.section, place.anchor, place.label): place for place in places}.values())


def verdict_groups(assessment: Assessment, protocol: Protocol) -> list[VerdictGroup]:
    sheet = verdict_sheet(assessment)
    document = assessment.revision.document
    found = outlook(protocol, document)
    held = disagreements_by_verdict(assessment)
    groups = (
        (Outcome.FAIL, _("Not met"), sheet.fails),
        (Outcome.UNKNOWN, _("Not yet known"), sheet.unknowns),
        (Outcome.PASS, _("Met"), sheet.passes),
        (Outcome.NOT_APPLICABLE, _("Not applicable"), sheet.not_applicable),
    )
    return [
        VerdictGroup(outcome, title, [verdict_text(verdict, protocol, document, found, held) for verdict in verdicts])
        for outcome, title, verdicts in groups
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

    def place(path: str) -> FormPlace:
        return form_place(protocol.vocabulary, path, document)

    return VerdictText(
        verdict,
        protocol.sentence(finding.criterion),
        [place(path) for path in verdict.missing],
        [UsedValue(path, place(path).label, words) for path, words in verdict.values.items()],
        [used_limit(protocol, name, words) for name, words in verdict.parameters.items()],
        remedy_text(protocol, document, finding, prospect) if prospect else None,
        [retest_text(retest) for retest in retests],
        held.get(verdict.pk, []),
    )


def used_limit(protocol: Protocol, name: str, words: str) -> UsedLimit:
    limit = protocol.limits[name]
    return UsedLimit(limit.title, words, limit.source)


Document = dict[str, Any]
