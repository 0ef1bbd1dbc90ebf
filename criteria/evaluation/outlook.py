"""Outlook of a visit: its findings, the remedies of its failures, the next steps and the retests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from criteria.evaluation.missing import NextStep, next_steps
from criteria.evaluation.protocol import Finding, Outcome, Overall, Protocol, overall_of
from criteria.evaluation.remedy import Remedy, remedy_of
from criteria.evaluation.retests import Retest, retests


class Outlook(NamedTuple):
    """The outlook of one document.

    `remedies` by code, of the criteria that fail; `final` are the codes that fail for good.
    """

    overall: Overall
    findings: list[Finding]
    remedies: dict[str, Remedy]
    final: tuple[str, ...]
    steps: list[NextStep]
    retests: tuple[Retest, ...]

    @property
    def outcomes(self) -> dict[str, Outcome]:
        return {finding.criterion.code: finding.outcome for finding in self.findings}

    # A NamedTuple has a `count` of its own, which nobody asks for.
    def count(self, outcome: Outcome) -> int:
        """Return the number of criteria with this outcome."""
        return sum(finding.outcome == outcome for finding in self.findings)


def outlook(protocol: Protocol, document: Mapping[str, Any]) -> Outlook:
    """Return the outlook of a document in which `validate` found no fault."""
    facts = protocol.reader.read(document)
    findings = protocol.findings(facts)
    failing = [finding for finding in findings if finding.outcome == "fail"]
    prospects = {finding.criterion.code: remedy_of(protocol, facts, finding) for finding in failing}
    return Outlook(
        overall_of(finding.outcome for finding in findings),
        findings,
        prospects,
        tuple(code for code, found in prospects.items() if found.remedy == "none"),
        next_steps(protocol, document, findings),
        retests(protocol, document, findings),
    )
