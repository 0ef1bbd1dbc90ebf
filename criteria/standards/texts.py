"""What both standards say in words: whose words a criterion is in, how it is read, and by which rule it is decided."""

from __future__ import annotations

from collections.abc import Iterator

from criteria.evaluation.criterion import Criterion
from criteria.evaluation.protocol import Protocol

# What marks a text that stands where the standard has no place for what it says, or that the definition does not say.
AS_TEXT = "urn:trialsite:said-as-text"
RULE = "urn:trialsite:rule"
NOT_STATED = "not stated in the definition"


def first_words(criterion: Criterion) -> str:
    """Return the words of the protocol, in the first language in which they were entered; else our statement."""
    wordings = criterion.official_wordings
    return wordings[0].text if wordings else criterion.statement


def notes_of(protocol: Protocol, criterion: Criterion) -> Iterator[str]:
    """Yield what is said beside the words of a criterion, each with what it is."""
    for each in criterion.official_wordings[1:]:
        yield f"Official wording ({each.language}): {each.text}"
    if criterion.official_wording:
        yield f"Statement in the site's words: {criterion.statement}"
    else:
        yield "Statement in the site's words: the protocol's own wording was not entered."
    yield from (f"Interpretation: {each.text}" for each in criterion.interpretations)
    yield f"Rule: {protocol.sentence(criterion)}"
    if criterion.source:
        yield f"Source: {criterion.source}"
