"""All that can be said of a visit as it stands: findings, what could come right, what to get next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from criteria.evaluation.missing import Step, next_steps
from criteria.evaluation.protocol import Finding, Outcome, Overall, Protocol, overall_of
from criteria.evaluation.remedy import Prospect, prospect
from criteria.evaluation.retests import Retest, retests


class Outlook(NamedTuple):
    """`prospects` by code, of the criteria that fail; `final` are the codes that fail for good."""

    overall: Overall
    findings: list[Finding]
    prospects: dict[str, Prospect]
    final: tuple[str, ...]
    steps: list[Step]
    retests: tuple[Retest, ...]

    @property
    def outcomes(self) -> dict[str, Outcome]:
        return {finding.criterion.code: finding.outcome for finding in self.findings}

    # A NamedTuple has a `count` of its own, which nobody asks for.
    def count(self, outcome: Outcome) -> int:
        """How many criteria have this outcome."""
        return sum(finding.outcome == outcome for finding in self.findings)


def outlook(protocol: Protocol, document: Mapping[str, Any]) -> Outlook:
    """The outlook of a document that `validate` found no fault with."""
    facts = protocol.reader.read(document)
    findings = protocol.findings(facts)
    failing = [finding for finding in findings if finding.outcome == "fail"]
    prospects = {finding.criterion.code: prospect(protocol, facts, finding) for finding in failing}
    return Outlook(
        overall_of(finding.outcome for finding in findings),
        findings,
        prospects,
        tuple(code for code, found in prospects.items() if found.remedy == "none"),
        next_steps(protocol, document, findings),
        retests(protocol, document, findings),
    )
