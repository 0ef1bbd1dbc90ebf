"""The judgements of an assessed document in words: who recorded each, which criteria it touches, what was attested."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from screening.models import Revision
from screening.review.flags import INDEX_BRACKETS
from screening.signatures.judgements import RecordedJudgement
from screening.views.cards.verdicts import VerdictText
from screening.views.shared.rejected_form import RejectedForm
from screening.visits.field_history import ValueSources

AS_RECORDED, WORDS = "as-recorded", "words "  # inputs of the form: the keys that are marked; a key's words


class JudgementText(NamedTuple):
    """A judgement; `source` is the revision that recorded it, `criteria` are the codes of the outcomes that used it.

    `marked`, `typed` and `fault` are of a form that was refused.
    """

    recorded: RecordedJudgement
    source: Revision | None
    criteria: list[str]
    marked: bool
    typed: str
    fault: str

    @property
    def name(self) -> str:
        return f"{WORDS}{self.recorded.judgement.key}"


def judgement_texts(
    recorded: Iterable[RecordedJudgement],
    texts: Sequence[VerdictText],
    sources: ValueSources,
    typed: RejectedForm | None,
) -> list[JudgementText]:
    """Return the judgements as texts; `sources` are those of the assessed revision."""
    used = [(text.verdict.code, {INDEX_BRACKETS.sub("", path) for path in text.verdict.values}) for text in texts]
    values, faults = (typed.values, typed.faults) if typed and typed.form == "attest" else ({}, {})
    return [
        JudgementText(
            each,
            sources.of(each.place),
            [code for code, paths in used if each.judgement.name in paths],
            each.judgement.key in values.get(AS_RECORDED, "").splitlines(),
            values.get(each.judgement.key, ""),
            faults.get(each.judgement.key, ""),
        )
        for each in recorded
    ]
