"""One subject in screening, with every attempt."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from screening.access.permissions import page_rights
from screening.access.trials import access_of
from screening.models import Subject, SubjectInError, SubjectStatus, VisitInError
from screening.review.enrol import enrolment_places
from screening.views.cards.carry_forward import rescreening
from screening.views.cards.signatures import signature_history
from screening.views.shared.lookup import subject_or_404, vocabulary_for
from screening.visits.elsewhere import screened_elsewhere
from screening.visits.entered_in_error import mark_of, mark_of_subject
from screening.visits.reference import reference_of
from screening.worklist.listing import VisitRow, visits_of


class ScreeningAttempt(NamedTuple):
    """A visit and its finding: the current one of the latest visit, the last one of an earlier visit.

    `mark` is the record that it was entered in error; None where it stands.
    """

    row: VisitRow
    overall: str
    fails: int
    unknowns: int
    mark: VisitInError | SubjectInError | None = None


@require_safe
def subject(request: HttpRequest, pk: int) -> HttpResponse:
    subject = subject_or_404(pk)
    found = screening_attempts(subject)
    context: dict[str, Any] = {
        "subject": subject,
        "mark": mark_of_subject(subject),
        "reference": reference_of(subject),
        "attempts": found,
        "latest_pk": next((each.row.visit.pk for each in found if each.mark is None), None),
        "decided": signature_history(subject, [each.row.visit for each in found]),
        "places": enrolment_places(subject.trial),
        "elsewhere": screened_elsewhere(subject, access_of(request).trials_with("read")),
        **page_rights(request, "enter", "enrol", "sign"),
    }
    if found and found[0].row.visit and found[0].row.revision:
        context["rescreening"] = rescreening(vocabulary_for(found[0].row.visit, found[0].row.revision))
    return render(request, "screening/visits/subject.html", context)


def screening_attempts(subject: Subject) -> list[ScreeningAttempt]:
    status: SubjectStatus | None = getattr(subject, "status", None)
    return [screening_attempt(row, status) for row in visits_of(subject)]


def screening_attempt(row: VisitRow, status: SubjectStatus | None) -> ScreeningAttempt:
    if status and row.visit and row.visit.pk == status.visit_id:
        return ScreeningAttempt(row, status.overall, status.fails, status.unknowns)
    return ScreeningAttempt(row, row.overall, 0, 0, mark_of(row.visit))
