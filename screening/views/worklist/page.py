"""The work list: every subject in screening, with the subject's status and what to get next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from criteria.amendments.state import waiting_proposals
from criteria.models import Trial
from screening.access.permissions import permission_flags
from screening.amendments.transition import open_visit_counts
from screening.models import NEVER
from screening.views.shared.columns import SortColumn, sort_column
from screening.views.worklist.forms import WorkListForm
from screening.worklist.listing import work_list


@require_safe
def worklist(request: HttpRequest) -> HttpResponse:
    trials, today = list(Trial.objects.all()), timezone.localdate()
    form = WorkListForm(request.GET, trials)
    page = work_list(form.selected_filter(today), request.GET.get("page"))
    context = {
        "form": form,
        "rows": page.rows,
        "previous": page.previous and form.address(page=page.previous),
        "next": page.next and form.address(page=page.next),
        "columns": work_list_columns(form),
        "trials": trials,
        "left_over": open_visit_counts(trials),
        "today": today,
        "never": NEVER,
        **permission_flags(request.user, "enter", "approve"),
        "waiting_proposals": waiting_proposals(),
    }
    return render(request, "screening/worklist/page.html", context)


def work_list_columns(form: WorkListForm) -> list[SortColumn]:
    return [
        sort_column(form, _("Person"), "screening_number"),
        SortColumn(_("Finding")),
        SortColumn(_("Next")),
        sort_column(form, _("Findings hold until"), "holds_until"),
        sort_column(form, _("Planned first dose"), "planned_first_dose"),
        sort_column(form, _("Last saved"), "-saved_at"),
    ]
