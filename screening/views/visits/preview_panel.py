"""The preview panel of a section: the findings if it were saved, changed outcomes, and what to get next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from criteria.evaluation.outlook import outlook
from criteria.evaluation.protocol import Finding, Outcome as OutcomeName, Protocol
from screening.crf import SectionForm
from screening.models import Outcome, Overall
from screening.views.cards.finding_ages import FindingAges, finding_ages_text
from screening.views.cards.outlook import FailingCriterion, MissingFact, failing_criteria, missing_facts, retest_text
from screening.views.visits.preview_document import PreviewDocument

OUTCOME_SIGNS = {"pass": "✓", "fail": "✕", "unknown": "?", "not_applicable": "–"}
COUNTED_OUTCOMES: tuple[OutcomeName, ...] = ("fail", "unknown", "pass")
FIRST_STEPS = 5
FIRST_CHANGES = 6


class PreviewCount(NamedTuple):
    outcome: str
    number: int
    word: str
    sign: str


class VerdictPreview(NamedTuple):
    """The outcome of one criterion as it would be.

    `before` is the current outcome as text, empty if nothing changes.
    """

    code: str
    statement: str
    outcome: str
    word: str
    sign: str
    before: str
    proof: str


class PreviewPanel(NamedTuple):
    overall: str
    finding: str
    counts: list[PreviewCount]
    final: tuple[str, ...]
    verdicts: list[VerdictPreview]
    failing: list[FailingCriterion]
    steps: list[MissingFact]
    retests: list[tuple[str, str]]  # code and words
    ages: FindingAges

    @property
    def changed_verdicts(self) -> list[VerdictPreview]:
        return [verdict for verdict in self.verdicts if verdict.before]

    @property
    def first_changes(self) -> list[VerdictPreview]:
        return self.changed_verdicts[:FIRST_CHANGES]

    @property
    def later_changes(self) -> list[VerdictPreview]:
        return self.changed_verdicts[FIRST_CHANGES:]

    @property
    def first_steps(self) -> list[MissingFact]:
        return self.steps[:FIRST_STEPS]

    @property
    def later_steps(self) -> list[MissingFact]:
        return self.steps[FIRST_STEPS:]


def preview_panel_of(
    protocol: Protocol, saved: Mapping[str, Any], candidate: PreviewDocument, form: SectionForm
) -> PreviewPanel:
    """Return the preview panel; `saved` is a valid document, from which the findings would change."""
    found = outlook(protocol, candidate.document)
    before = protocol.outcomes(saved)
    return PreviewPanel(
        found.overall,
        str(Overall(found.overall).label),
        [
            PreviewCount(outcome, found.count(outcome), str(Outcome(outcome).label), OUTCOME_SIGNS[outcome])
            for outcome in COUNTED_OUTCOMES
        ],
        found.final,
        [verdict_preview(protocol, finding, before[finding.criterion.code]) for finding in found.findings],
        failing_criteria(protocol, found),
        [
            link_to_input(step, candidate, form)
            for step in missing_facts(protocol.vocabulary, candidate.document, found.steps)
        ],
        [(retest.code, retest_text(retest)) for retest in found.retests],
        finding_ages_text(protocol, candidate.document),
    )


def verdict_preview(protocol: Protocol, finding: Finding, before: str) -> VerdictPreview:
    criterion = finding.criterion
    return VerdictPreview(
        criterion.code,
        criterion.statement,
        finding.outcome,
        Outcome(finding.outcome).label_for(criterion.category),
        OUTCOME_SIGNS[finding.outcome],
        Outcome(before).label_for(criterion.category) if before != finding.outcome else "",
        protocol.proof(finding),
    )


def link_to_input(step: MissingFact, candidate: PreviewDocument, form: SectionForm) -> MissingFact:
    """Return the step with the anchor of its input in the form, if the form has one.

    Rows of the form that are blank, or cannot be read, stand between those of the list.
    """
    spot = form.spots.get(candidate.entered_path(step.path))
    return step._replace(place=step.place._replace(anchor=spot.anchor)) if spot else step
