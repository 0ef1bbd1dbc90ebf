"""Evaluation of one document under two definitions; only outcomes are compared, no proofs are built."""

from __future__ import annotations

from typing import Any, NamedTuple

from criteria.definition.reader import Edition
from criteria.evaluation.protocol import Outcome, Protocol, overall_of
from criteria.records import canonical
from criteria.versions.comparison import Comparison
from screening.models import Effect, LogDecision, Overall
from screening.simulations.people import Person

OutcomesByCode = dict[str, Outcome]  # by code
AGAINST = ("fail", "unknown")


class OutcomeShift(NamedTuple):
    """The change of one document's outcomes between two definitions.

    `before` and `after` are outcomes of the whole visit, empty where the document does not fit that definition.
    `changes` is {code: [before, after]}; None where a definition has no such criterion.
    """

    before: str
    after: str
    changes: dict[str, list[str | None]]

    @property
    def fits(self) -> bool:
        return bool(self.before and self.after)

    @property
    def is_changed(self) -> bool:
        return bool(self.changes) or self.before != self.after


class Evaluation:
    def __init__(self, old: Edition, new: Edition, comparison: Comparison) -> None:
        """Prepare the evaluation by two editions; `comparison` is the comparison of these two."""
        self.old, self.new = old.protocol, new.protocol
        self.same_questions = comparison.same_questions
        self.changed_codes = frozenset(comparison.changed_codes)

    def compile(self) -> None:
        """Compile at once what both sides need, before there are several processes."""
        for protocol in (self.old, self.new):
            protocol.compile()

    def person_shift(self, person: Person) -> tuple[Person, OutcomeShift]:
        """Return a subject, without the document, and the change of its outcomes."""
        return person._replace(document=""), self.shift(canonical.parse(person.document))

    def shift(self, document: Any) -> OutcomeShift:
        before, after = self.outcome_pair(document)
        changes = {} if before is None or after is None else changes_between(before, after)
        return OutcomeShift(overall_outcome(before), overall_outcome(after), changes)

    def outcome_pair(self, document: Any) -> tuple[OutcomesByCode | None, OutcomesByCode | None]:
        """Return the outcomes by the old and by the new definition; None where the document does not fit."""
        if not self.same_questions:
            return outcomes_if_fitting(self.old, document), outcomes_if_fitting(self.new, document)
        if self.new.validate(document):
            return None, None
        facts = self.new.reader.read(document)
        after = self.new.outcomes_of(facts)
        unchanged = {code: outcome for code, outcome in after.items() if code not in self.changed_codes}
        return unchanged | self.old.outcomes_of(facts, self.changed_codes), after


def outcomes_if_fitting(protocol: Protocol, document: Any) -> OutcomesByCode | None:
    return None if protocol.validate(document) else protocol.outcomes(document)


def overall_outcome(outcomes: OutcomesByCode | None) -> str:
    return "" if outcomes is None else overall_of(outcomes.values())


def changes_between(before: OutcomesByCode, after: OutcomesByCode) -> dict[str, list[str | None]]:
    """Return the changed outcomes by code.

    A criterion that only one definition has counts where it fails or is unknown: otherwise every subject would
    change.
    """
    found: dict[str, list[str | None]] = {}
    for code in [*after, *(code for code in before if code not in after)]:
        old, new = before.get(code), after.get(code)
        if old != new and ((code in before and code in after) or (old or new) in AGAINST):
            found[code] = [old, new]
    return found


def effect_of(person: Person, shift: OutcomeShift) -> Effect:
    """Return the effect of a change on a subject for whom something changes."""
    excluded = person.decision == LogDecision.FAILURE or person.found == Overall.INELIGIBLE
    was, would_be = shift.before == Overall.ELIGIBLE, shift.after == Overall.ELIGIBLE
    if is_enrolled_or_confirmed(person):
        return Effect.LOST if was and not would_be else Effect.OTHER
    return Effect.GAINED if excluded and not was and would_be else Effect.OTHER


def was_ineligible_before(person: Person, shift: OutcomeShift) -> bool:
    """Return whether a subject is enrolled or confirmed, but not eligible by the base version either.

    That is so when findings have expired since: the change takes nothing away from such a subject.
    """
    return is_enrolled_or_confirmed(person) and shift.before != Overall.ELIGIBLE


def is_enrolled_or_confirmed(person: Person) -> bool:
    """Return whether a subject is enrolled, or has a confirmation of eligibility that is valid."""
    return bool(person.enrolment_number) or person.decision == LogDecision.ELIGIBLE
