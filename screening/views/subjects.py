"""The people in screening."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from criteria.models import Trial
from screening.permissions import may, requires
from screening.queries import subject_list, visits_of
from screening.revise import register_subject
from screening.views.lookup import author_of, subject_or_404


@require_safe
@requires("read")
def subjects(request: HttpRequest) -> HttpResponse:
    context = {"rows": subject_list(), "trials": Trial.objects.all(), "may_enter": may(request.user, "enter")}
    return render(request, "screening/subjects.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("enter")
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
@requires("read")
def subject(request: HttpRequest, pk: int) -> HttpResponse:
    subject = subject_or_404(pk)
    context = {"subject": subject, "rows": visits_of(subject), "may_enter": may(request.user, "enter")}
    return render(request, "screening/subject.html", context)
