"""Two findings of a visit under two protocol versions side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from criteria.evaluation.protocol import Sheet
from screening.models import Assessment, Outcome, Signature

Outcomes = Mapping[str, tuple[str, str]]  # label and proof by code


class Turned(NamedTuple):
    """An outcome that differs between two assessments, with both proofs; empty where one has no such criterion."""

    code: str
    before: str
    before_proof: str
    after: str
    after_proof: str


class Compared(NamedTuple):
    """An assessment beside the last one before it that was made under another version, and the signature on that."""

    before: Assessment
    signature: Signature | None
    turned: list[Turned]


def compared(assessment: Assessment, earlier: Iterable[Assessment]) -> Compared | None:
    """`earlier` are the assessments of the visit before this one, the latest first; None where all are of its version.

    From the stored verdicts, in three queries, in none where there is nothing to compare.
    """
    before = next((each for each in earlier if each.version_id != assessment.version_id), None)
    if before is None:
        return None
    return Compared(before, before.signatures.first(), turned(outcomes(before), outcomes(assessment)))


def turned(before: Outcomes, after: Outcomes) -> list[Turned]:
    """In the order of the later version, then what only the earlier one asked."""
    codes = [code for code in {**after, **before} if told(before, code)[0] != told(after, code)[0]]
    return [Turned(code, *told(before, code), *told(after, code)) for code in codes]


def outcomes(assessment: Assessment) -> Outcomes:
    found = assessment.verdicts.order_by("position", "pk").values_list("code", "outcome", "proof")
    return {code: (str(Outcome(outcome).label), proof) for code, outcome, proof in found}


def outcomes_on(sheet: Sheet) -> Outcomes:
    """Likewise of a sheet that nobody saved."""
    return {verdict.code: (str(Outcome(verdict.outcome).label), verdict.proof) for verdict in sheet.verdicts}


def told(found: Outcomes, code: str) -> tuple[str, str]:
    return found.get(code, ("", ""))
