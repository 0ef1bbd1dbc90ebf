"""Reasons: what was found and what it is held against, joined where they say the same of the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from criteria.rules.proofs import sentences as s
from criteria.rules.proofs.limits import Bound, Need, bounds_text, decisive_bounds, decisive_needs
from criteria.rules.text import list_text


class Told(NamedTuple):
    """A reason that stands by itself."""

    text: str


class Request(NamedTuple):
    """What somebody has to do before the outcome is known; it is told after everything that was found."""

    text: str


class Answer(NamedTuple):
    """An answer that several questions may share: yes, absent, not known; `outer` of the record around that one.

    `asks` is the path of the question, `after` those of the questions whose answers decide whether it is asked.
    """

    label: str
    answer: str
    outer: bool = False
    asks: str = ""
    after: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        return s.ANSWER % {"label": self.label, "answer": self.answer}

    @property
    def is_missing(self) -> bool:
        return self.answer == s.NOT_KNOWN


class Measured(NamedTuple):
    """A value with its limits, in the sentence of `template`; `day` is that of a laboratory result.

    `every` says of several limits whether all of them have to be kept; None of a single one. A computed value is told
    with its `inputs`. `is_outer` where the value is that of the record around the one at hand.
    """

    template: str
    found: str
    bounds: tuple[Bound, ...] = ()
    day: str = ""
    every: bool | None = None
    inputs: str = ""
    is_outer: bool = False

    @property
    def limit(self) -> str:
        return bounds_text(self.bounds, every=self.every is not False) if self.bounds else ""

    @property
    def text(self) -> str:
        text = self.template % {"found": self.found, "limit": self.limit}
        if self.inputs:
            text = s.COMPUTED_FROM % {"found": text, "inputs": self.inputs}
        return s.ON_DAY % {"found": text, "day": self.day} if self.day else text


class Anchor(NamedTuple):
    """The day from which another one is counted: its name or, of a sample, the test."""

    label: str
    is_sample: bool = False


class Elapsed(NamedTuple):
    """The time between two days, and how long it has to be, or may be; without `needs` that does not matter.

    Of the day of a sample `tests` names the results, and `found` is the day alone.
    """

    found: str
    template: str
    anchors: tuple[Anchor, ...]
    apart: str = ""
    needs: tuple[Need, ...] = ()
    tests: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        tests = s.NEXT_LABEL.join(self.tests)
        found = s.SAMPLE_ON % {"tests": tests, "day": self.found} if tests else self.found
        anchors = anchors_text(self.anchors)
        reason = self.template % {"found": found, "apart": self.apart, "anchor": anchors}
        anchor = anchors if self.template == s.UNDECIDED else s.IT
        for at, need in enumerate(self.needs):
            template = s.ALSO[need.template] if at else need.template
            reason = template % {"reason": reason, "length": need.length, "anchor": anchor}
        return reason


class TooOld(NamedTuple):
    """A finding that is older than it may be, and the `day` from which it is recent enough when it is repeated.

    Of the day of a sample `tests` names the results, and `found` is the day alone.
    """

    found: str
    apart: str
    anchor: str
    longest: str
    day: str
    tests: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        results = s.SAMPLE_ON % {"tests": s.NEXT_LABEL.join(self.tests), "day": self.found}
        return s.TOO_OLD % {**self._asdict(), "found": results if self.tests else self.found}


class InContext(NamedTuple):
    """Reasons after the `context` in which they count, in the sentence of `template`: HBsAg positive, but treated."""

    context: tuple[str, ...]
    reasons: tuple[Reason, ...]
    template: str = s.BUT

    @property
    def text(self) -> str:
        words = {"context": s.NEXT_LABEL.join(self.context), "reasons": record_reasons_text(self.reasons)}
        if not self.context:
            return words["reasons"]
        return self.template % words


class Undecided(NamedTuple):
    """A record of which it is not known whether it is what one or several names say, and why."""

    record: str
    why: str
    name: str

    @property
    def text(self) -> str:
        return s.WHETHER_IS % {"record": self.record, "name": self.name, "reasons": self.why}


class NamedCondition(NamedTuple):
    """A condition with a name of its own, and the reasons for which it holds."""

    name: str
    reasons: tuple[Reason, ...]

    @property
    def text(self) -> str:
        words = {"name": self.name, "reasons": record_reasons_text(self.reasons)}
        return (s.NAMED if self.reasons else s.NAMED_ALONE) % words


class OfRecord(NamedTuple):
    """The reasons that one record gives, which is `at` a path of the document; `beside` another one's.

    Of one that is said to be something the name of that is told, too.
    """

    record: str
    at: str
    reasons: tuple[Reason, ...]
    beside: bool = False

    @property
    def text(self) -> str:
        match self.reasons:
            case [NamedCondition(name, reasons)] if not self.beside:
                words = {"record": self.record, "name": name, "reasons": record_reasons_text(reasons)}
                return s.RECORD_IS % words
        if self.beside and (dated := [each for each in self.reasons if isinstance(each, Measured) and each.is_outer]):
            names = [each.name for each in self.reasons if isinstance(each, NamedCondition)]
            if names and len(dated) == 1:
                words = {"record": self.record, "name": s.NEXT_LABEL.join(names), "reasons": dated[0].text}
                return s.DATED_BY_NAMED % words
        if self.beside and (names := [each.name for each in self.reasons if isinstance(each, NamedCondition)]):
            others = record_reasons_text(each for each in self.reasons if not isinstance(each, NamedCondition))
            return s.BESIDE_NAMED % {"record": self.record, "name": s.NEXT_LABEL.join(names), "reasons": others}
        own = without_follow_ups(self.reasons)
        missing = [reason.label for reason in own if isinstance(reason, Answer) and reason.is_missing]
        if len(missing) == len(own):
            return s.RECORD_NOT_KNOWN % {"record": self.record, "labels": labels_text(missing)}
        texts = record_reasons_text(without_told(reason, own) for reason in own)
        return (s.BESIDE_RECORD if self.beside else s.RECORD) % {"record": self.record, "reasons": texts}


Reason = Told | Request | Answer | Measured | Elapsed | TooOld | InContext | Undecided | NamedCondition | OfRecord


def without_told(reason: Reason, told: Collection[Reason]) -> Reason:
    """Return a named condition without the reasons that stand beside it already; any other reason as it is."""
    if not isinstance(reason, NamedCondition):
        return reason
    found = {each.found for each in told if isinstance(each, Measured)}
    kept = (each for each in reason.reasons if each not in told and each.text not in found)
    return reason._replace(reasons=tuple(kept))


def without_exceptions(reasons: Iterable[Reason]) -> list[Reason]:
    """Return the reasons without an answer beside those that would be allowed, where the answer itself is told.

    One that is said to exclude is not said again.
    """
    every = list(reasons)
    told = {reason.text for reason in every if isinstance(reason, Told)}
    told |= {each.found for each in every if isinstance(each, Measured) and each.template == s.EXCLUDED_ALONE}
    return [
        reason
        for reason in every
        if not (
            isinstance(reason, Measured)
            and reason.template in (s.ALLOWED_ANSWER, s.EXEMPT_ANSWER)
            and reason.found in told
        )
    ]


def without_told_context(reasons: Iterable[Reason], *, within: bool) -> list[Reason]:
    """Return the reasons without what stands in a context or after it; of a context `within` a record, that is told."""
    every = list(reasons)
    contexts = [each for each in every if isinstance(each, InContext)]
    again = {reason.text for each in contexts for reason in each.reasons}
    if not within:
        again |= {text for each in contexts for text in each.context}
    every = [each for each in every if not (isinstance(each, Told) and each.text in again)]
    told = {each.text for each in every if isinstance(each, Told)}
    return [
        each._replace(context=tuple(text for text in each.context if text not in told))
        if isinstance(each, InContext)
        else each
        for each in every
    ]


def without_follow_ups(reasons: Iterable[Reason]) -> list[Reason]:
    """Return the reasons without a missing answer that is asked only after another one that is missing, too."""
    every = list(reasons)
    open_paths = {each.asks for each in every if isinstance(each, Answer) and each.is_missing}
    return [each for each in every if not (isinstance(each, Answer) and each.is_missing and each.after & open_paths)]


def anchors_text(anchors: Iterable[Anchor]) -> str:
    tests = [anchor.label for anchor in anchors if anchor.is_sample]
    others = [anchor.label for anchor in anchors if not anchor.is_sample]
    samples = [s.THE_SAMPLE % {"tests": s.NEXT_LABEL.join(tests)}] if tests else []
    return list_text(named, "and") if (named := [*others, *samples]) else ""


# Joining reasons


def merge_reasons(reasons: Iterable[Reason], *, every: bool = True) -> list[Reason]:
    """Return the reasons without repetitions.

    Several limits of one value are one reason, of which `every` one has to be kept, or one of them; so are several
    lengths of one time, several anchors and several samples of one day, and the reasons of one record.
    """
    found = list(reasons)
    if len(found) < 2:
        return found
    several_times = sum(isinstance(reason, Elapsed) for reason in found) > 1
    for name in ("needs", "anchors", "tests") if several_times else ("needs",):
        merged: dict[object, Reason] = {}
        for reason in found:
            key = same_subject(reason, name)
            merged[key] = merged_reason(merged[key], reason, every=every) if key in merged else reason
        found = list(merged.values())
    return found


def same_subject(reason: Reason, name: str) -> object:
    """Return what is equal of two reasons that can be told as one; of two times all but what `name` says."""
    match reason:
        case Measured(template, found, _, day, _, inputs):
            return Measured, template, found, day, inputs
        case Undecided(record, why):
            return Undecided, record, why
        case InContext(context, _, template):
            return InContext, context, template
        case TooOld():
            return TooOld, *reason[:-1], bool(reason.tests)
        case Elapsed():
            kept = (value for field, value in zip(Elapsed._fields, reason, strict=True) if field != name)
            return Elapsed, *kept, bool(getattr(reason, name))
        case OfRecord(record, at, _, beside):
            return OfRecord, record, at, beside
    return type(reason), reason


def merged_reason(before: Reason, reason: Reason, *, every: bool) -> Reason:
    match before, reason:
        case Measured(), Measured() if before.bounds != reason.bounds:
            return merged_limits(before, reason, every=every != (before.template == s.EXCLUDED))
        case Elapsed(), Elapsed():
            return before._replace(
                anchors=tuple(dict.fromkeys((*before.anchors, *reason.anchors))),
                needs=decisive_needs((*before.needs, *reason.needs), every=every),
                tests=tuple(dict.fromkeys((*before.tests, *reason.tests))),
            )
        case Undecided(), Undecided() if before.name != reason.name:
            return before._replace(name=s.OR_AS % {"first": before.name, "second": reason.name})
        case InContext(), InContext():
            inner = tuple(merge_reasons((*before.reasons, *reason.reasons), every=every))
            return before._replace(reasons=inner)
        case TooOld(), TooOld():
            return before._replace(tests=tuple(dict.fromkeys((*before.tests, *reason.tests))))
        case OfRecord(), OfRecord():
            return before._replace(reasons=tuple(merge_reasons((*before.reasons, *reason.reasons), every=every)))
    return before


def merged_limits(before: Measured, reason: Measured, *, every: bool) -> Measured:
    """Return a value with the limits of both; those that were joined in another way stay as they are told."""
    bounds = [
        bound
        for each in (before, reason)
        for bound in (each.bounds if each.every in (None, every) else (Bound(each.limit),))
    ]
    return before._replace(bounds=decisive_bounds(bounds, every=every), every=every)


# Reasons in words


def reason_texts(reasons: Iterable[Reason], *, within: bool = False) -> list[str]:
    """Return the reasons in words: values before answers, those that were answered alike together.

    What was found is not said again where another reason says it with its limit. `within` a record only what is not
    known is told together.
    """
    every = without_exceptions(without_follow_ups(merge_reasons(reasons)))
    values = [reason for reason in every if isinstance(reason, Measured | Elapsed | TooOld)]
    held = {
        reason.found
        for reason in values
        if isinstance(reason, Measured) or (isinstance(reason, Elapsed) and reason.needs)
    }
    values = [each for each in values if not isinstance(each, Elapsed) or each.needs or each.found not in held]
    every = without_told_context(every, within=within)
    others = [
        reason.text for reason in every if isinstance(reason, Told | InContext | Undecided | NamedCondition | OfRecord)
    ]
    answers = [reason for reason in every if isinstance(reason, Answer)]
    return [
        *(value_texts(values) if not within else (reason.text for reason in values)),
        *(text for text in others if text not in held),
        *answer_texts(answers, apart=within),
    ]


def record_reasons_text(reasons: Iterable[Reason]) -> str:
    return s.NEXT_REASON.join(reason_texts(reasons, within=True))


def value_texts(values: Iterable[Measured | Elapsed | TooOld]) -> Iterator[str]:
    """Yield values in words; where all results are of one day, that day is told once, with its distance if any."""
    found = list(values)
    days = [reason.day for reason in found if isinstance(reason, Measured) and reason.day]
    if len(days) > 1 and len(set(days)) == 1:
        yield from (each._replace(day="").text for each in found if isinstance(each, Measured))
        times = [each for each in found if not isinstance(each, Measured)]
        samples = [each for each in times if isinstance(each, Elapsed) and each.tests and each.found == days[0]]
        yield from (each.text for each in times if each not in samples)
        of_day = [each._replace(found=s.ALL_OF_DAY % {"day": each.found}, tests=()).text for each in samples]
        yield from of_day if len(of_day) == 1 else [s.ALL_OF_DAY % {"day": days[0]}]
    else:
        yield from (each.text for each in found)


def answer_texts(answers: Iterable[Answer], *, apart: bool) -> Iterator[str]:
    """Yield answers in words, alike ones together or, where they stand `apart`, only what is not known."""
    groups: dict[tuple[str, str], list[Answer]] = {}
    for each in answers:
        groups.setdefault((each.answer, each.label if apart and not each.is_missing else ""), []).append(each)
    for (answer, _label), alike in groups.items():
        if len(alike) == 1:
            yield alike[0].text
        else:
            yield s.ANSWERS % {"answer": answer, "labels": labels_text([each.label for each in alike])}


def labels_text(labels: list[str]) -> str:
    separator = s.NEXT_REASON if any(s.NEXT_LABEL.strip() in label for label in labels) else s.NEXT_LABEL
    return separator.join(labels)


def requests_in(reasons: Iterable[Reason]) -> Iterator[str]:
    """Yield what somebody has to do, also for what was found of a record."""
    for reason in reasons:
        match reason:
            case Request(text):
                yield text
            case NamedCondition(_, inner) | OfRecord(_, _, inner) | InContext(_, inner):
                yield from requests_in(inner)
