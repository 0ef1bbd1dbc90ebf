"""The work list: what there is to do today, then every subject in screening with what to get next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from criteria.amendments.state import waiting_proposals
from screening.access.permissions import page_rights
from screening.access.trials import access_of
from screening.amendments.transition import open_visit_counts
from screening.log.search import only_subject
from screening.models import NEVER, SavedFilter, SubjectStatus
from screening.views.shared.columns import SortColumn, sort_column
from screening.views.shared.found import found_text
from screening.views.shared.lookup import trials_of
from screening.views.shared.saved_filters import saved_filter_links, take_saved_filter
from screening.views.worklist.forms import WorkListForm
from screening.visits.consent import ConsentForms, consent_forms_by_trial, recorded_consent
from screening.worklist.listing import work_list
from screening.worklist.today import today_list

WORK_LIST = SavedFilter.Lists.WORK_LIST


@require_http_methods(["GET", "HEAD", "POST"])
def worklist(request: HttpRequest) -> HttpResponse:
    """Answer with the page, with its rows alone while somebody types, or with the one subject that was meant."""
    trials, today = trials_of(request), timezone.localdate()
    form = WorkListForm(request.GET, trials)
    asked, access = form.cleaned_data, access_of(request)
    code = asked.get("trial", "")
    # A number is found in every trial of theirs.
    seen = access.seen_trials(code=code) if code or not asked.get("search") else access.seen_trials(every=True)
    if request.method == "POST":
        return take_saved_filter(request, WORK_LIST, form)
    filters = form.selected_filter(today, seen)
    page = work_list(filters, request.GET.get("page"))
    is_whole = not page.next and not page.previous
    if "go" in request.GET and filters.search and is_whole and (meant := only_subject(page.rows, filters.search)):
        return redirect(address_of_row(meant))
    context = {
        "form": form,
        "rows": page.rows,
        "found": found_text(len(page.rows), is_whole=is_whole),
        "previous": page.previous and form.address(page=page.previous),
        "next": page.next and form.address(page=page.next),
        "columns": work_list_columns(form),
        "trials": trials,
        "reconsents_due": reconsents_due(page.rows, consent_forms_by_trial(trials), today),
        "today": today,
        "never": NEVER,
        **page_rights(request, "enter", "approve"),
    }
    if getattr(request, "htmx", False):
        return render(request, "screening/worklist/results.html", context | {"is_part": True})
    shown = [trial for trial in trials if seen is None or trial.pk in seen]
    context |= {"left_over": open_visit_counts(shown), "waiting_proposals": waiting_proposals(seen)}
    context["saved_filters"] = saved_filter_links(request, WORK_LIST, form)
    if not form.is_narrowed and not page.previous:
        context["today_items"], context["more_today"] = today_list(today, seen)
    return render(request, "screening/worklist/page.html", context)


def address_of_row(row: SubjectStatus) -> str:
    """Return where a row of the work list leads: to the latest attempt, or to the subject who has none."""
    if row.visit_id:
        return reverse("screening:visit", args=[row.visit_id])
    return reverse("screening:subject", args=[row.subject_id])


def reconsents_due(rows: Iterable[SubjectStatus], forms: Mapping[int, ConsentForms], today: date) -> set[int]:
    """Return the keys of the rows whose last consent is by an earlier version than the one in use."""
    given = {row: recorded_consent(row) for row in rows}
    return {row.pk for row, last in given.items() if last and forms[row.trial_id].newer_than(last, today)}


def work_list_columns(form: WorkListForm) -> list[SortColumn]:
    return [
        sort_column(form, _("Subject"), "screening_number"),
        SortColumn(_("Status")),
        SortColumn(_("Next")),
        sort_column(form, _("Status unchanged until"), "holds_until"),
        sort_column(form, _("Planned first dose"), "planned_first_dose"),
        sort_column(form, _("Last saved"), "-saved_at"),
    ]
