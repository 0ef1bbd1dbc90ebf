"""The rows of one visit: the known data of the subject, in study days, and the findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.evaluation.protocol import Protocol, nodes_of
from criteria.rules import nodes as n
from criteria.vocabulary import Vocabulary
from criteria.vocabulary.validate import REVIEWED
from screening.exports.deidentified.answers import document_answers
from screening.exports.deidentified.cells import age_cell, cell_of
from screening.exports.deidentified.visits import ExportedVisit
from screening.visits.applicable_version import visit_date
from screening.visits.labels import form_place

BIRTH_DATE = "subject.birth_date"
OUTCOME_NOT_ASSESSED = "not_assessed"


class Item(NamedTuple):
    item: str
    label: str
    value: str
    unit: str = ""


class Reading(NamedTuple):
    """The rules for reading documents of one protocol version.

    `births` are the paths from which an age is computed.
    """

    vocabulary: Vocabulary
    births: frozenset[str]


def reading_of(protocol: Protocol) -> Reading:
    """Return the rules for reading documents of a protocol version.

    A trial can name the date of birth as it likes: its criteria determine which field it is.
    """
    ages = [node for criterion in protocol.criteria for node in nodes_of(criterion) if isinstance(node, n.Age)]
    births = {fact.path for age in ages for fact in n.facts_in(age.born)}
    return Reading(protocol.vocabulary, frozenset({BIRTH_DATE, *births}))


def items_of(seen: ExportedVisit, reading: Reading | None) -> Iterator[Item]:
    """Yield the items of a visit; of one entered in error nothing but that it was.

    `reading` is None where no protocol version was in force on the day of the visit; then the document cannot
    be read.
    """
    yield Item("trial.code", _("Trial"), seen.trial)
    yield Item("protocol.version", _("Protocol version"), seen.version or _("none in force"))
    if seen.in_error:
        yield Item("visit.entered_in_error", _("Entered in error"), "yes")
        return
    if reading is not None and isinstance(seen.document, dict):
        yield from document_items(reading, seen.document)
        yield from reviewed_items(reading.vocabulary, seen.document)
    yield from outcome_items(seen)


def document_items(reading: Reading, document: Mapping[str, Any]) -> Iterator[Item]:
    day = visit_date(document)
    visit = day.toordinal() if day else None
    for answer in document_answers(reading.vocabulary, document):
        is_birth = answer.field_path in reading.births
        cell = age_cell(answer, visit) if is_birth else cell_of(answer, visit)
        if cell is not None:
            name = f"{answer.path}.age" if is_birth else answer.path
            label = _("Age at the visit") if is_birth else form_place(reading.vocabulary, answer.path, document).label
            yield Item(name, label, *cell)


def reviewed_items(vocabulary: Vocabulary, document: Mapping[str, Any]) -> Iterator[Item]:
    """Yield for every list whether it was confirmed complete.

    A list that nobody confirmed complete says nothing about what it does not contain.
    """
    complete = document.get(REVIEWED)
    for name in vocabulary.reviewable:
        path = f"{REVIEWED}.{name}"
        is_complete = isinstance(complete, list) and name in complete
        yield Item(path, form_place(vocabulary, path).label, "yes" if is_complete else "no")


def outcome_items(seen: ExportedVisit) -> Iterator[Item]:
    """Yield the outcomes of the latest assessment.

    It may be of an earlier revision, or by another version, than the data of the preceding items.
    """
    found = seen.found
    yield Item("outcome.overall", _("Status"), found.overall if found else OUTCOME_NOT_ASSESSED)
    if found is None:
        return
    yield Item("outcome.version", _("Protocol version of the status"), found.version)
    yield Item("outcome.current", _("Determined from the data as they stand"), "yes" if found.is_current else "no")
    for code, statement, outcome in found.outcomes:
        yield Item(f"outcome.{code}", statement, outcome)
