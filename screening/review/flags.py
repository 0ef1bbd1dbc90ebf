"""Review flags: facts about an assessment that the investigator should know before the decision."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from criteria.evaluation.protocol import Protocol
from criteria.evaluation.retests import retests
from criteria.versions.versions import protocol_of
from criteria.vocabulary import Vocabulary
from criteria.vocabulary.edit_checks import edit_checks
from criteria.vocabulary.parts import Group, Single
from screening.models import Assessment, Confirmation, Outcome, ReviewFlag, Revision
from screening.visits.labels import STEP

INDEX_BRACKETS = re.compile(r"\[\d+\]")
DECIDED = (Outcome.PASS, Outcome.FAIL)


class ReviewedVerdict(NamedTuple):
    """The data of a verdict that the review flags depend on."""

    code: str
    outcome: str
    values: Mapping[str, str]
    reading: str


def reviewed_verdicts(assessment: Assessment) -> list[ReviewedVerdict]:
    """Return the verdicts of an assessment in the protocol's order."""
    rows = assessment.verdicts.order_by("position", "pk")
    return [ReviewedVerdict(*row) for row in rows.values_list("code", "outcome", "values", "criterion__reading")]


def review_flags(assessment: Assessment, verdicts: Iterable[ReviewedVerdict] | None = None) -> tuple[ReviewFlag, ...]:
    """Return the review flags of an assessment, in the order of ReviewFlag.

    `verdicts` are those of the assessment, where they were read already.
    """
    protocol = protocol_of(assessment.version)
    seen = reviewed_verdicts(assessment) if verdicts is None else list(verdicts)
    found = {
        ReviewFlag.RETEST: is_retested(protocol, assessment),
        ReviewFlag.IMPLAUSIBLE: has_implausible_value(protocol.vocabulary, assessment),
        ReviewFlag.CORRECTED: is_corrected(assessment),
        ReviewFlag.JUDGEMENT: any(turns_on_judgement(protocol.vocabulary, verdict) for verdict in seen),
        ReviewFlag.READING: any(fails_by_interpretation(verdict.outcome, verdict.reading) for verdict in seen),
    }
    return tuple(mark for mark, there in found.items() if there)


def judgement_paths(vocabulary: Vocabulary, outcome: str, values: Mapping[str, str]) -> list[str]:
    """Return the paths of the answers by judgement that decided an outcome.

    `values` are the values that the outcome used. Empty for an outcome other than pass or fail.
    """
    if outcome not in DECIDED:
        return []
    return [path for path in values if INDEX_BRACKETS.sub("", path) in vocabulary.judgements]


def turns_on_judgement(vocabulary: Vocabulary, verdict: ReviewedVerdict) -> bool:
    """Return whether an opinion excluded the subject, or let pass a recorded fact such as an adverse event.

    An opinion asked of every subject, such as the life expectancy, lets almost everybody pass: a flag for it
    would appear on every assessment and carry no information. The review shows those outcomes, too, among the
    judgements.
    """
    paths = judgement_paths(vocabulary, verdict.outcome, verdict.values)
    return bool(paths) and (verdict.outcome == Outcome.FAIL or any(is_of_record(vocabulary, path) for path in paths))


def is_of_record(vocabulary: Vocabulary, path: str) -> bool:
    part = vocabulary.parts[STEP.findall(path)[0]]
    return not isinstance(part, Single | Group)


def fails_by_interpretation(outcome: str, reading: str) -> bool:
    """Return whether an interpretation of the protocol's wording excluded the subject.

    Half of the criteria have an interpretation, and an eligible subject passes them all: a flag for passes
    would appear on every one. An outcome that is not known was decided by nothing.
    """
    return bool(reading) and outcome == Outcome.FAIL


def is_retested(protocol: Protocol, assessment: Assessment) -> bool:
    document = assessment.revision.document
    return bool(retests(protocol, document, protocol.evaluate(document)))


def has_implausible_value(vocabulary: Vocabulary, assessment: Assessment) -> bool:
    """Return whether a value that had to be confirmed is still present.

    It may have been corrected since.
    """
    revision = assessment.revision
    of_visit = Confirmation.objects.filter(revision__visit=revision.visit_id)
    confirmed = set(of_visit.filter(revision__number__lte=revision.number).values_list("key", flat=True))
    return bool(confirmed) and any(doubt.key in confirmed for doubt in edit_checks(vocabulary, revision.document))


def is_corrected(assessment: Assessment) -> bool:
    """Return whether a value was changed, with a reason, after the first assessment of the visit."""
    revision = assessment.revision
    earlier = Assessment.objects.filter(revision__visit=revision.visit_id, revision__number__lt=OuterRef("number"))
    later = Revision.objects.filter(Exists(earlier), visit=revision.visit_id, number__lte=revision.number)
    return later.exclude(reason="").exists()
