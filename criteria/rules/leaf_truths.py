"""Truths of leaves, from the values that they look at: what each kind of leaf means, in one place.

Both ways of evaluating a rule use them, with a trace (`evaluate`) and without one (`truth_source`), so that the two
cannot differ in what a leaf means. Each function is built once, and gives a truth for any number of visits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from criteria.rules import nodes as n
from criteria.rules.dates import Days
from criteria.rules.facts import DocumentRecord, Facts, LaboratoryValue, RecordScope
from criteria.rules.ranges import Range, is_at_most, is_below, point
from criteria.rules.read_values import ReadValues, Value, ValueReader
from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth, truth_of
from criteria.rules.units import EXACT_CONTEXT
from criteria.rules.windows import within_window
from criteria.rules.wording import plain_text, words_pattern

ValueTruth = Callable[[Value], Truth]
PairTruth = Callable[[Value, Value], Truth]

COMPARISONS: Mapping[str, PairTruth] = {
    "<": is_below,
    "<=": is_at_most,
    ">": lambda left, right: is_below(right, left),
    ">=": lambda left, right: is_at_most(right, left),
}


class LeafTruths(ReadValues):
    def limit_reader(self, node: n.Compare, right: ValueReader) -> Callable[[Value, Facts, RecordScope], Value]:
        """Return a reader of the right side in the unit of the left; a limit is converted once, here."""
        if not isinstance(node.right, n.Param | n.ByUnit):
            return lambda value, facts, scope: right(facts, scope)
        bounds = self.bounds_by_family(node)
        if len(bounds) == 1:
            (only,) = bounds.values()
            return lambda value, facts, scope: only
        return lambda value, facts, scope: None if value is None else bounds[value.family]

    def bounds_by_family(self, node: n.Compare) -> dict[int, Range | None]:
        """Return the limits on the right, converted to the first unit of each family of units of the left."""
        quantity = self.kinds[id(node.left)].quantity
        limits = [self.limits[param.name] for param in n.params_in(node.right)]
        return {
            quantity.family(limit.unit): None
            if limit.value is None
            else point(EXACT_CONTEXT.multiply(limit.value, quantity.factor(limit.unit)))
            for limit in limits
        }

    def limit_truth(self, node: n.Compare) -> ValueTruth:
        """Return the truth of a comparison with a Param or a ByUnit by the value on its left."""
        compare, bounds = COMPARISONS[node.operator], self.bounds_by_family(node)
        if len(bounds) == 1:
            (only,) = bounds.values()
            return lambda value: compare(value, only)
        return lambda value: UNKNOWN if value is None else compare(value, bounds[value.family])

    def code_truths(self, node: n.OneOf) -> dict[str | None, Truth]:
        """Return the truth by code; that of any other code is FALSE."""
        return {None: UNKNOWN, **dict.fromkeys(node.options, TRUE)}

    def codes_truth(self, node: n.Has) -> ValueTruth:
        options, only = frozenset(node.options), node.only

        def truth(codes: Value) -> Truth:
            if codes is None:
                return UNKNOWN
            return truth_of(codes <= options if only else not options.isdisjoint(codes))

        return truth

    def words_truth(self, node: n.Names) -> ValueTruth:
        wanted, but = words_pattern(node.words), words_pattern(node.but)
        return lambda text: UNKNOWN if text is None else truth_of(bool(wanted.search(but.sub(" ", plain_text(text)))))

    def miscoded_truth(self) -> PairTruth:
        drugs = self.schema.drugs
        return lambda text, codes: UNKNOWN if text is None or drugs is None else drugs.is_miscoded(text, codes)

    def detected_truth(self) -> PairTruth:
        """Return the truth by the result and its limit of detection."""
        zero_is_detected = self.schema.format < 2

        def truth(value: LaboratoryValue | None, lod: Range | None) -> Truth:
            if value is None:
                return UNKNOWN
            if lod is not None:
                return is_below(lod, value)
            is_zero = value.value == 0 and not value.comparator
            return truth_of(value.comparator not in ("<", "<=") and (zero_is_detected or not is_zero))

        return truth

    def other_records(self) -> Callable[[Sequence[DocumentRecord], RecordScope], list[DocumentRecord]]:
        """Return what `other` leaves of a list: since format 3, no record at hand or around that one."""
        return records_not_at_hand if self.schema.format >= 3 else other_records

    def whole_number(self, node: n.Node) -> int:
        """Return the number of conditions that have to hold."""
        return int(self.limits[node.name].value or 0) if isinstance(node, n.Param) else int(node.value)  # type: ignore[attr-defined]

    def window_truth(self, node: n.Within) -> PairTruth:
        """Return the truth by the event and the day that the window lies around; an open window always holds."""
        if self.limits[node.period.name].value is None:
            return lambda day, centre: TRUE
        return partial(within_window, node.direction, *self.period(node.period))


def at_least_truth(needed: int, truths: Sequence[Truth]) -> Truth:
    """Return whether at least so many conditions hold."""
    if sum(truth is TRUE for truth in truths) >= needed:
        return TRUE
    return FALSE if sum(truth is not FALSE for truth in truths) < needed else UNKNOWN


def other_records(records: Sequence[DocumentRecord], scope: RecordScope) -> list[DocumentRecord]:
    """Return the records of a list but for the one at hand."""
    return [record for record in records if scope and record is not scope[0]]


def records_not_at_hand(records: Sequence[DocumentRecord], scope: RecordScope) -> list[DocumentRecord]:
    """Return the records of a list but for the one at hand and those around it."""
    at_hand = []
    while scope:
        at_hand.append(scope[0])
        scope = scope[1]
    return [record for record in records if not any(record is each for each in at_hand)]


def same_truth(one: Value, other: Value) -> Truth:
    """Return whether two values are the same; of two ranges, whether they must be, or cannot be."""
    if one is None or other is None:
        return UNKNOWN
    if isinstance(one, Range):
        if one.is_point and other.is_point:
            return truth_of(one.low == other.low)
        return FALSE if TRUE in (is_below(one, other), is_below(other, one)) else UNKNOWN
    return truth_of(one == other or plain_text(one) == plain_text(other))


def common_truth(one: Value, other: Value) -> Truth:
    """Return whether two codes are the same, or two sets of codes have one in common."""
    if one is None or other is None:
        return UNKNOWN
    return truth_of(one == other if isinstance(one, str) else not one.isdisjoint(other))


def known_truth(value: Value) -> Truth:
    return FALSE if value is None else TRUE


def limit_of_detection(node: n.Detected) -> n.Fact:
    return n.Fact(f"{node.result.path}.lod")


def answers_of(name: str, facts: Facts) -> list[Any]:
    """Return the answers to a condition of the history."""
    return [entry["status"] for entry in facts.records.get(name, ()) if "status" in entry]


def days_before(limit: Range, facts: Facts) -> Iterator[str]:
    """Yield the paths of the days of a visit that lie wholly before another one."""
    return (path for path, day in facts.days() if day.high < limit.low)


def proves_absence(absence: str, name: str, facts: Facts) -> bool:
    """Return whether a list without a matching record proves that there is none."""
    if absence == "reviewed":
        return name in facts.is_reviewed
    return absence == "recorded" or bool(facts.records.get(name))


def latest_record(records: Sequence[DocumentRecord], days: Sequence[Days | None]) -> DocumentRecord | None:
    """Return the record of the last day; of several on one day, the last in the list.

    A single record needs no day. None where there is no record, or several and none has a day.
    """
    if len(records) < 2:
        return records[0] if records else None
    found, found_day = None, -1
    for record, day in zip(records, days, strict=True):
        if day is not None and day.low >= found_day:
            found, found_day = record, day.low
    return found


def undated_records(records: Sequence[DocumentRecord], days: Sequence[Days | None]) -> tuple[DocumentRecord, ...]:
    """Return the records without a whole date, any of which may be the latest.

    None of them where there are fewer than two records.
    """
    if len(records) < 2:
        return ()
    return tuple(r for r, day in zip(records, days, strict=True) if day is None or not day.is_point)
