"""The site's own reference of a subject: what it must not be, who has it already, and its change on record."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from criteria.models import Trial
from criteria.vocabulary import BadDocument, Fault
from criteria.vocabulary.values import required_text_fault, text_fault
from screening.models import Subject, SubjectReference, standing_references
from screening.signals import records_added
from screening.visits.lock import lock_subject

LONGEST_REFERENCE = 40


class GivenReference(NamedTuple):
    reference: str
    reason: str


def plain_text(text: str) -> str:
    """Return a text as it is compared and kept: full-width characters made plain, runs of spaces made one."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def reference_of(subject: Subject) -> SubjectReference | None:
    """Return the reference that counts; None where the subject has none."""
    return standing_references().filter(subject=subject).select_related("created_by").first()


def subjects_with_reference(trial: Trial, reference: str, but: Subject | None = None) -> list[Subject]:
    """Return the subjects of a trial that have a reference, written in whichever case, the first registered first.

    A screening number entered in error has given it up.
    """
    plain = plain_text(reference)
    if not plain or "\0" in plain:
        return []
    found = standing_references().filter(reference__iexact=plain).values("subject")
    others = trial.subjects.filter(pk__in=found, in_error=None).order_by("pk")
    return [other for other in others if other != but]


def checked_reference(trial: Trial, reference: str, reason: str, subject: Subject | None = None) -> GivenReference:
    """Return a reference as it is to be kept, with the reason where one is asked for.

    `subject` is the one whose reference is changed. BadDocument, with faults named after these parameters.
    """
    reference, reason = plain_text(reference), reason.strip()
    if message := reference_fault(reference):
        raise BadDocument([Fault("reference", message)])
    question = ""
    if others := subjects_with_reference(trial, reference, subject):
        numbers = ", ".join(other.screening_number for other in others)
        question = _("%(numbers)s has this reference: open it, or go on with a reason.") % {"numbers": numbers}
    elif subject and subject.references.exists():
        question = _("say why the reference is changed")
    if question and (message := required_text_fault(reason, question)):
        raise BadDocument([Fault("reason", message)])
    return GivenReference(reference, reason if question else "")


def reference_fault(reference: str) -> str:
    if len(reference) > LONGEST_REFERENCE:
        return _("at most %(most)d characters") % {"most": LONGEST_REFERENCE}
    return text_fault(reference)


@transaction.atomic
def change_reference(subject: Subject, author: User, reference: str, reason: str = "") -> SubjectReference | None:
    """Keep another reference of a subject, or its first one; an empty one takes it away. None where it is the same.

    BadDocument; Refused, `entered_in_error`, where the screening number is marked so.
    """
    Trial.objects.select_for_update(no_key=True).get(pk=subject.trial_id)  # as whoever registers somebody
    subject = lock_subject(subject.pk)
    standing = reference_of(subject)
    if plain_text(reference) == (standing.reference if standing else ""):
        return None
    given = checked_reference(subject.trial, reference, reason, subject)
    changed = SubjectReference.objects.create(subject=subject, **given._asdict(), created_by=author)
    records_added.send(sender=SubjectReference, subject=subject)
    return changed
