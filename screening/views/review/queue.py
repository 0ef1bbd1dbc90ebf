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
from criteria.models import Trial
from screening.access.permissions import permission_flags
from screening.models import NEVER, Outcome, SubjectStatus, Verdict
from screening.review.enrol import enrolment_places
from screening.review.queue import EXPIRING, OLDEST, review_queue_page as queue
from screening.views.review.forms import QueueForm
from screening.views.shared.columns import SortColumn


class QueueRow(NamedTuple):
    """A row of the queue with the proofs of its failed criteria, each with its code."""

    row: SubjectStatus
    proofs: list[tuple[str, str]]


@require_safe
def review_queue(request: HttpRequest) -> HttpResponse:
    form = QueueForm(request.GET)
    page = queue(form.order, request.GET.get("page"))
    context = {
        "form": form,
        "rows": queue_rows(page.rows),
        "previous": page.previous and form.address(page=page.previous),
        "next": page.next and form.address(page=page.next),
        "columns": queue_columns(form),
        "trials": [(trial, enrolment_places(trial)) for trial in Trial.objects.all()],
        "today": timezone.localdate(),
        "never": NEVER,
        **permission_flags(request.user, "approve"),
        "waiting_proposals": waiting_proposals(),
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
        SortColumn(_("Person")),
        SortColumn(_("Finding")),
        SortColumn(_("Why, and what to look at")),
        queue_sort_column(form, _("Findings hold until"), EXPIRING),
        queue_sort_column(form, _("Assessed"), OLDEST),
    ]


def queue_sort_column(form: QueueForm, title: str, sort: str) -> SortColumn:
    """Return a column that sorts the queue; it has one direction, the most urgent first."""
    return SortColumn(title, form.address(sort=sort), "ascending" if form.order == sort else "")
