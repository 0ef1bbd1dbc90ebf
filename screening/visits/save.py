"""Add to what is known of a subject: a screening number, a visit, a revision. Each action is one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib.auth.models import User
from django.db import transaction

from criteria.models import ProtocolVersion, Trial
from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument, Fault, Section, Vocabulary, validate
from criteria.vocabulary.edit_checks import Doubt, doubts
from criteria.vocabulary.values import text_fault
from screening.exceptions import Stale, Unanswered
from screening.models import Revision, Subject, Visit
from screening.signals import records_added
from screening.visits.applicable_version import version_for, version_of
from screening.visits.diff import Change, changes
from screening.visits.drafts import discard_draft
from screening.visits.edit_checks import record_confirmations, unconfirmed
from screening.visits.lock import lock_visit
from screening.visits.sections import Document, replaced, section_part


@transaction.atomic
def register_subject(trial: Trial, author: User) -> Subject:
    Trial.objects.select_for_update(no_key=True).get(pk=trial.pk)  # two people registering at once wait for each other
    number = trial.subjects.count() + 1  # no row ever goes away, so none is counted twice
    subject = Subject.objects.create(trial=trial, screening_number=f"S-{number:04}", created_by=author)
    records_added.send(sender=Subject, subject=subject)
    return subject


@transaction.atomic
def open_visit(subject: Subject, author: User, document: Document) -> Visit:
    """A new visit with its first revision, an attempt that follows the person's latest one, if there is one.

    BadDocument where the document, which must hold visit.date, is faulty.
    """
    vocabulary = check(version_for(subject.trial, document), document)
    Subject.objects.select_for_update(no_key=True).get(pk=subject.pk)
    previous = subject.visits.order_by("-number").first()
    number = previous.number + 1 if previous else 1
    visit = Visit.objects.create(subject=subject, number=number, previous=previous, created_by=author)
    first = vocabulary.sections[0].code
    Revision.objects.create(visit=visit, number=1, section=first, document=document, created_by=author)
    records_added.send(sender=Visit, subject=subject)
    return visit


@transaction.atomic
def save_section(
    visit: Visit,
    section_code: str,
    part: Document,
    base_number: int,
    author: User,
    reason: str = "",
    confirmed: Collection[str] = (),
) -> Revision:
    """Puts `part`, the section's keys and `reviewed`, in place of what the latest revision has under them.

    `base_number` is the revision that the author had seen, `confirmed` the keys of the implausible values that the
    author says are right. Keys absent from `part` are removed. Where nothing changes, the latest revision is the
    answer. Afterwards the author has no draft of the section. Stale, BadDocument or Unanswered: nothing is saved.
    """
    visit = lock_visit(visit.pk)
    latest = visit.latest_revision()
    section = protocol_of(version_of(visit, latest.document)).vocabulary.section(section_code)
    refuse_stale(visit, section, base_number, latest)
    document = replaced(latest.document, section, part)
    discard_draft(visit, section_code, author)  # comes back where any of what follows refuses
    found = changes(latest.document, document)
    if not found:
        return latest
    vocabulary = check(version_of(visit, document), document)
    refuse_reason(reason)
    asked = unconfirmed(visit, section, doubts(vocabulary, document))
    refuse_unanswered(asked, confirmed, found, reason)
    revision = Revision.objects.create(
        visit=visit,
        number=latest.number + 1,
        section=section_code,
        reason=reason.strip(),
        document=document,
        created_by=author,
    )
    record_confirmations(revision, asked)
    records_added.send(sender=Revision, subject=visit.subject)
    return revision


def check(version: ProtocolVersion, document: Document) -> Vocabulary:
    vocabulary = protocol_of(version).vocabulary
    if faults := validate(vocabulary, document):
        raise BadDocument(faults)
    return vocabulary


def refuse_stale(visit: Visit, section: Section, base_number: int, latest: Revision) -> None:
    if base_number == latest.number:
        return
    base = visit.revisions.get(number=base_number)
    if changes(section_part(base.document, section), section_part(latest.document, section)):
        raise Stale(latest)


def refuse_reason(reason: str) -> None:
    if message := text_fault(reason):
        raise BadDocument([Fault("reason", message)])


def refuse_unanswered(asked: Iterable[Doubt], confirmed: Collection[str], found: Iterable[Change], reason: str) -> None:
    open_doubts = [doubt for doubt in asked if doubt.key not in confirmed]
    corrections = [] if reason.strip() else [change for change in found if change.is_correction]
    if open_doubts or corrections:
        raise Unanswered(open_doubts, corrections)
