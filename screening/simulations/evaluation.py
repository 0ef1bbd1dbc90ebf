"""One document under two definitions: which outcomes would be others. No proofs: only outcomes are compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from criteria.definition.reader import Edition
from criteria.evaluation.protocol import Finding, Outcome, Protocol, overall_of
from criteria.versions.comparison import Comparison
from screening.models import Effect, LogDecision, Overall
from screening.simulations.people import Person

Outcomes = dict[str, Outcome]  # by code
AGAINST = ("fail", "unknown")


class Shift(NamedTuple):
    """`before` and `after` are outcomes of the whole visit, empty where the document does not fit that definition.
    `changes` is {code: [before, after]}; None where a definition has no such criterion.
    """

    before: str
    after: str
    changes: dict[str, list[str | None]]

    @property
    def fits(self) -> bool:
        return bool(self.before and self.after)

    @property
    def changed(self) -> bool:
        return bool(self.changes) or self.before != self.after


class Evaluation:
    def __init__(self, old: Edition, new: Edition, comparison: Comparison) -> None:
        """`comparison` is that of the two."""
        self.old, self.new = old.protocol, new.protocol
        self.same_questions = comparison.same_questions
        self.changed_codes = frozenset(comparison.changed_codes)

    def shift(self, document: Any) -> Shift:
        before, after = self.both(document)
        changes = {} if before is None or after is None else changes_between(before, after)
        return Shift(overall(before), overall(after), changes)

    def both(self, document: Any) -> tuple[Outcomes | None, Outcomes | None]:
        """The outcomes by the old and by the new definition; None where the document does not fit."""
        if not self.same_questions:
            return fitting(self.old, document), fitting(self.new, document)
        if self.new.validate(document):
            return None, None
        facts = self.new.reader.read(document)
        after = by_code(self.new.findings(facts))
        unchanged = {code: outcome for code, outcome in after.items() if code not in self.changed_codes}
        return unchanged | by_code(self.old.findings(facts, self.changed_codes)), after


def fitting(protocol: Protocol, document: Any) -> Outcomes | None:
    return None if protocol.validate(document) else by_code(protocol.evaluate(document))


def by_code(findings: Iterable[Finding]) -> Outcomes:
    return {finding.criterion.code: finding.outcome for finding in findings}


def overall(outcomes: Outcomes | None) -> str:
    return "" if outcomes is None else overall_of(outcomes.values())


def changes_between(before: Outcomes, after: Outcomes) -> dict[str, list[str | None]]:
    """A criterion that only one definition has counts where it speaks against the person: else everybody changes."""
    found: dict[str, list[str | None]] = {}
    for code in [*after, *(code for code in before if code not in after)]:
        old, new = before.get(code), after.get(code)
        if old != new and ((code in before and code in after) or (old or new) in AGAINST):
            found[code] = [old, new]
    return found


def effect_of(person: Person, shift: Shift) -> Effect:
    """What the change would mean for somebody for whom there is one."""
    excluded = person.decision == LogDecision.FAILURE or person.found == Overall.INELIGIBLE
    was, would_be = shift.before == Overall.ELIGIBLE, shift.after == Overall.ELIGIBLE
    if is_chosen(person):
        return Effect.LOST if was and not would_be else Effect.OTHER
    return Effect.GAINED if excluded and not was and would_be else Effect.OTHER


def is_held(person: Person, shift: Shift) -> bool:
    """Whether somebody is enrolled or confirmed whom the base version does not find eligible either, as when findings
    ended since: no change takes that away.
    """
    return is_chosen(person) and shift.before != Overall.ELIGIBLE


def is_chosen(person: Person) -> bool:
    """Whether somebody has a place, or a confirmation that holds."""
    return bool(person.enrolment_number) or person.decision == LogDecision.ELIGIBLE
