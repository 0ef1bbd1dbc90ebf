"""Mark a visit or a screening number as entered in error: it stays on record, and is the basis of nothing more."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument, Fault
from criteria.vocabulary.values import required_text_fault
from screening.access.permissions import may
from screening.models import Closure, Enrolment, Signature, Subject, SubjectInError, Visit, VisitInError
from screening.signals import records_added
from screening.signatures.seals import is_void
from screening.visits.entered_in_error import standing_visits
from screening.visits.lock import lock_subject, lock_visit


@transaction.atomic
def mark_visit(visit: Visit, user: User, reason: str) -> VisitInError:
    """Mark a visit as entered in error.

    PermissionDenied; BadDocument for a faulty reason; Refused: entered_in_error, where it is marked already, enrolled,
    or decided, where a signature or a closed case stands on it.
    """
    refuse_mark(user, visit.subject, reason)
    visit = lock_visit(visit.pk)
    refuse_unmarkable(visit.subject, [visit])
    marked = VisitInError.objects.create(visit=visit, reason=reason.strip(), created_by=user)
    later = standing_visits(visit.subject).filter(number__gt=visit.number)  # each is one attempt fewer now
    for touched in (visit, *later):
        records_added.send(sender=VisitInError, subject=visit.subject, visit=touched)
    return marked


@transaction.atomic
def mark_subject(subject: Subject, user: User, reason: str) -> SubjectInError:
    """Mark a screening number as entered in error, and with it all its visits; refused as a visit is."""
    refuse_mark(user, subject, reason)
    subject = lock_subject(subject.pk)
    refuse_unmarkable(subject, list(subject.visits.all()))
    marked = SubjectInError.objects.create(subject=subject, reason=reason.strip(), created_by=user)
    records_added.send(sender=SubjectInError, subject=subject)
    return marked


def refuse_mark(user: User, subject: Subject, reason: str) -> None:
    if not may(user, "enter", subject.trial_id):
        raise PermissionDenied
    if message := required_text_fault(reason, _("say what was the mistake")):
        raise BadDocument([Fault("reason", message)])


def refuse_unmarkable(subject: Subject, visits: list[Visit]) -> None:
    """Refuse where a place was given or a decision stands: these are not taken back by a mark."""
    if Enrolment.objects.filter(subject=subject).exists():
        raise Refused("enrolled", _("This subject is enrolled: what is on record is not marked as entered in error."))
    signatures = Signature.objects.filter(assessment__revision__visit__in=visits)
    if any(not is_void(signature) for signature in signatures.select_related("assessment__revision__visit__subject")):
        raise Refused("decided", _("The investigator has signed the status of this: it is not marked."))
    if Closure.objects.filter(revision__visit__in=visits, reopening__isnull=True).exists():
        raise Refused("decided", _("The investigator has closed the case by this: it is not marked."))
