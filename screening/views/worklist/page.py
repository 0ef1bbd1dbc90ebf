"""The work list: everybody in screening, where each person stands and what to get next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from criteria.amendments.state import waiting_proposals
from criteria.models import Trial
from screening.access.permissions import allowed
from screening.amendments.transition import left_over
from screening.models import NEVER
from screening.views.shared.columns import Column, column
from screening.views.worklist.forms import WorkListForm
from screening.worklist.listing import work_list


@require_safe
def worklist(request: HttpRequest) -> HttpResponse:
    trials, today = list(Trial.objects.all()), timezone.localdate()
    form = WorkListForm(request.GET, trials)
    page = work_list(form.chosen(today), request.GET.get("page"))
    context = {
        "form": form,
        "rows": page.rows,
        "previous": page.previous and form.address(page=page.previous),
        "next": page.next and form.address(page=page.next),
        "columns": columns(form),
        "trials": trials,
        "left_over": left_over(trials),
        "today": today,
        "never": NEVER,
        **allowed(request.user, "enter", "approve"),
        "waiting_proposals": waiting_proposals(),
    }
    return render(request, "screening/worklist/page.html", context)


def columns(form: WorkListForm) -> list[Column]:
    return [
        column(form, _("Person"), "screening_number"),
        Column(_("Finding")),
        Column(_("Next")),
        column(form, _("Findings hold until"), "holds_until"),
        column(form, _("Planned first dose"), "planned_first_dose"),
        column(form, _("Last saved"), "-saved_at"),
    ]
