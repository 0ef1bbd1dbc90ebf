"""Replay of a stored assessment from the document and the protocol version stored with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from criteria import ENGINE_VERSION
from criteria.evaluation.protocol import Sheet
from criteria.records import canonical
from criteria.versions.versions import protocol_of
from screening.models import Assessment, Verdict


class OutcomeDifference(NamedTuple):
    code: str
    category: str
    stored: str | None
    again: str | None


class ProofWordings(NamedTuple):
    """The proof of one criterion as it was stored, and as the present engine words it."""

    code: str
    stored: str
    again: str


@dataclass(frozen=True)
class Replay:
    """The result of a replay compared with the stored assessment.

    `stored` and `again` are the outcomes as canonical JSON bytes; `differences` lists the criterion codes whose
    outcomes differ; `wordings` has the proofs that are worded otherwise, of the criteria that are stored.
    """

    stored: bytes
    again: bytes
    differences: tuple[OutcomeDifference, ...]
    wordings: tuple[ProofWordings, ...]
    same_engine: bool
    intact: bool  # the fingerprint still fits what is stored

    @property
    def equal(self) -> bool:
        return self.stored == self.again

    @property
    def same_proofs(self) -> bool:
        return not self.wordings

    @property
    def is_reworded(self) -> bool:
        """Whether nothing differs but the words of another engine version."""
        return self.equal and self.intact and not self.same_proofs and not self.same_engine


def replay(assessment: Assessment) -> Replay:
    verdicts = list(assessment.verdicts.order_by("pk"))
    sheet = protocol_of(assessment.version).sheet(assessment.revision.document)
    stored = {verdict.code: verdict.outcome for verdict in verdicts}
    again = {verdict.code: verdict.outcome for verdict in sheet.verdicts}
    return Replay(
        stored=outcome_bytes(assessment.overall, stored),
        again=outcome_bytes(sheet.overall, again),
        differences=outcome_differences(stored, again, sheet),
        wordings=differing_wordings(verdicts, sheet),
        same_engine=assessment.engine_version == ENGINE_VERSION,
        intact=assessment.sheet_sha256 == fingerprint(assessment, verdicts),
    )


def outcome_bytes(overall: str, outcomes: Mapping[str, str]) -> bytes:
    return canonical.dump({"overall": overall, "outcomes": outcomes}).encode()


def outcome_differences(
    stored: Mapping[str, str], again: Mapping[str, str], sheet: Sheet
) -> tuple[OutcomeDifference, ...]:
    categories = {verdict.code: str(verdict.category) for verdict in sheet.verdicts}
    codes = {**stored, **again}
    pairs = (OutcomeDifference(code, categories.get(code, ""), stored.get(code), again.get(code)) for code in codes)
    return tuple(pair for pair in pairs if pair.stored != pair.again)


def differing_wordings(verdicts: Iterable[Verdict], sheet: Sheet) -> tuple[ProofWordings, ...]:
    proofs = {verdict.code: verdict.proof for verdict in sheet.verdicts}
    pairs = (ProofWordings(verdict.code, verdict.proof, proofs.get(verdict.code, "")) for verdict in verdicts)
    return tuple(pair for pair in pairs if pair.stored != pair.again)


FINGERPRINT_FIELDS = ("code", "outcome", "proof", "missing", "values", "parameters", "trace")


def fingerprint(assessment: Assessment, verdicts: Iterable[Verdict]) -> str:
    sheet = {
        "document": assessment.revision.document,
        "definition": assessment.version.definition_sha256,
        "engine": assessment.engine_version,
        "overall": assessment.overall,
        "verdicts": [{name: getattr(verdict, name) for name in FINGERPRINT_FIELDS} for verdict in verdicts],
    }
    return sha256(canonical.dump(sheet).encode()).hexdigest()
