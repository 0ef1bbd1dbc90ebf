"""Answers carried forward from earlier attempts at a re-screening, to be confirmed before they count."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef

from criteria.versions.versions import protocol_of
from criteria.vocabulary import AnyPart, Checklist, Section, Vocabulary, validate
from criteria.vocabulary.carry_forward import entries_asked_anew, is_known_entry, stable_part
from screening.models import Revision, Visit
from screening.shared.diff import Change
from screening.visits.applicable_version import applicable_version
from screening.visits.entered_in_error import standing_visits
from screening.visits.labels import STEP
from screening.visits.sections import VisitDocument, complete_lists

NOTHING: tuple[Any, ...] = (None, "unknown", {}, [])
HAPPENED = ("past", "current")


class PriorAnswers(NamedTuple):
    """The prior answers to what a visit leaves open in a section.

    `carried` are to be confirmed. `recalled` are entries of the history, by the key of their part: each of these
    conditions is asked anew, by itself. `sources` are those of `EarlierAnswers`.
    """

    carried: VisitDocument
    recalled: dict[str, list[VisitDocument]]
    sources: Mapping[str, int] = MappingProxyType({})

    def carried_from(self, key: str) -> list[int]:
        """Return the numbers of the visits that gave what is carried of a part."""
        return self.visits_of(key, self.carried.get(key))

    @property
    def visits(self) -> list[int]:
        """The numbers of all the visits that gave these answers."""
        given = [*self.carried.items(), *self.recalled.items()]
        return sorted({number for key, value in given for number in self.visits_of(key, value)})

    def visits_of(self, key: str, value: Any) -> list[int]:
        names = [key] if key in self.sources else [entry_source(key, entry) for entry in entry_list(value)]
        return sorted({self.sources[name] for name in names if name in self.sources})


NO_ANSWERS = PriorAnswers({}, {})


class EarlierAnswers(NamedTuple):
    """The answers of earlier attempts by key, and the numbers of the visits that gave them.

    `sources` has them by key, of a history by `entry_source`: several attempts may have asked for its conditions.
    """

    answers: VisitDocument
    sources: dict[str, int]


def entry_source(key: str, entry: Mapping[str, Any]) -> str:
    return f"{key}.{entry.get('condition')}"


def carry_forward(visit: Visit, section: Section, document: Mapping[str, Any]) -> PriorAnswers:
    """Return the prior answers to what the section's part of `document`, of this visit, leaves open.

    Only data that this visit's protocol version still accepts. Empty at a first attempt.
    """
    return carry_forward_parts(visit, [section], document)[section.code]


def carry_forward_parts(
    visit: Visit, sections: Iterable[Section], document: Mapping[str, Any]
) -> dict[str, PriorAnswers]:
    """Return the result of `carry_forward` for several sections, by section code."""
    if visit.previous_id is None:
        return {section.code: NO_ANSWERS for section in sections}
    vocabulary = protocol_of(applicable_version(visit, document)).vocabulary
    earlier, sources = earlier_answers(visit, vocabulary)
    found = {}
    for section in sections:
        prior = {part.key: open_value(part, earlier.get(part.key), document) for part in section.parts}
        part = without_faults(vocabulary, document, {key: value for key, value in prior.items() if value is not None})
        found[section.code] = PriorAnswers(stable_part(section, part), entries_asked_anew(section, part), sources)
    return found


def earlier_answers(visit: Visit, vocabulary: Vocabulary) -> EarlierAnswers:
    """Return the value of each key from the latest earlier attempt that answers it; of a history, each condition.

    An attempt that was given up early therefore hides nothing, and one entered in error says nothing.
    """
    found = EarlierAnswers({}, {})
    if visit.previous_id is None:
        return found
    for number, document in earlier_documents(visit):
        for key, value in answered_keys(document).items():
            if isinstance(vocabulary.parts.get(key), Checklist):
                known = entry_list(found.answers.get(key))
                further = entries_beside(filter(is_known_entry, known), value)
                found.answers[key] = [*known, *further]
                found.sources.update({entry_source(key, entry): number for entry in further})
            elif key not in found.answers:
                found.answers[key], found.sources[key] = value, number
    return found


def earlier_documents(visit: Visit) -> Iterator[tuple[int, VisitDocument]]:
    """Yield number and last document of each earlier attempt that stands, the latest first, in one query."""
    earlier = standing_visits(visit.subject).filter(number__lt=visit.number)
    revisions = Revision.objects.filter(visit__in=earlier).order_by("-visit__number", "-number")
    later = Revision.objects.filter(visit=OuterRef("visit"), number__gt=OuterRef("number"))
    yield from revisions.filter(~Exists(later)).values_list("visit__number", "document")


def answered_keys(document: Mapping[str, Any]) -> VisitDocument:
    return {key: document.get(key) for key in (*document, *complete_lists(document)) if not is_open(document, key)}


def open_value(part: AnyPart, prior: Any, document: Mapping[str, Any]) -> Any:
    """Return what of a part's prior value the document leaves open, None for nothing; of a history, each condition."""
    if isinstance(part, Checklist):
        return entries_beside(entry_list(document.get(part.key)), prior) or None
    return prior if is_open(document, part.key) else None


