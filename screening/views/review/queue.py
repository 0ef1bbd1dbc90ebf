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
from screening.access.permissions import allowed
from screening.models import NEVER, Outcome, Standing, Verdict
from screening.review.enrol import places
from screening.review.queue import EXPIRING, OLDEST, review_queue as queue
from screening.views.review.forms import QueueForm
from screening.views.shared.columns import Column


class Waiting(NamedTuple):
    """A row of the queue with the proofs of what failed, each with its code."""

    row: Standing
    proofs: list[tuple[str, str]]


@require_safe
def review_queue(request: HttpRequest) -> HttpResponse:
    form = QueueForm(request.GET)
    page = queue(form.order, request.GET.get("page"))
    context = {
        "form": form,
        "rows": waiting(page.rows),
        "previous": page.previous and form.address(page=page.previous),
        "next": page.next and form.address(page=page.next),
        "columns": columns(form),
        "trials": [(trial, places(trial)) for trial in Trial.objects.all()],
        "today": timezone.localdate(),
        "never": NEVER,
        **allowed(request.user, "approve"),
        "waiting_proposals": waiting_proposals(),
    }
    return render(request, "screening/review/queue.html", context)


def waiting(rows: Iterable[Standing]) -> list[Waiting]:
    """In one query for all of them."""
    found: dict[int | None, list[tuple[str, str]]] = {}
    shown = list(rows)
    failed = Verdict.objects.filter(assessment__in=[row.assessment_id for row in shown], outcome=Outcome.FAIL)
    for assessment, code, proof in failed.order_by("position", "pk").values_list("assessment", "code", "proof"):
        found.setdefault(assessment, []).append((code, proof))
    return [Waiting(row, found.get(row.assessment_id, [])) for row in shown]


def columns(form: QueueForm) -> list[Column]:
    return [
        Column(_("Person")),
        Column(_("Finding")),
        Column(_("Why, and what to look at")),
        sorted_by(form, _("Findings hold until"), EXPIRING),
        sorted_by(form, _("Assessed"), OLDEST),
    ]


def sorted_by(form: QueueForm, title: str, sort: str) -> Column:
    """The queue has one direction: what presses most comes first."""
    return Column(title, form.address(sort=sort), "ascending" if form.order == sort else "")
