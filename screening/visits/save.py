"""Additions to a subject's record: a subject, a visit, a revision. Each function is one transaction.

Rows are locked without their keys. Otherwise a new attempt, which refers to the previous one, and a save of
that previous one could deadlock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib.auth.models import User
from django.db import transaction

from criteria.models import ProtocolVersion, Trial
from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument, Fault, Section, Vocabulary, validate
from criteria.vocabulary.edit_checks import EditCheck, edit_checks
from criteria.vocabulary.values import text_fault
from screening.exceptions import Stale, Unanswered
from screening.models import Revision, Subject, Visit
from screening.shared.diff import Change, changes
from screening.signals import records_added
from screening.visits.applicable_version import applicable_version, version_for_new_visit
from screening.visits.drafts import discard_draft
from screening.visits.edit_checks import record_confirmations, unconfirmed_checks
from screening.visits.lock import lock_visit
from screening.visits.sections import VisitDocument, replace_section, section_part


@transaction.atomic
def register_subject(trial: Trial, author: User) -> Subject:
    Trial.objects.select_for_update(no_key=True).get(pk=trial.pk)  # two people registering at once wait for each other
    number = trial.subjects.count() + 1  # no row ever goes away, so none is counted twice
    subject = Subject.objects.create(trial=trial, screening_number=f"S-{number:04}", created_by=author)
    records_added.send(sender=Subject, subject=subject)
    return subject


@transaction.atomic
def open_visit(subject: Subject, author: User, document: VisitDocument) -> Visit:
    """Create a visit with its first revision; it follows the subject's latest attempt, if there is one.

    BadDocument where the document, which must contain `visit.date`, is faulty.
    """
    vocabulary = check_document(version_for_new_visit(subject.trial, document), document)
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
    part: VisitDocument,
    base_number: int,
    author: User,
    reason: str = "",
    confirmed: Collection[str] = (),
) -> Revision:
    """Replace the section's content in the latest revision by `part` and return the new revision.

    `part` contains the section's keys and `reviewed`; keys absent from it are removed. `base_number` is the
    revision that the author had on display, `confirmed` the keys of the implausible values that the author
    declares to be right. Where nothing changes, the latest revision is returned. Afterwards the author has no
    draft of the section.

    Stale, BadDocument or Unanswered: nothing is saved.
    """
    visit = lock_visit(visit.pk)
    latest = visit.latest_revision()
    section = protocol_of(applicable_version(visit, latest.document)).vocabulary.section(section_code)
    refuse_stale(visit, section, base_number, latest)
    document = replace_section(latest.document, section, part)
    discard_draft(visit, section_code, author)  # comes back where any of what follows refuses
    found = changes(latest.document, document)
    if not found:
        return latest
    vocabulary = check_document(applicable_version(visit, document), document)
    refuse_reason(reason)
    asked = unconfirmed_checks(visit, section, edit_checks(vocabulary, document))
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


def check_document(version: ProtocolVersion, document: VisitDocument) -> Vocabulary:
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


def refuse_unanswered(
    asked: Iterable[EditCheck], confirmed: Collection[str], found: Iterable[Change], reason: str
) -> None:
    open_doubts = [doubt for doubt in asked if doubt.key not in confirmed]
    corrections = [] if reason.strip() else [change for change in found if change.is_correction]
    if open_doubts or corrections:
        raise Unanswered(open_doubts, corrections)
