"""Which of the parts that decided are told, and what of a reason is told beside others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from criteria.rules import nodes as n
from criteria.rules.leaves import LeafExplainer, LeafPlace
from criteria.rules.proofs import sentences as s
from criteria.rules.proofs.reasons import (
    Answer,
    Elapsed,
    InContext,
    Measured,
    NamedCondition,
    OfRecord,
    Reason,
    Told,
    labels_text,
    record_reasons_text,
    without_follow_ups,
)
from criteria.rules.trace import Trace
from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth


def parts_told(leaves: LeafExplainer, parts: list[Trace], trace: Trace, wanted: Truth, place: LeafPlace) -> list[Trace]:
    """Return the parts of a condition that decided without those that say nothing beside another one.

    What would exclude and is open only because it may be too old, or waits for a person, is asked first: the rest
    matters only once that is so. An answer whose follow-up question is held against a limit is said by that. Where no
    record is what another name is defined by, that name says nothing.
    """
    match trace.node:
        case n.AllOf() if trace.truth is UNKNOWN and wanted is FALSE:
            first = next((part for part in parts if part.truth is UNKNOWN), None)
            if first and is_open_by_age(first) and not isinstance(first.node, n.Judgement):
                return [part for part in parts if part is first or part.truth is not UNKNOWN]
        case n.AllOf() if trace.truth is FALSE and wanted is TRUE:
            absent = {part.node.where.label for part in parts if is_none_named(part)}  # type: ignore[attr-defined]
            return [part for part in parts if is_none_named(part) or not rests_on(part.node, absent)]
        case n.AllOf():
            return [part for part in parts if not is_followed_up(leaves, part, parts, place)]
    return parts


def is_open_by_age(trace: Trace) -> bool:
    """Return whether what is open of a condition is how old a finding is, or what a person has to judge."""
    if trace.children:
        return all(is_open_by_age(child) for child in trace.children if child.truth is UNKNOWN)
    return isinstance(trace.node, n.Judgement) or (
        isinstance(trace.node, n.Within) and trace.node.direction == "before"
    )


def is_none_named(part: Trace) -> bool:
    return isinstance(part.node, n.Some) and isinstance(part.node.where, n.Named) and part.truth is FALSE


def rests_on(node: n.Node, labels: set[str]) -> bool:
    """Return whether a condition is about records that are named, by way of one of other names."""
    named = [each for each in n.subtrees(node) if isinstance(each, n.Named)]
    return bool(named) and any(each.label in labels for each in named[1:])


def is_followed_up(leaves: LeafExplainer, part: Trace, parts: Iterable[Trace], place: LeafPlace) -> bool:
    """Return whether an answer leads to a question about a day that another part holds against a limit."""
    return isinstance(part.node, n.OneOf) and part.truth is TRUE and asks_day(leaves, part.node.arg.path, parts, place)


def asks_day(leaves: LeafExplainer, path: str, parts: Iterable[Trace], place: LeafPlace) -> bool:
    """Return whether a part holds a day against a limit that is asked after the question at a path."""
    days = (each.node.left for each in parts if isinstance(each.node, n.Compare) and each.truth is not UNKNOWN)
    types = (leaves.type_of(day, place) for day in days if isinstance(day, n.Fact))
    return any(fact.kind == "date" and path in fact.after for fact in types)


def lies_after(part: Trace) -> bool:
    """Return whether a window without an end holds because of a day after the one from which it is counted."""
    if not (isinstance(part.node, n.Within) and part.node.direction == "since"):
        return False
    event, anchor = part.operands
    return event is not None and anchor is not None and event.low > anchor.high


def measured_in(reasons: Iterable[Reason]) -> Iterator[str]:
    """Yield the values that reasons hold against a limit."""
    for reason in reasons:
        match reason:
            case Measured():
                yield reason.found
            case InContext(_, inner):
                yield from measured_in(inner)


def context_texts(reasons: Iterable[Reason], told: Iterable[Reason]) -> Iterator[str]:
    """Yield what would exclude, without its limits and without values that are `told` with another one."""
    found = set(measured_in(told))
    for reason in reasons:
        match reason:
            case Measured() if reason.found in found:
                continue
            case Measured():
                yield s.ON_DAY % {"found": reason.found, "day": reason.day} if reason.day else reason.found
            case Elapsed():
                yield reason._replace(needs=()).text
            case Told(text):
                yield text
            case Answer() if not reason.is_missing:
                yield reason.text
            case NamedCondition(name):
                yield name


def has_missing(reasons: Iterable[Reason]) -> bool:
    """Return whether an answer is missing, of the record at hand or of one within its reasons."""
    return any(
        each.is_missing if isinstance(each, Answer) else isinstance(each, OfRecord) and has_missing(each.reasons)
        for each in reasons
    )


def undecided_text(reasons: Iterable[Reason]) -> str:
    """Return what keeps it from being known whether a record is something: the answers that are missing, if any."""
    every = without_follow_ups(reasons)
    missing = [each.label for each in every if isinstance(each, Answer) and each.is_missing]
    if missing:
        return s.MISSING % {"labels": labels_text(list(dict.fromkeys(missing)))}
    vague = [each for each in every if is_vague(each)]
    beside = [each for each in every if isinstance(each, OfRecord)]
    return record_reasons_text(vague or beside or every)


def is_vague(reason: Reason) -> bool:
    return isinstance(reason, Elapsed) and reason.template == s.UNDECIDED
