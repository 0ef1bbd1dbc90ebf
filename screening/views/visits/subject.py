"""One subject in screening, with every attempt."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from criteria.models import Trial
from screening.access.permissions import permission_flags
from screening.models import Subject, SubjectStatus
from screening.review.enrol import enrolment_places
from screening.views.cards.carry_forward import rescreening
from screening.views.cards.signatures import signature_history
from screening.views.shared.lookup import author_of, subject_or_404, vocabulary_for
from screening.visits.save import register_subject
from screening.worklist.listing import VisitRow, visits_of


class ScreeningAttempt(NamedTuple):
    """A visit and its finding: the current one of the latest visit, the last one of an earlier visit."""

    row: VisitRow
    overall: str
    fails: int
    unknowns: int


@require_http_methods(["GET", "HEAD", "POST"])
def subject_new(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("screening:subjects")
    trial = next((trial for trial in Trial.objects.all() if trial.code == request.POST.get("trial")), None)
    if trial is None:
        raise Http404
    subject = register_subject(trial, author_of(request))
    messages.success(request, _("Subject %(number)s registered.") % {"number": subject.screening_number})
    return redirect("screening:subject", subject.pk)


@require_safe
def subject(request: HttpRequest, pk: int) -> HttpResponse:
    subject = subject_or_404(pk)
    found = screening_attempts(subject)
    context = {
        "subject": subject,
        "attempts": found,
        "decided": signature_history(subject, [each.row.visit for each in found]),
        "places": enrolment_places(subject.trial),
        **permission_flags(request.user, "enter", "enrol"),
    }
    if found and found[0].row.visit and found[0].row.revision:
        context["rescreening"] = rescreening(vocabulary_for(found[0].row.visit, found[0].row.revision))
    return render(request, "screening/visits/subject.html", context)


def screening_attempts(subject: Subject) -> list[ScreeningAttempt]:
    status = SubjectStatus.objects.filter(subject=subject).first()
    return [screening_attempt(row, status) for row in visits_of(subject)]


def screening_attempt(row: VisitRow, status: SubjectStatus | None) -> ScreeningAttempt:
    if status and row.visit and row.visit.pk == status.visit_id:
        return ScreeningAttempt(row, status.overall, status.fails, status.unknowns)
    return ScreeningAttempt(row, row.overall, 0, 0)
