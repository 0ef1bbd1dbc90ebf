"""Mark a visit or a screening number as entered in error: each page is one form with its reason."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods

from screening.models import Subject
from screening.review.entered_in_error import mark_subject, mark_visit
from screening.views.shared.fields import RefusableForm, reason_field
from screening.views.shared.form_action import form_page, submit
from screening.views.shared.lookup import author_of, subject_or_404, visit_or_404

TEMPLATE = "screening/visits/enter_in_error.html"


class InErrorForm(RefusableForm):
    """The reason; what it must be, the action says."""

    reason = reason_field(gettext_lazy("Reason: what was the mistake?"), required=False)


@require_http_methods(["GET", "HEAD", "POST"])
def visit_in_error(request: HttpRequest, pk: int) -> HttpResponse:
    visit = visit_or_404(pk)
    form = InErrorForm(request.POST if request.method == "POST" else None)

    def act(typed: dict[str, Any]) -> str:
        mark_visit(visit, author_of(request), typed["reason"])
        return _("Visit %(number)s is marked as entered in error.") % {"number": visit.number}

    if submit(request, form, act, visit):
        return redirect("screening:visit", visit.pk)
    return form_page(request, TEMPLATE, form, {"subject": visit.subject, "visit": visit})


@require_http_methods(["GET", "HEAD", "POST"])
def subject_in_error(request: HttpRequest, pk: int) -> HttpResponse:
    subject: Subject = subject_or_404(pk)
    form = InErrorForm(request.POST if request.method == "POST" else None)

    def act(typed: dict[str, Any]) -> str:
        mark_subject(subject, author_of(request), typed["reason"])
        return _("%(number)s is marked as entered in error.") % {"number": subject.screening_number}

    if submit(request, form, act):
        return redirect("screening:subject", subject.pk)
    return form_page(request, TEMPLATE, form, {"subject": subject, "visit": None})
