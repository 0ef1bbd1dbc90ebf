"""What the verdict would be while a section is typed: the findings, what the entry changes, what to get next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from criteria.evaluation.outlook import outlook
from criteria.evaluation.protocol import Finding, Outcome as OutcomeName, Protocol
from screening.crf import SectionForm
from screening.models import Outcome, Overall
from screening.views.cards.outlook import Failing, Wanted, failing, retest_in_words, wanted
from screening.views.visits.preview_document import Candidate

SIGNS = {"pass": "✓", "fail": "✕", "unknown": "?", "not_applicable": "–"}
SHOWN: tuple[OutcomeName, ...] = ("fail", "unknown", "pass")
FIRST_STEPS = 5
FIRST_CHANGES = 6


class Count(NamedTuple):
    outcome: str
    number: int
    word: str
    sign: str


class Verdict(NamedTuple):
    """The outcome of one criterion as it would be; `before` is what it is now in words, empty where nothing changes."""

    code: str
    statement: str
    outcome: str
    word: str
    sign: str
    before: str
    proof: str


class Panel(NamedTuple):
    overall: str
    finding: str
    counts: list[Count]
    final: tuple[str, ...]
    verdicts: list[Verdict]
    failing: list[Failing]
    steps: list[Wanted]
    retests: list[tuple[str, str]]  # code and words

    @property
    def changed(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.before]

    @property
    def first_changes(self) -> list[Verdict]:
        return self.changed[:FIRST_CHANGES]

    @property
    def later_changes(self) -> list[Verdict]:
        return self.changed[FIRST_CHANGES:]

    @property
    def first_steps(self) -> list[Wanted]:
        return self.steps[:FIRST_STEPS]

    @property
    def later_steps(self) -> list[Wanted]:
        return self.steps[FIRST_STEPS:]


def panel_of(protocol: Protocol, saved: Mapping[str, Any], candidate: Candidate, form: SectionForm) -> Panel:
    """`saved` is a valid document: what the findings would change from."""
    found = outlook(protocol, candidate.document)
    before = {finding.criterion.code: finding.outcome for finding in protocol.evaluate(saved)}
    return Panel(
        found.overall,
        str(Overall(found.overall).label),
        [Count(outcome, found.count(outcome), word(outcome), SIGNS[outcome]) for outcome in SHOWN],
        found.final,
        [verdict(protocol, finding, before[finding.criterion.code]) for finding in found.findings],
        failing(protocol, candidate.document, found),
        [on_page(step, candidate, form) for step in wanted(protocol.vocabulary, candidate.document, found.steps)],
        [(retest.code, retest_in_words(retest)) for retest in found.retests],
    )


def verdict(protocol: Protocol, finding: Finding, before: str) -> Verdict:
    return Verdict(
        finding.criterion.code,
        finding.criterion.statement,
        finding.outcome,
        word(finding.outcome),
        SIGNS[finding.outcome],
        word(before) if before != finding.outcome else "",
        protocol.proof(finding),
    )


def word(outcome: str) -> str:
    return str(Outcome(outcome).label)


def on_page(step: Wanted, candidate: Candidate, form: SectionForm) -> Wanted:
    """Rows that say nothing yet, or nothing that can be read, stand between those of the list."""
    spot = form.spots.get(candidate.path_as_typed(step.path))
    return step._replace(place=step.place._replace(anchor=spot.anchor)) if spot else step
