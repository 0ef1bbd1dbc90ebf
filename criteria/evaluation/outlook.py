"""Outlook of a visit: its findings, the remedies of its failures, the next steps and the retests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from criteria.evaluation.dose_dates import NextChange, next_change_of
from criteria.evaluation.missing import NextStep, next_steps
from criteria.evaluation.not_done import NotDoneTests, not_done_tests, with_sample
from criteria.evaluation.protocol import Finding, Outcome, Overall, Protocol, overall_of
from criteria.evaluation.remedy import Remedy, remedy_of
from criteria.evaluation.retests import Retest, retests
from criteria.rules.facts import Facts


@dataclass(frozen=True)
class Outlook:
    """The outlook of one document; what nobody asks for is not computed."""

    protocol: Protocol
    document: Mapping[str, Any]
    facts: Facts
    findings: list[Finding]

    @cached_property
    def overall(self) -> Overall:
        return overall_of(finding.outcome for finding in self.findings)

    @cached_property
    def outcomes(self) -> dict[str, Outcome]:
        return {finding.criterion.code: finding.outcome for finding in self.findings}

    @cached_property
    def remedies(self) -> dict[str, Remedy]:
        """By code, of the criteria that fail."""
        failing = (finding for finding in self.findings if finding.outcome == "fail")
        found = (remedy_of(self.protocol, self.facts, finding) for finding in failing)
        return {
            each.code: each._replace(
                advice=tuple(tuple(with_sample(one, self.not_done) for one in choice) for choice in each.advice)
            )
            for each in found
        }

    @property
    def final(self) -> tuple[str, ...]:
        """The codes that fail for good."""
        return tuple(code for code, found in self.remedies.items() if found.remedy == "none")

    @property
    def stands(self) -> tuple[str, ...]:
        """The codes that fail, may yet change, and about which nothing is to be done."""
        return tuple(code for code, found in self.remedies.items() if found.remedy == "open")

    @cached_property
    def steps(self) -> list[NextStep]:
        """The missing facts, ranked: of the criteria that are unknown, or will be once they fail no more."""
        later = {code: dict(found.missing) for code, found in self.remedies.items() if found.missing}
        if not later and not self.count("unknown"):
            return []
        return next_steps(self.protocol, self.document, self.findings, later)

    @cached_property
    def not_done(self) -> NotDoneTests:
        """The tests whose last sample gave no result."""
        return not_done_tests(self.protocol.vocabulary, self.document)

    @cached_property
    def next_change(self) -> NextChange | None:
        """The first later planned first dose with which an outcome differs."""
        return next_change_of(self.protocol, self.facts, self.findings)

    @property
    def ends(self) -> NextChange | None:
        """The change that ends the validity of the status; none ends that of a failure for good."""
        return None if self.final else self.next_change

    @cached_property
    def retests(self) -> tuple[Retest, ...]:
        return retests(self.protocol, self.document, self.findings)

    def count(self, outcome: Outcome) -> int:
        """Return the number of criteria with this outcome."""
        return sum(finding.outcome == outcome for finding in self.findings)


def outlook(protocol: Protocol, document: Mapping[str, Any]) -> Outlook:
    """Return the outlook of a document in which `validate` found no fault."""
    facts = protocol.reader.read(document)
    return Outlook(protocol, document, facts, protocol.findings(facts))