def entries_beside(entries: Iterable[VisitDocument], prior: Any) -> list[VisitDocument]:
    """Return the entries of a prior history whose condition is not among `entries`."""
    asked = {entry.get("condition") for entry in entries}
    return [entry for entry in entry_list(prior) if entry.get("condition") not in asked]


def denied_conditions(
    visit: Visit, section: Section, vocabulary: Vocabulary, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Change]:
    """Return a change for each condition that `after` calls absent and `before` does not, though the subject had it.

    Whoever had it at an earlier attempt has had it: one of the two answers is a slip.
    """
    histories = [part.key for part in section.parts if isinstance(part, Checklist)]
    if not histories or visit.previous_id is None:
        return []
    earlier = earlier_answers(visit, vocabulary).answers
    return [change for key in histories for change in denied_entries(key, earlier, before, after)]


def denied_entries(
    key: str, earlier: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Change]:
    had, has = (statuses_by_condition(each.get(key), HAPPENED) for each in (earlier, after))
    denied = statuses_by_condition(before.get(key), ("absent",))
    for index, entry in enumerate(entry_list(after.get(key))):
        condition = entry["condition"]
        if entry["status"] == "absent" and condition in had and condition not in has and condition not in denied:
            yield Change(f"{key}[{index}].status", had[condition], "absent")


def statuses_by_condition(entries: Any, statuses: Collection[str]) -> dict[str, str]:
    return {entry["condition"]: entry["status"] for entry in entry_list(entries) if entry.get("status") in statuses}


def entry_list(content: Any) -> list[VisitDocument]:
    return content if isinstance(content, list) else []


def is_open(document: Mapping[str, Any], key: str) -> bool:
    """Return whether the document leaves the key unanswered.

    A list confirmed complete is an answer, also when it is empty.
    """
    return document.get(key) in NOTHING and key not in complete_lists(document)


def with_carried(document: Mapping[str, Any], carried: Mapping[str, Any]) -> VisitDocument:
    """Return a document with what is carried forward to it; a history may have entries of both, its own first."""
    both = {key: [*entry_list(document.get(key)), *value] for key, value in carried.items() if isinstance(value, list)}
    return {**document, **carried, **both}


def without_faults(vocabulary: Vocabulary, document: Mapping[str, Any], part: VisitDocument) -> VisitDocument:
    """Return the part without the keys that are faulty in the document.

    A faulty value is dropped as a whole: a list that lacks one record is no longer the list that was known.
    """
    faults = validate(vocabulary, with_carried(document, part)) if part else ()
    faulty = {STEP.findall(fault.path)[0] for fault in faults if fault.path}
    return {key: value for key, value in part.items() if key not in faulty}
