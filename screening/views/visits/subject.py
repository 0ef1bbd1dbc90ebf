"""One person in screening, with every attempt."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from criteria.models import Trial
from screening.access.permissions import allowed
from screening.models import Standing, Subject
from screening.review.enrol import places
from screening.views.cards.carry_forward import rescreening
from screening.views.cards.signatures import decided
from screening.views.shared.lookup import author_of, subject_or_404, vocabulary_for
from screening.visits.save import register_subject
from screening.worklist.listing import Row, visits_of


class Attempt(NamedTuple):
    """A visit and its finding: of the latest visit what is found now, of an earlier one what was found last."""

    row: Row
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
    found = attempts(subject)
    context = {
        "subject": subject,
        "attempts": found,
        "decided": decided(subject, [each.row.visit for each in found]),
        "places": places(subject.trial),
        **allowed(request.user, "enter", "enrol"),
    }
    if found and found[0].row.visit and found[0].row.revision:
        context["rescreening"] = rescreening(vocabulary_for(found[0].row.visit, found[0].row.revision))
    return render(request, "screening/visits/subject.html", context)


def attempts(subject: Subject) -> list[Attempt]:
    standing = Standing.objects.filter(subject=subject).first()
    return [attempt(row, standing) for row in visits_of(subject)]


def attempt(row: Row, standing: Standing | None) -> Attempt:
    if standing and row.visit and row.visit.pk == standing.visit_id:
        return Attempt(row, standing.overall, standing.fails, standing.unknowns)
    return Attempt(row, row.overall, 0, 0)
