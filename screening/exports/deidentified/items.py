"""The rows of one visit: what is known of the person, in study days, and what was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.evaluation.protocol import Protocol, nodes_of
from criteria.rules import nodes as n
from criteria.vocabulary import Vocabulary
from criteria.vocabulary.validate import REVIEWED
from screening.exports.deidentified.answers import answers
from screening.exports.deidentified.cells import age_cell, cell_of
from screening.exports.deidentified.visits import SeenVisit
from screening.visits.applicable_version import visit_date
from screening.visits.labels import place_of

BIRTH_DATE = "subject.birth_date"
NOT_ASSESSED = "not_assessed"


class Item(NamedTuple):
    item: str
    label: str
    value: str
    unit: str = ""


class Reading(NamedTuple):
    """How the documents of one protocol version are read; `births` are the paths from which an age is counted."""

    vocabulary: Vocabulary
    births: frozenset[str]


def reading_of(protocol: Protocol) -> Reading:
    """A trial may call the date of birth what it likes: its criteria tell which one it is."""
    ages = [node for criterion in protocol.criteria for node in nodes_of(criterion) if isinstance(node, n.Age)]
    births = {fact.path for age in ages for fact in n.facts_in(age.born)}
    return Reading(protocol.vocabulary, frozenset({BIRTH_DATE, *births}))


def items_of(seen: SeenVisit, reading: Reading | None) -> Iterator[Item]:
    """`reading` is None where no protocol version was in force on the day of the visit: nothing can be read then."""
    yield Item("trial.code", _("Trial"), seen.trial)
    yield Item("protocol.version", _("Protocol version"), seen.version or _("none in force"))
    if reading is not None and isinstance(seen.document, dict):
        yield from document_items(reading, seen.document)
        yield from reviewed_items(reading.vocabulary, seen.document)
    yield from outcome_items(seen)


def document_items(reading: Reading, document: Mapping[str, Any]) -> Iterator[Item]:
    day = visit_date(document)
    visit = day.toordinal() if day else None
    for answer in answers(reading.vocabulary, document):
        is_birth = answer.asked in reading.births
        cell = age_cell(answer, visit) if is_birth else cell_of(answer, visit)
        if cell is not None:
            name = f"{answer.path}.age" if is_birth else answer.path
            label = _("Age at the visit") if is_birth else place_of(reading.vocabulary, answer.path, document).label
            yield Item(name, label, *cell)


def reviewed_items(vocabulary: Vocabulary, document: Mapping[str, Any]) -> Iterator[Item]:
    """Of every list: one that nobody confirmed to be complete says nothing of what is not in it."""
    complete = document.get(REVIEWED)
    for name in vocabulary.reviewable:
        path = f"{REVIEWED}.{name}"
        is_complete = isinstance(complete, list) and name in complete
        yield Item(path, place_of(vocabulary, path).label, "yes" if is_complete else "no")


def outcome_items(seen: SeenVisit) -> Iterator[Item]:
    """Of the latest assessment, which may be of an earlier revision, or by another version, than what stands above."""
    found = seen.found
    yield Item("outcome.overall", _("Finding"), found.overall if found else NOT_ASSESSED)
    if found is None:
        return
    yield Item("outcome.version", _("Protocol version of the finding"), found.version)
    yield Item("outcome.current", _("Found from the data as they stand"), "yes" if found.is_current else "no")
    for code, statement, outcome in found.outcomes:
        yield Item(f"outcome.{code}", statement, outcome)
