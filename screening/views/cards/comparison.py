"""A comparison of two findings of a visit under two protocol versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from criteria.evaluation.protocol import Sheet
from screening.models import Assessment, Outcome, Signature

OutcomeTexts = Mapping[str, tuple[str, str]]  # label and proof by code


class ChangedOutcome(NamedTuple):
    """An outcome that differs between two assessments, with both proofs; empty where one has no such criterion."""

    code: str
    before: str
    before_proof: str
    after: str
    after_proof: str


class AssessmentComparison(NamedTuple):
    """An assessment compared with the last one before it that was made under another version.

    `before` is that one, `signature` the signature on it.
    """

    before: Assessment
    signature: Signature | None
    changed_outcomes: list[ChangedOutcome]


def assessment_comparison(assessment: Assessment, earlier: Iterable[Assessment]) -> AssessmentComparison | None:
    """Compare an assessment with the latest one of another version; None where all are of its version.

    `earlier` are the assessments of the visit before this one, the latest first. From the stored verdicts, in
    three queries, in none where there is nothing to compare.
    """
    before = next((each for each in earlier if each.version_id != assessment.version_id), None)
    if before is None:
        return None
    return AssessmentComparison(
        before,
        before.signatures.filter(withdrawal=None).first(),
        changed_outcomes(outcome_texts(before), outcome_texts(assessment)),
    )


def changed_outcomes(before: OutcomeTexts, after: OutcomeTexts) -> list[ChangedOutcome]:
    """Return the changed outcomes in the order of the later version, then those only the earlier one asked."""
    codes = [
        code for code in {**after, **before} if outcome_and_proof(before, code)[0] != outcome_and_proof(after, code)[0]
    ]
    return [ChangedOutcome(code, *outcome_and_proof(before, code), *outcome_and_proof(after, code)) for code in codes]


def outcome_texts(assessment: Assessment) -> OutcomeTexts:
    found = assessment.verdicts.order_by("position", "pk").values_list(
        "code", "outcome", "proof", "criterion__category"
    )
    return {code: (Outcome(outcome).label_for(category), proof) for code, outcome, proof, category in found}


def sheet_outcome_texts(sheet: Sheet) -> OutcomeTexts:
    """Return the same of a sheet that nobody saved."""
    return {each.code: (Outcome(each.outcome).label_for(each.category), each.proof) for each in sheet.verdicts}


def outcome_and_proof(found: OutcomeTexts, code: str) -> tuple[str, str]:
    return found.get(code, ("", ""))
