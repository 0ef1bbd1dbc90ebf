"""Remedy of a criterion that fails: how near it was to its limit, and whether it can be remedied."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from criteria.evaluation.dose_dates import PLANNED_DOSE, later_days, planned_on
from criteria.evaluation.protocol import Finding, Protocol, passing_truth
from criteria.rules.decisive import decisive_leaves
from criteria.rules.explain import awaits_judgement
from criteria.rules.facts import Facts
from criteria.rules.reach import ANYWHERE, NOWHERE, UP, PossibleChanges, ReachableTruth, ValueMoves
from criteria.rules.truth import FALSE
from criteria.vocabulary.carry_forward import VISIT_KEY
from criteria.vocabulary.parts import Checklist, Field, Group, Lasting, Records, Single, Vocabulary

RemedyKind = Literal["repeat", "wait", "none"]


class Distance(NamedTuple):
    """The distance of a value from its limit, in the unit that was entered."""

    label: str
    text: str


class Remedy(NamedTuple):
    """The remedy of a failure, if any.

    `wait`: a planned first dose on `clear_from` would do, with all else unchanged, and on each day after it up
    to `clear_until`, or to the horizon where that is None. `repeat`: a fact may change, or time has to pass.
    `none`: it fails for good. `about` names what decided and can be remedied, or else all that decided.
    """

    code: str
    remedy: RemedyKind
    clear_from: date | None
    clear_until: date | None
    distances: tuple[Distance, ...]
    about: tuple[str, ...]


def remedy_of(protocol: Protocol, visit: Mapping[str, Any] | Facts, finding: Finding) -> Remedy:
    """Return the remedy of a finding that fails, given a valid document or its facts."""
    facts = visit if isinstance(visit, Facts) else protocol.reader.read(visit)
    leaves = protocol.explainer.leaves
    found = list(decisive_leaves(leaves, finding.condition, passing_truth(finding)))
    first, last = clear_days(protocol, facts, finding)
    changes = changes_over_time(protocol.vocabulary) if first is None else LATER_DOSE
    remedy: RemedyKind = "wait" if first else "repeat" if can_be_remedied(protocol, finding, changes) else "none"
    reach = ReachableTruth(protocol.schema, protocol.limits, changes)
    changeable = [leaf for leaf in found if reach.can_be(leaf.trace, leaf.wanted, leaf.lists)]
    distances = (Distance(leaf.label, text) for leaf in found if (text := leaf.distance))
    about = (leaf.label for leaf in changeable or found)
    code, named = finding.criterion.code, tuple(dict.fromkeys(about))
    return Remedy(code, remedy, first, last, tuple(dict.fromkeys(distances)), named)


def clear_days(protocol: Protocol, facts: Facts, finding: Finding) -> tuple[date | None, date | None]:
    """Return the first later day for the first dose that clears a failure, and the last such day in a row.

    On a day that clears it the criterion would pass, or else would no longer fail. The last day is None where
    this holds to the horizon; both are None where no day clears it. A day on which the criterion would only ask
    for something to be repeated does not count.
    """
    if finding.criterion.code not in protocol.codes_reading(PLANNED_DOSE) or not can_be_remedied(
        protocol, finding, LATER_DOSE
    ):
        return None, None
    found = [(ordinal, result_on(protocol, facts, finding, ordinal)) for ordinal in later_days(facts)]
    for good in ({"pass"}, {"pass", "undecided"}):
        if first := next((ordinal for ordinal, how in found if how in good), None):
            end = next((ordinal for ordinal, how in found if ordinal > first and how not in good), None)
            return date.fromordinal(first), date.fromordinal(end - 1) if end else None
    return None, None


def result_on(protocol: Protocol, facts: Facts, finding: Finding, ordinal: int) -> Literal["pass", "undecided", "fail"]:
    """Return the result of a criterion with the first dose on a day.

    An unknown outcome is `fail` where the condition only waits for somebody to act, else `undecided`.
    """
    (then,) = protocol.findings(planned_on(facts, ordinal), (finding.criterion.code,))
    if then.outcome == "unknown":
        return "fail" if awaits_judgement(then.condition) else "undecided"
    return "fail" if then.outcome == "fail" else "pass"


def can_be_remedied(protocol: Protocol, finding: Finding, changes: PossibleChanges) -> bool:
    reach = ReachableTruth(protocol.schema, protocol.limits, changes)
    if finding.applies is not None and reach.can_be(finding.applies, FALSE):
        return True
    return reach.can_be(finding.condition, passing_truth(finding))


LATER_DOSE = PossibleChanges(
    moves=lambda name: UP if name == PLANNED_DOSE else NOWHERE,
    lists=lambda records: False,
    gains=lambda records: False,
    statuses=False,
)


def changes_over_time(vocabulary: Vocabulary) -> PossibleChanges:
    """Return what may change before, or at, another visit.

    Where the vocabulary declares nothing perishable, every part and field may change.
    """

    def may_move(lasting: Lasting | None) -> bool:
        return lasting is not None and (lasting.perishable or lasting.may_change or not vocabulary.declares_perishable)

    def moves(name: str) -> ValueMoves:
        part, field = vocabulary.parts[name.split(".")[0]], field_of(vocabulary, name)
        if part.key == VISIT_KEY:
            return UP if field is not None and field.type in ("date", "day") else ANYWHERE
        return ANYWHERE if may_move(part) or may_move(field) else NOWHERE

    def lists(name: str) -> bool:
        part = vocabulary.parts.get(name)
        return isinstance(part, Records) and may_move(part)

    def gains(name: str) -> bool:
        return isinstance(vocabulary.parts.get(name), Records)

    return PossibleChanges(moves, lists, gains, statuses=True)


def field_of(vocabulary: Vocabulary, name: str) -> Field | None:
    """Return the field of a fact, or of a record of a list (`therapies.ongoing`, `history.infection.severe`).

    None for a laboratory result, whose fields are not declared.
    """
    key, *steps = name.split(".")
    match vocabulary.parts[key]:
        case Single() as single:
            return single.field
        case Group() | Records() as part:
            return part.fields.get(steps[0])
        case Checklist() as checklist:
            return checklist.conditions[steps[0]].details.get(steps[1])
    return None
