"""A criterion that fails: how near it was, and whether it could come right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from criteria.evaluation.dose_dates import PLANNED, later_days, planned_on
from criteria.evaluation.protocol import Finding, Protocol, wanted
from criteria.rules.decisive import decisive
from criteria.rules.explain import asks
from criteria.rules.facts import Facts
from criteria.rules.reach import ANYWHERE, NOWHERE, UP, Changes, Moves, Reach
from criteria.rules.truth import FALSE
from criteria.vocabulary.carry_forward import VISIT
from criteria.vocabulary.parts import Checklist, Field, Group, Lasting, Records, Single, Vocabulary

Remedy = Literal["repeat", "wait", "none"]


class Distance(NamedTuple):
    """How far a value lies from its limit, in the unit that was typed."""

    label: str
    text: str


class Prospect(NamedTuple):
    """Whether a failure could come right.

    `wait`: a planned first dose on `clear_from` would do, with all else as it is, and on each day after it up to
    `clear_until`, or to the horizon where that is None. `repeat`: a fact may change, or time has to pass. `none`: it
    fails for good. `about` names what decided and could come right, or else all that decided.
    """

    code: str
    remedy: Remedy
    clear_from: date | None
    clear_until: date | None
    distances: tuple[Distance, ...]
    about: tuple[str, ...]


def prospect(protocol: Protocol, visit: Mapping[str, Any] | Facts, finding: Finding) -> Prospect:
    """The prospect of a finding that fails, of a valid document or of its facts."""
    facts = visit if isinstance(visit, Facts) else protocol.reader.read(visit)
    leaves = protocol.explainer.leaves
    found = list(decisive(leaves, finding.condition, wanted(finding)))
    first, last = clear_days(protocol, facts, finding)
    changes = with_time(protocol.vocabulary) if first is None else LATER_DOSE
    remedy: Remedy = "wait" if first else "repeat" if can_come_right(protocol, finding, changes) else "none"
    reach = Reach(protocol.schema, protocol.limits, changes)
    changeable = [leaf for leaf in found if reach.can_be(leaf.trace, leaf.wanted, leaf.lists)]
    distances = (Distance(leaf.label, text) for leaf in found if (text := leaf.distance))
    about = (leaf.label for leaf in changeable or found)
    code, named = finding.criterion.code, tuple(dict.fromkeys(about))
    return Prospect(code, remedy, first, last, tuple(dict.fromkeys(distances)), named)


def clear_days(protocol: Protocol, facts: Facts, finding: Finding) -> tuple[date | None, date | None]:
    """The first later day for the first dose on which a criterion would pass, or else would no longer fail, and the
    last day until which that stays true, where there is one within the horizon.

    A day on which it would only ask for something to be done anew is none.
    """
    if finding.criterion.code not in protocol.codes_reading(PLANNED) or not can_come_right(
        protocol, finding, LATER_DOSE
    ):
        return None, None
    found = [(ordinal, found_on(protocol, facts, finding, ordinal)) for ordinal in later_days(facts)]
    for good in ({"pass"}, {"pass", "undecided"}):
        if first := next((ordinal for ordinal, how in found if how in good), None):
            end = next((ordinal for ordinal, how in found if ordinal > first and how not in good), None)
            return date.fromordinal(first), date.fromordinal(end - 1) if end else None
    return None, None


def found_on(protocol: Protocol, facts: Facts, finding: Finding, ordinal: int) -> Literal["pass", "undecided", "fail"]:
    """What becomes of a criterion with a first dose on a day."""
    (then,) = protocol.findings(planned_on(facts, ordinal), (finding.criterion.code,))
    if then.outcome == "unknown":
        return "fail" if asks(then.condition) else "undecided"
    return "fail" if then.outcome == "fail" else "pass"


def can_come_right(protocol: Protocol, finding: Finding, changes: Changes) -> bool:
    reach = Reach(protocol.schema, protocol.limits, changes)
    if finding.applies is not None and reach.can_be(finding.applies, FALSE):
        return True
    return reach.can_be(finding.condition, wanted(finding))


LATER_DOSE = Changes(
    moves=lambda name: UP if name == PLANNED else NOWHERE,
    lists=lambda records: False,
    gains=lambda records: False,
    statuses=False,
)


def with_time(vocabulary: Vocabulary) -> Changes:
    """What may change before, or at, another visit. A vocabulary that does not say what perishes promises nothing."""

    def may_move(lasting: Lasting | None) -> bool:
        return lasting is not None and (lasting.perishable or lasting.may_change or not vocabulary.says_what_perishes)

    def moves(name: str) -> Moves:
        part, field = vocabulary.parts[name.split(".")[0]], field_of(vocabulary, name)
        if part.key == VISIT:
            return UP if field is not None and field.type in ("date", "day") else ANYWHERE
        return ANYWHERE if may_move(part) or may_move(field) else NOWHERE

    def lists(name: str) -> bool:
        part = vocabulary.parts.get(name)
        return isinstance(part, Records) and may_move(part)

    def gains(name: str) -> bool:
        return isinstance(vocabulary.parts.get(name), Records)

    return Changes(moves, lists, gains, statuses=True)


def field_of(vocabulary: Vocabulary, name: str) -> Field | None:
    """The field of a fact, or of a record of a list (`therapies.ongoing`, `history.infection.severe`)."""
    key, *steps = name.split(".")
    match vocabulary.parts[key]:
        case Single() as single:
            return single.field
        case Group() | Records() as part:
            return part.fields.get(steps[0])
        case Checklist() as checklist:
            return checklist.conditions[steps[0]].details.get(steps[1])
    return None
