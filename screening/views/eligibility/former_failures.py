"""Former screen failures who would be eligible under the version in force, and why one is not screened again."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from screening.amendments.former_failures import dismiss_failure, eligible_now, former_failures_page
from screening.amendments.transition import VersionSuccession
from screening.models import SubjectStatus
from screening.views.eligibility.succession import succession_page
from screening.views.shared.fields import RefusableForm, reason_field
from screening.views.shared.form_action import form_page, submit
from screening.views.shared.lookup import author_of, visit_or_404


class DismissalForm(RefusableForm):
    """The reason; what it must be, the action says."""

    reason = reason_field(
        help_text=gettext_lazy("For example: treated elsewhere since; the subject does not want to take part."),
        required=False,
    )


@require_safe
def failures_eligible_now(request: HttpRequest) -> HttpResponse:
    title = _("Former screen failures eligible now")
    template = "screening/eligibility/former_failures.html"
    return succession_page(request, title, template, former_failures_page, former_failure_rows)


def former_failure_rows(rows: list[SubjectStatus], since: VersionSuccession) -> dict[str, Any]:
    return {"rows": eligible_now(rows, since), "looked_at": len(rows)}


@require_http_methods(["GET", "HEAD", "POST"])
def failure_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    visit = visit_or_404(pk)
    form = DismissalForm(request.POST if request.method == "POST" else None)

    def act(typed: dict[str, Any]) -> str:
        dismiss_failure(visit, author_of(request), typed["reason"])
        return _("Why %(number)s is not screened again is on record.") % {"number": visit.subject.screening_number}

    address = f"{reverse('screening:former-failures')}?{urlencode({'trial': visit.subject.trial.code})}"
    if submit(request, form, act, visit):
        return redirect(address)
    return form_page(request, "screening/eligibility/dismiss_failure.html", form, {"visit": visit, "list": address})
