"""What the investigator should know of an assessment before deciding, each thing as a mark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from criteria.evaluation.protocol import Protocol
from criteria.evaluation.retests import retests
from criteria.versions.versions import protocol_of
from criteria.vocabulary import Vocabulary
from criteria.vocabulary.edit_checks import doubts
from criteria.vocabulary.parts import Group, Single
from screening.models import Assessment, Confirmation, Mark, Outcome, Revision
from screening.visits.labels import STEP

INDEX = re.compile(r"\[\d+\]")
DECIDED = (Outcome.PASS, Outcome.FAIL)


class Seen(NamedTuple):
    """What the marks need of a verdict."""

    code: str
    outcome: str
    values: Mapping[str, str]
    reading: str


def seen_of(assessment: Assessment) -> list[Seen]:
    """The verdicts in the protocol's order."""
    rows = assessment.verdicts.order_by("position", "pk")
    return [Seen(*row) for row in rows.values_list("code", "outcome", "values", "criterion__reading")]


def marks(assessment: Assessment, verdicts: Iterable[Seen] | None = None) -> tuple[Mark, ...]:
    """In the order of Mark. `verdicts` are those of the assessment, where they were read already."""
    protocol = protocol_of(assessment.version)
    seen = seen_of(assessment) if verdicts is None else list(verdicts)
    found = {
        Mark.RETEST: is_retested(protocol, assessment),
        Mark.IMPLAUSIBLE: has_implausible(protocol.vocabulary, assessment),
        Mark.CORRECTED: is_corrected(assessment),
        Mark.JUDGEMENT: any(turns_on_judgement(protocol.vocabulary, verdict) for verdict in seen),
        Mark.READING: any(is_read(verdict.outcome, verdict.reading) for verdict in seen),
    }
    return tuple(mark for mark, there in found.items() if there)


def judged(vocabulary: Vocabulary, outcome: str, values: Mapping[str, str]) -> list[str]:
    """The paths of the answers by judgement that an outcome was decided with, out of the values that it used."""
    if outcome not in DECIDED:
        return []
    return [path for path in values if INDEX.sub("", path) in vocabulary.judgements]


def turns_on_judgement(vocabulary: Vocabulary, verdict: Seen) -> bool:
    """Whether an opinion kept the person out, or let pass something that is on record, such as an adverse event.

    What is asked of everybody, such as the life expectancy, lets almost everybody pass: a mark for that would stand on
    every assessment and tell nothing. The review shows those outcomes, too, among the judgements.
    """
    paths = judged(vocabulary, verdict.outcome, verdict.values)
    return bool(paths) and (verdict.outcome == Outcome.FAIL or any(is_of_record(vocabulary, path) for path in paths))


def is_of_record(vocabulary: Vocabulary, path: str) -> bool:
    part = vocabulary.parts[STEP.findall(path)[0]]
    return not isinstance(part, Single | Group)


def is_read(outcome: str, reading: str) -> bool:
    """Whether a reading of the protocol's words kept the person out.

    Half of the criteria have a reading, and somebody eligible passes them all: marked for that, everybody would be. An
    outcome that is not known was decided by nothing.
    """
    return bool(reading) and outcome == Outcome.FAIL


def is_retested(protocol: Protocol, assessment: Assessment) -> bool:
    document = assessment.revision.document
    return bool(retests(protocol, document, protocol.evaluate(document)))


def has_implausible(vocabulary: Vocabulary, assessment: Assessment) -> bool:
    """Whether a value that somebody had to confirm is still there: it may have been corrected since."""
    revision = assessment.revision
    of_visit = Confirmation.objects.filter(revision__visit=revision.visit_id)
    confirmed = set(of_visit.filter(revision__number__lte=revision.number).values_list("key", flat=True))
    return bool(confirmed) and any(doubt.key in confirmed for doubt in doubts(vocabulary, revision.document))


def is_corrected(assessment: Assessment) -> bool:
    """Whether something was changed, with a reason, once the visit had been assessed for the first time."""
    revision = assessment.revision
    earlier = Assessment.objects.filter(revision__visit=revision.visit_id, revision__number__lt=OuterRef("number"))
    later = Revision.objects.filter(Exists(earlier), visit=revision.visit_id, number__lte=revision.number)
    return later.exclude(reason="").exists()
