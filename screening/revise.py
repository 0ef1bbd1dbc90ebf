"""Adding to what is known of a person: a subject, a visit, a revision. Each verb is one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from criteria.models import Trial
from criteria.versions import protocol_of
from criteria.vocabulary import BadDocument, Fault, Section, Vocabulary, validate
from criteria.vocabulary.values import text_fault
from screening.changes import Change, changes
from screening.in_force import version_for
from screening.models import Revision, Subject, Visit

REVIEWED = "reviewed"

Document = dict[str, Any]


class Stale(Exception):
    """Somebody saved the same section in between; `latest` is the revision that now stands."""

    def __init__(self, latest: Revision) -> None:
        self.latest = latest
        super().__init__(f"revision {latest.number} was saved in between")


class ReasonRequired(Exception):
    """Something known before would change; `changes` holds each such change."""

    def __init__(self, corrections: Sequence[Change]) -> None:
        self.changes = tuple(corrections)
        super().__init__(", ".join(change.path for change in self.changes))


@transaction.atomic
def register_subject(trial: Trial, author: User) -> Subject:
    Trial.objects.select_for_update().get(pk=trial.pk)  # two people registering at once wait for each other
    number = trial.subjects.count() + 1  # no row ever goes away, so none is counted twice
    return Subject.objects.create(trial=trial, screening_number=f"S-{number:04}", created_by=author)


@transaction.atomic
def open_visit(subject: Subject, author: User, document: Document) -> Visit:
    """A new visit with its first revision; BadDocument where the document, which must hold visit.date, is faulty."""
    vocabulary = check(subject.trial, document)
    Subject.objects.select_for_update().get(pk=subject.pk)
    visit = Visit.objects.create(subject=subject, number=subject.visits.count() + 1, created_by=author)
    first = vocabulary.sections[0].code
    Revision.objects.create(visit=visit, number=1, section=first, document=document, created_by=author)
    return visit


@transaction.atomic
def save_section(
    visit: Visit, section_code: str, part: Document, base_number: int, author: User, reason: str = ""
) -> Revision:
    """Puts `part`, the section's keys and `reviewed`, in place of what the latest revision has under them.

    `base_number` is the revision that the author had seen. Keys absent from `part` are removed. Where nothing changes,
    the latest revision is the answer. Raises Stale, BadDocument or ReasonRequired, and then saves nothing.
    """
    Visit.objects.select_for_update().get(pk=visit.pk)
    trial, latest = visit.subject.trial, visit.latest_revision()
    section = protocol_of(version_for(trial, latest.document)).vocabulary.section(section_code)
    refuse_stale(visit, section, base_number, latest)
    document = replaced(latest.document, section, part)
    found = changes(latest.document, document)
    if not found:
        return latest
    check(trial, document)
    corrections = [change for change in found if change.is_correction]
    if message := text_fault(reason):
        raise BadDocument([Fault("reason", message)])
    if corrections and not reason.strip():
        raise ReasonRequired(corrections)
    return Revision.objects.create(
        visit=visit,
        number=latest.number + 1,
        section=section_code,
        reason=reason.strip(),
        document=document,
        created_by=author,
    )


def check(trial: Trial, document: Document) -> Vocabulary:
    vocabulary = protocol_of(version_for(trial, document)).vocabulary
    if faults := validate(vocabulary, document):
        raise BadDocument(faults)
    return vocabulary


def refuse_stale(visit: Visit, section: Section, base_number: int, latest: Revision) -> None:
    if base_number == latest.number:
        return
    base = visit.revisions.get(number=base_number)
    if changes(section_part(base.document, section), section_part(latest.document, section)):
        raise Stale(latest)


def section_part(document: Mapping[str, Any], section: Section) -> Document:
    """What a document holds under a section's keys, with the lists of that section that are ticked complete."""
    part = {key: document[key] for key in section.keys if key in document}
    ticked = [name for name in reviewed(document) if name in section.reviewable]
    return part | ({REVIEWED: ticked} if ticked else {})


def replaced(document: Mapping[str, Any], section: Section, part: Mapping[str, Any]) -> Document:
    if foreign := set(part) - {*section.keys, REVIEWED}:
        raise ValueError(f"not of the section {section.code}: {', '.join(sorted(foreign))}")
    kept = {key: value for key, value in document.items() if key in part or key not in section.keys}
    new = kept | {key: value for key, value in part.items() if key != REVIEWED}
    if REVIEWED in part or REVIEWED in document:
        new[REVIEWED] = ticked_by(section, before=reviewed(document), now=reviewed(part))
    return new


def reviewed(document: Mapping[str, Any]) -> list[str]:
    names = document.get(REVIEWED)
    return names if isinstance(names, list) else []  # null and "unknown" say no more than an absent key


def ticked_by(section: Section, before: list[str], now: list[str]) -> list[str]:
    """The names ticked from now on; those of other sections stay as they are, whatever this one says of them."""
    own = [name for name in section.reviewable if name in now]
    kept = [name for name in before if name in own or name not in section.reviewable]
    return kept + [name for name in own if name not in kept]
