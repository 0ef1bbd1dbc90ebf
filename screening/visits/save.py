"""Additions to a subject's record: a subject, a visit, a revision. Each function is one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from criteria.evaluation.outlook import Outlook, outlook
from criteria.evaluation.protocol import Protocol
from criteria.models import ProtocolVersion, Trial
from criteria.versions.numbers import number_form
from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument, Fault, Section
from criteria.vocabulary.edit_checks import EditCheck
from criteria.vocabulary.future import future_faults
from criteria.vocabulary.values import text_fault
from screening.exceptions import Stale, Unanswered
from screening.models import Revision, Subject, SubjectReference, Visit
from screening.shared.diff import Change, changes
from screening.signals import records_added
from screening.visits.applicable_version import applicable_version, version_for_new_visit, visit_date
from screening.visits.attempt_order import refuse_out_of_order
from screening.visits.carry_forward import denied_conditions
from screening.visits.changed_fields import record_changed_fields
from screening.visits.closure import refuse_closed
from screening.visits.drafts import delete_draft
from screening.visits.edit_checks import (
    awaits_answer,
    entered_checks,
    record_confirmations,
    unanswered_checks,
    unconfirmed_checks,
)
from screening.visits.entered_in_error import latest_standing
from screening.visits.lock import lock_latest_revision, lock_subject
from screening.visits.reference import checked_reference
from screening.visits.sections import VisitDocument, replace_section, section_part


@transaction.atomic
def register_subject(trial: Trial, author: User, reference: str = "", reason: str = "") -> Subject:
    """Give the next screening number, and keep the site's own `reference` with it, where there is one.

    A number is given once in the installation: one that stands in another trial is passed over.

    BadDocument for a faulty reference, or where another subject has it and no `reason` says why this one has it too.
    """
    Trial.objects.select_for_update(no_key=True).get(pk=trial.pk)  # two people registering at once wait for each other
    given = checked_reference(trial, reference, reason)
    subject = Subject.objects.create(trial=trial, screening_number=next_number(trial), created_by=author)
    if given.reference:
        SubjectReference.objects.create(subject=subject, **given._asdict(), created_by=author)
    records_added.send(sender=Subject, subject=subject)
    return subject


def next_number(trial: Trial) -> str:
    """Return the first number after those of the trial that nobody has; the counting goes on where a prefix begins."""
    given = Subject.objects.filter(trial__in=Trial.objects.order_by())  # by the index that begins with the trial
    form = number_form(trial, timezone.localdate())
    number = trial.subjects.count() + 1  # no row ever goes away, so none is counted twice
    while given.filter(screening_number=form.text(number)).exists():
        number += 1
    return form.text(number)


@transaction.atomic
def open_visit(
    subject: Subject, author: User, document: VisitDocument, reasons: Mapping[str, str] = MappingProxyType({})
) -> Visit:
    """Create a visit with its first revision; it follows the subject's latest attempt, if there is one.

    BadDocument where the document, which must contain `visit.date`, is faulty or dated before an earlier attempt that
    stands; Unanswered where it raises an edit check for which `reasons` holds none; Refused: `closed`, where the case
    of the latest attempt that stands is, or `entered_in_error`, where the screening number is.
    """
    protocol = check_document(version_for_new_visit(subject.trial, document), document, document.keys())
    raised = entered_checks(subject.trial, protocol, document, {}, document.keys())
    asked = [each for each in raised if not awaits_answer(each, document.keys())]
    refuse_unanswered(asked, (), reasons, (), "")
    subject = lock_subject(subject.pk)
    if standing := latest_standing(subject):
        refuse_closed(standing)
    previous = subject.visits.order_by("-number").first()  # of all: one entered in error keeps its number
    number = previous.number + 1 if previous else 1
    refuse_out_of_order(subject, number, document)
    visit = Visit.objects.create(subject=subject, number=number, previous=previous, created_by=author)
    first = protocol.vocabulary.sections[0].code
    revision = Revision.objects.create(visit=visit, number=1, section=first, document=document, created_by=author)
    record_changed_fields(revision, {}, changes({}, document), protocol.vocabulary)
    if asked:
        record_confirmations(revision, asked, reasons)
    records_added.send(sender=Visit, subject=subject, visit=visit)
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
    reasons: Mapping[str, str] = MappingProxyType({}),
) -> Revision:
    """Replace the section's content in the latest revision by `part` and return the new revision.

    `part` contains the section's keys and `reviewed`; keys absent from it are removed. `base_number` is the
    revision that the author had on display. `confirmed` holds the keys of the implausible values that the author
    declares to be right; `reasons`, by the key of a check that asks for one, why what it asks about is right. Where
    nothing changes, the latest revision is returned. Afterwards the author has no draft of the section.

    Stale, BadDocument, Unanswered or Refused (`entered_in_error`): nothing is saved.
    """
    latest = lock_latest_revision(visit.pk)
    visit = latest.visit
    version = applicable_version(visit, latest.document)
    section = protocol_of(version).vocabulary.section(section_code)
    refuse_stale(visit, section, base_number, latest)
    document = replace_section(latest.document, section, part)
    delete_draft(visit, section_code, author)  # comes back where any of what follows refuses
    if not (found := changes(latest.document, document)):
        return latest
    version, protocol = check_change(latest, version, document, section)
    refuse_reason(reason)
    raised = entered_checks(visit.subject.trial, protocol, document, latest.document, section.keys)
    asked = unconfirmed_checks(visit, section, raised)
    denied = denied_conditions(visit, section, protocol.vocabulary, latest.document, document)
    refuse_unanswered(asked, confirmed, reasons, [*found, *denied], reason)
    revision = add_revision(latest, section_code, document, author, reason)
    record_changed_fields(revision, latest.document, found, protocol.vocabulary)
    record_confirmations(revision, asked, reasons)
    announce(revision, version, outlook(protocol, document))
    return revision


def announce(revision: Revision, version: ProtocolVersion, found: Outlook) -> None:
    """Tell that a revision was added, with what is known of it already."""
    visit, at_hand = revision.visit, {"revision": revision, "version": version, "outlook": found}
    records_added.send(sender=Revision, subject=visit.subject, visit=visit, **at_hand)


def check_change(
    latest: Revision, version: ProtocolVersion, document: VisitDocument, section: Section
) -> tuple[ProtocolVersion, Protocol]:
    """Return version and protocol of a document that follows the latest revision: another where the visit's day moved.

    BadDocument where the document is faulty, or its day out of the order of the attempts.
    """
    visit, moved = latest.visit, visit_date(document) != visit_date(latest.document)
    if moved:
        version = applicable_version(visit, document)
    protocol = check_document(version, document, section.keys)
    if moved:
        refuse_out_of_order(visit.subject, visit.number, document)
    return version, protocol


def add_revision(latest: Revision, section_code: str, document: VisitDocument, author: User, reason: str) -> Revision:
    return Revision.objects.create(
        visit=latest.visit,
        number=latest.number + 1,
        section=section_code,
        reason=reason.strip(),
        document=document,
        created_by=author,
    )


def check_document(version: ProtocolVersion, document: VisitDocument, keys: Collection[str]) -> Protocol:
    """Return the protocol of a version; BadDocument where the document is faulty.

    Under `keys`, which are those entered, no day of something that has happened may lie in the future.
    """
    protocol = protocol_of(version)
    faults = protocol.validate(document)
    if not faults:
        entered = {key: document[key] for key in keys if key in document}
        faults = future_faults(protocol.vocabulary, entered, timezone.localdate())
    if faults:
        raise BadDocument(faults)
    return protocol


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
    asked: Collection[EditCheck],
    confirmed: Collection[str],
    reasons: Mapping[str, str],
    found: Iterable[Change],
    reason: str,
) -> None:
    open_checks = unanswered_checks(asked, confirmed, reasons)
    corrections = [] if reason.strip() else [change for change in found if change.is_correction]
    if open_checks or corrections:
        raise Unanswered(open_checks, corrections)
