"""Outcomes from the traces alone, beside those that are evaluated without a trace."""

from collections.abc import Mapping
from typing import Any

from criteria.evaluation.criterion import Outcome, outcome_of
from criteria.evaluation.protocol import Protocol
from criteria.rules.truth import TRUE


def traced_outcomes(protocol: Protocol, document: Mapping[str, Any]) -> dict[str, Outcome]:
    facts, found = protocol.reader.read(document), {}
    for compiled in protocol.compiled:
        applies, rule = compiled.traced_rules
        application = TRUE if applies is None else applies(facts, None).truth
        found[compiled.code] = outcome_of(compiled.criterion.category, application, rule(facts, None).truth)
    return found
