"""Remedy of a criterion that fails: how near it was to its limit, and what can be done or waited for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from criteria.evaluation.advice import Adviser
from criteria.evaluation.dose_dates import PLANNED_DOSE, changes_of_a_leaf, later_days, planned_on
from criteria.evaluation.needed import Needed
from criteria.evaluation.protocol import Finding, Protocol, passing_truth
from criteria.rules import nodes as n
from criteria.rules.dates import first_clear_day, shift_day, single_day
from criteria.rules.decisive import DecisiveLeaf, awaits_judgement, decisive_leaves
from criteria.rules.facts import Facts
from criteria.rules.leaves import Gap
from criteria.rules.reach import ANYWHERE, NOWHERE, UP, PossibleChanges, ReachableTruth, ValueMoves
from criteria.rules.truth import FALSE, Truth
from criteria.vocabulary.actions import field_of
from criteria.vocabulary.carry_forward import VISIT_KEY
from criteria.vocabulary.links import VISIT_DATE
from criteria.vocabulary.parts import Lasting, Records, Results, Vocabulary

RemedyKind = Literal["wait", "act", "open", "none"]


class Distance(NamedTuple):
    """The distance of a value from its limit, in the unit that was entered; `side` is where the value lies.

    `text` is blank where the value is next to its limit.
    """

    label: str
    text: str
    side: Literal["below", "at", "above"]


class Remedy(NamedTuple):
    """The remedy of a failure, if any.

    `wait`: with all else unchanged, a planned first dose on `clear_from` would do, and on each day after it up to
    `clear_until`, or to the horizon where that is None; or a visit on `visit_from`; or time has to pass, where both
    are None. Where something is `missing` then, by path with what a person has to do about it, the criterion would
    only be not yet known on that day. `act`: the `advice` says what can be done. `open`: it may change, but nothing
    is to be done about it. `none`: it fails for good, `because` of these records, which are told beside a value that
    could be treated.
    """

    code: str
    remedy: RemedyKind
    clear_from: date | None = None
    clear_until: date | None = None
    visit_from: date | None = None
    distances: tuple[Distance, ...] = ()
    advice: Needed = ()
    missing: tuple[tuple[str, str], ...] = ()
    because: tuple[str, ...] = ()


def remedy_of(protocol: Protocol, visit: Mapping[str, Any] | Facts, finding: Finding) -> Remedy:
    """Return the remedy of a finding that fails, given a valid document or its facts."""
    facts = visit if isinstance(visit, Facts) else protocol.reader.read(visit)
    changes = changes_over_time(protocol.vocabulary)
    adviser, wanted = Adviser(protocol, changes), passing_truth(finding)
    leaves = list(decisive_leaves(protocol.explainer.leaves, finding.condition, wanted))
    distances = distances_of(leaf for leaf in leaves if adviser.is_distance_told(leaf))
    found = Remedy(finding.criterion.code, "none", distances=distances)
    first, last = clear_days(protocol, facts, finding)
    if first:
        missing = missing_then(protocol, planned_on(facts, first.toordinal()), finding)
        return found._replace(remedy="wait", clear_from=first, clear_until=last, missing=missing)
    if not can_be_remedied(protocol, finding, changes):
        causes = adviser.causes(finding.condition, wanted) if distances else ()
        return found._replace(because=tuple(dict.fromkeys(causes)))
    advice = adviser.advice(finding.condition, wanted)
    if advice is None:
        return found._replace(remedy="open")
    if advice:
        return found._replace(remedy="act", advice=advice)
    return found._replace(remedy="wait", **later_days_of(protocol, facts, finding, leaves))


def later_days_of(protocol: Protocol, facts: Facts, finding: Finding, leaves: Iterable[DecisiveLeaf]) -> dict[str, Any]:
    """Return the day for a visit, or else for a first dose, with which a criterion fails no more.

    What is missing then comes with it: by such a first dose something may have to be repeated. Empty where no day is
    named.
    """
    later = clear_visit(protocol, leaves)
    then = facts_on_visit(facts, later) if later else facts
    if finding.compiled.outcome(then) != "fail":
        return {"visit_from": later, "missing": missing_then(protocol, then, finding)}
    first, last = days_in_a_row(dose_outcomes(protocol, facts, finding), {"pass", "undecided", "asked"})
    if first is None:
        return {}
    missing = missing_then(protocol, planned_on(facts, first.toordinal()), finding)
    return {"clear_from": first, "clear_until": last, "missing": missing}


def distances_of(leaves: Iterable[DecisiveLeaf]) -> tuple[Distance, ...]:
    """Return the distance of each value from its limit; of several limits, from the one that has to be reached.

    That is the nearest where one of them is enough, otherwise the farthest.
    """
    gaps: dict[str, Gap] = {}
    for leaf in leaves:
        if leaf.gap:
            nearer = min if leaf.optional else max
            gaps[leaf.label] = nearer(gaps.get(leaf.label, leaf.gap), leaf.gap, key=lambda gap: abs(gap.number))
    return tuple(Distance(label, "" if gap.is_negligible else gap.text, side_of(gap)) for label, gap in gaps.items())


def side_of(gap: Gap) -> Literal["below", "at", "above"]:
    return "at" if not gap.number else "above" if gap.number > 0 else "below"


def missing_then(protocol: Protocol, facts: Facts, finding: Finding) -> tuple[tuple[str, str], ...]:
    """Return what a criterion still waits for with facts by which it does not fail any more."""
    (then,) = protocol.findings(facts, (finding.criterion.code,))
    return tuple(protocol.open_questions(then).items())


def clear_visit(protocol: Protocol, leaves: Iterable[DecisiveLeaf]) -> date | None:
    """Return the first day for a visit that all windows counted from it name; None where none names one."""
    return max((day for leaf in leaves if (day := clear_of_visit(protocol, leaf))), default=None)


def facts_on_visit(facts: Facts, day: date) -> Facts:
    """Return the facts of a visit that takes place on another day."""
    return Facts({**facts.values, VISIT_DATE: single_day(day.toordinal())}, facts.records, facts.is_reviewed)


def clear_of_visit(protocol: Protocol, leaf: DecisiveLeaf) -> date | None:
    """Return the first day for a visit by which a leaf, that is about the days before it, is as it has to be.

    An event precedes it long enough, a person is old enough, or another day has come.
    """
    node, values = leaf.trace.node, leaf.trace.operands
    if not values or values[0] is None:
        return None
    match node, leaf.wanted:
        case n.Within(_, period, n.Fact(path), _), Truth.FALSE if path == VISIT_DATE:
            limit = protocol.limits[period.name]
            if limit.value is not None:
                return date.fromordinal(first_clear_day(values[0].high, int(limit.value), limit.unit))
        case n.Compare(n.Age(n.Fact(born), n.Fact(path), unit), ">=", n.Param(name)), Truth.TRUE:
            limit, known = protocol.limits[name], {fact.path: value for fact, value in leaf.trace.used}
            if path == VISIT_DATE and limit.value is not None and known.get(born) is not None:
                return birthday(known[born].high, int(limit.value), unit)
        case n.Compare(n.Fact(), "<=", n.Fact(path)), Truth.TRUE if path == VISIT_DATE:
            return date.fromordinal(values[0].high)
    return None


def birthday(born: int, count: int, unit: str) -> date:
    """Return the day on which somebody is so many years or months old; 1 March where 29 February is missing."""
    day = date.fromordinal(shift_day(born, count, unit))
    return day if day.day == date.fromordinal(born).day else day + timedelta(1)


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
    outcomes = dose_outcomes(protocol, facts, finding)
    for good in ({"pass"}, {"pass", "undecided"}):
        first, last = days_in_a_row(outcomes, good)
        if first:
            return first, last
    return None, None


def dose_outcomes(protocol: Protocol, facts: Facts, finding: Finding) -> list[tuple[int, str]]:
    """Return the later days for the first dose on which a finding may change, with what it comes to from then on."""
    changes = changes_of_a_leaf(protocol, facts, [finding], later_days(facts))
    return [(day, dosing_result(then)) for day, (then,) in changes]


def days_in_a_row(outcomes: Iterable[tuple[int, str]], good: Collection[str]) -> tuple[date | None, date | None]:
    """Return the first day with a good outcome, and the last in a row; no last one where it stays so."""
    turns = list(outcomes)
    first = next((day for day, how in turns if how in good), None)
    if first is None:
        return None, None
    end = next((day for day, how in turns if day > first and how not in good), None)
    return date.fromordinal(first), date.fromordinal(end - 1) if end else None


def dosing_result(finding: Finding) -> Literal["pass", "undecided", "asked", "fail"]:
    """Return whether a finding lets the first dose be given.

    An unknown outcome is `asked` where the condition only waits for somebody to act, else `undecided`.
    """
    if finding.outcome == "unknown":
        return "asked" if awaits_judgement(finding.condition) else "undecided"
    return "fail" if finding.outcome == "fail" else "pass"


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
        part = vocabulary.parts.get(name.split(".")[0])
        return isinstance(part, Records | Results) and may_move(part)

    def gains(name: str) -> bool:
        return isinstance(vocabulary.parts.get(name.split(".")[0]), Records | Results)

    return PossibleChanges(moves, lists, gains, statuses=True)
