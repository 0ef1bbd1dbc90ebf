"""Doing an old assessment again, from the document and the protocol version that were stored with it."""

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


class Difference(NamedTuple):
    code: str
    stored: str | None
    again: str | None


@dataclass(frozen=True)
class Replay:
    """`stored` and `again` are the outcomes as canonical JSON bytes; `differences` names the codes that differ."""

    stored: bytes
    again: bytes
    differences: tuple[Difference, ...]
    same_proofs: bool
    same_engine: bool
    intact: bool  # the fingerprint still fits what is stored

    @property
    def equal(self) -> bool:
        return self.stored == self.again


def replay(assessment: Assessment) -> Replay:
    verdicts = list(assessment.verdicts.order_by("pk"))
    sheet = protocol_of(assessment.version).sheet(assessment.revision.document)
    stored = {verdict.code: verdict.outcome for verdict in verdicts}
    again = {verdict.code: verdict.outcome for verdict in sheet.verdicts}
    return Replay(
        stored=outcome_bytes(assessment.overall, stored),
        again=outcome_bytes(sheet.overall, again),
        differences=differences(stored, again),
        same_proofs=proofs(verdicts) == proofs_again(sheet),
        same_engine=assessment.engine_version == ENGINE_VERSION,
        intact=assessment.sheet_sha256 == fingerprint(assessment, verdicts),
    )


def outcome_bytes(overall: str, outcomes: Mapping[str, str]) -> bytes:
    return canonical.dump({"overall": overall, "outcomes": outcomes}).encode()


def differences(stored: Mapping[str, str], again: Mapping[str, str]) -> tuple[Difference, ...]:
    codes = {**stored, **again}
    pairs = (Difference(code, stored.get(code), again.get(code)) for code in codes)
    return tuple(pair for pair in pairs if pair.stored != pair.again)


def proofs(verdicts: list[Verdict]) -> dict[str, str]:
    return {verdict.code: verdict.proof for verdict in verdicts}


def proofs_again(sheet: Sheet) -> dict[str, str]:
    return {verdict.code: verdict.proof for verdict in sheet.verdicts}


SEALED = ("code", "outcome", "proof", "missing", "values", "parameters", "trace")


def fingerprint(assessment: Assessment, verdicts: Iterable[Verdict]) -> str:
    sheet = {
        "document": assessment.revision.document,
        "definition": assessment.version.definition_sha256,
        "engine": assessment.engine_version,
        "overall": assessment.overall,
        "verdicts": [{name: getattr(verdict, name) for name in SEALED} for verdict in verdicts],
    }
    return sha256(canonical.dump(sheet).encode()).hexdigest()
