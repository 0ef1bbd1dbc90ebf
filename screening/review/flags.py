"""Review flags: facts about an assessment that the investigator should know before the decision."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db.models import Subquery

from criteria.evaluation.interpretations import shown_interpretations
from criteria.evaluation.protocol import Finding, Protocol
from criteria.evaluation.retests import retests
from criteria.versions.versions import protocol_of
from criteria.vocabulary import Vocabulary
from criteria.vocabulary.parts import Checklist, Group, Single
from screening.models import Assessment, Confirmation, Outcome, ReviewFlag, Revision
from screening.visits.edit_checks import raised_checks
from screening.visits.labels import STEP

INDEX_BRACKETS = re.compile(r"\[\d+\]")
DECIDED = (Outcome.PASS, Outcome.FAIL)


class ReviewedVerdict(NamedTuple):
    """The data of a verdict that the review flags depend on."""

    code: str
    outcome: str
    values: Mapping[str, str]


def reviewed_verdicts(assessment: Assessment) -> list[ReviewedVerdict]:
    """Return the verdicts of an assessment in the protocol's order."""
    rows = assessment.verdicts.order_by("position", "pk")
    return [ReviewedVerdict(*row) for row in rows.values_list("code", "outcome", "values")]


def review_flags(
    assessment: Assessment,
    verdicts: Iterable[ReviewedVerdict] | None = None,
    findings: Sequence[Finding] | None = None,
) -> tuple[ReviewFlag, ...]:
    """Return the review flags of an assessment, in the order of ReviewFlag.

    `verdicts` and `findings` are those of the assessment, where they are known already.
    """
    protocol, document = protocol_of(assessment.version), assessment.revision.document
    findings = protocol.evaluate(document) if findings is None else findings
    seen = reviewed_verdicts(assessment) if verdicts is None else list(verdicts)
    found = {
        ReviewFlag.RETEST: bool(retests(protocol, document, findings)),
        ReviewFlag.IMPLAUSIBLE: has_confirmed_check(protocol, assessment),
        ReviewFlag.CORRECTED: is_corrected(assessment),
        ReviewFlag.JUDGEMENT: any(turns_on_judgement(protocol.vocabulary, verdict) for verdict in seen),
        ReviewFlag.READING: any(fails_by_interpretation(protocol, finding) for finding in findings),
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
    """Return whether an opinion is about a recorded fact; whether a condition is there is asked of every subject."""
    part = vocabulary.parts[STEP.findall(path)[0]]
    return not (isinstance(part, Single | Group) or (isinstance(part, Checklist) and path.endswith(".status")))


def fails_by_interpretation(protocol: Protocol, finding: Finding) -> bool:
    """Return whether an interpretation of the protocol's wording bears on a failure.

    Half of the criteria have an interpretation, and an eligible subject passes them all: a flag for passes
    would appear on every one.
    """
    return finding.outcome == "fail" and bool(shown_interpretations(protocol, finding))


def has_confirmed_check(protocol: Protocol, assessment: Assessment) -> bool:
    """Return whether what had to be confirmed, or kept with a reason, is still present.

    It may have been corrected since.
    """
    revision = assessment.revision
    of_visit = Confirmation.objects.filter(revision__visit=revision.visit_id)
    confirmed = set(of_visit.filter(revision__number__lte=revision.number).values_list("key", flat=True))
    return bool(confirmed) and any(each.key in confirmed for each in raised_checks(protocol, revision))


def is_corrected(assessment: Assessment) -> bool:
    """Return whether a value was changed, with a reason, after the first assessment of the visit."""
    revision = assessment.revision
    if revision.number == 1:
        return False
    assessed = Assessment.objects.filter(revision__visit=revision.visit_id).order_by("revision__number")
    first = Subquery(assessed.values("revision__number")[:1])
    later = Revision.objects.filter(visit=revision.visit_id, number__gt=first, number__lte=revision.number)
    return later.exclude(reason="").exists()
