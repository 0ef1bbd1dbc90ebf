"""The investigator's queue: the assessments that wait for a decision."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from criteria.amendments.state import waiting_proposals
from screening.access.permissions import page_rights
from screening.access.trials import access_of
from screening.models import NEVER, Outcome, SubjectStatus, Verdict
from screening.review.enrol import places_of_trials
from screening.review.queue import EXPIRING, OLDEST, review_queue_page as queue
from screening.shared.pagination import Page
from screening.views.review.forms import QueueForm
from screening.views.shared.columns import SortColumn

UNDETERMINED_PAGE = "undetermined"


class QueueRow(NamedTuple):
    """A row of the queue with the proofs of its failed criteria, each with its code; an undetermined one has none."""

    row: SubjectStatus
    proofs: list[tuple[str, str]]


def page_addresses(form: QueueForm, page: Page[SubjectStatus], name: str) -> dict[str, str | None]:
    """Return the addresses of the pages before and after one; `name` says of which part of the queue."""
    addresses = {"previous": page.previous, "next": page.next}
    return {which: cursor and form.address(**{name: cursor}) for which, cursor in addresses.items()}


@require_safe
def review_queue(request: HttpRequest) -> HttpResponse:
    form = QueueForm(request.GET)
    trials = access_of(request).seen_trials()
    page = queue(form.order, request.GET.get("page"), trials=trials)
    undetermined = queue(form.order, request.GET.get(UNDETERMINED_PAGE), undetermined=True, trials=trials)
    context = {
        "form": form,
        "rows": queue_rows(page.rows),
        "pages": page_addresses(form, page, "page"),
        "undetermined": [QueueRow(row, []) for row in undetermined.rows],
        "undetermined_pages": page_addresses(form, undetermined, UNDETERMINED_PAGE),
        "columns": queue_columns(form),
        "trials": places_of_trials(trials),
        "today": timezone.localdate(),
        "never": NEVER,
        **page_rights(request, "approve"),
        "waiting_proposals": waiting_proposals(trials),
    }
    return render(request, "screening/review/queue.html", context)


def queue_rows(rows: Iterable[SubjectStatus]) -> list[QueueRow]:
    """Return the rows with their proofs, in one query for all of them."""
    found: dict[int | None, list[tuple[str, str]]] = {}
    shown = list(rows)
    failed = Verdict.objects.filter(assessment__in=[row.assessment_id for row in shown], outcome=Outcome.FAIL)
    for assessment, code, proof in failed.order_by("position", "pk").values_list("assessment", "code", "proof"):
        found.setdefault(assessment, []).append((code, proof))
    return [QueueRow(row, found.get(row.assessment_id, [])) for row in shown]


def queue_columns(form: QueueForm) -> list[SortColumn]:
    return [
        SortColumn(_("Subject")),
        SortColumn(_("Status")),
        SortColumn(_("Why, and what to look at")),
        queue_sort_column(form, _("Status unchanged until"), EXPIRING),
        queue_sort_column(form, _("Assessed"), OLDEST),
    ]


def queue_sort_column(form: QueueForm, title: str, sort: str) -> SortColumn:
    """Return a column that sorts the queue; it has one direction, the most urgent first."""
    return SortColumn(title, form.address(sort=sort), "ascending" if form.order == sort else "")
