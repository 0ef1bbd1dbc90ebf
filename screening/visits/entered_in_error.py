"""Visits and screening numbers entered in error: what a mark forbids, and which visits stand.

Who marks one is in `screening.review.entered_in_error`, because a decision that stands forbids it.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from criteria.records.refusal import Refused
from screening.models import Subject, SubjectInError, Visit, VisitInError

# What a row of visits, or of what hangs on one, is read with, so that its marks cost no query.
MARKS = ("in_error", "subject__in_error")
ENTERED_IN_ERROR = "entered_in_error"


def mark_of_subject(subject: Subject) -> SubjectInError | None:
    return getattr(subject, "in_error", None)


def mark_of(visit: Visit) -> VisitInError | SubjectInError | None:
    """Return the record that the visit, or else its screening number, was entered in error; None where it stands."""
    return getattr(visit, "in_error", None) or mark_of_subject(visit.subject)


def standing_visits(subject: Subject) -> QuerySet[Visit]:
    """Return the visits of a subject that were not entered in error."""
    return subject.visits.filter(in_error=None, subject__in_error=None)


def latest_standing(subject: Subject) -> Visit | None:
    return standing_visits(subject).order_by("-number").first()


def has_later_attempt(visit: Visit) -> bool:
    return standing_visits(visit.subject).filter(number__gt=visit.number).exists()


def refuse_marked(visit: Visit) -> None:
    """Refuse, `entered_in_error`, whatever would build on a visit that was entered in error."""
    if getattr(visit, "in_error", None):
        raise Refused(ENTERED_IN_ERROR, _("This visit was entered in error: nothing more is done with it."))
    refuse_marked_subject(visit.subject)


def refuse_marked_subject(subject: Subject) -> None:
    if mark_of_subject(subject):
        raise Refused(ENTERED_IN_ERROR, _("This screening number was entered in error: nothing more is done with it."))
