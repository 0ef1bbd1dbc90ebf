"""One reference range: what it says, what became of it, which results have its limit, and the decisions on it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from screening.access.permissions import page_rights
from screening.models import ReferenceRange
from screening.views.shared.fields import RefusableForm
from screening.views.shared.form_action import Action, submit
from screening.views.shared.lookup import author_of
from screening.views.visits.reference_range_form import EndForm, WrongForm
from screening.views.visits.reference_ranges import current_vocabulary, range_text
from screening.visits.labels import sentence_case
from screening.visits.range_decisions import confirm_range, end_range, retract_range
from screening.visits.range_use import touched_visits
from screening.visits.reference_ranges import analytes, ranges_of

LONGEST_KEY = 18  # digits that every database takes as a key


@require_safe
def reference_range(request: HttpRequest, pk: int) -> HttpResponse:
    return range_page(request, range_or_404(pk))


@require_http_methods(["GET", "HEAD", "POST"])
def range_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    row = range_or_404(pk)

    def act(_typed: dict[str, Any]) -> str:
        confirm_range(row, author_of(request))
        return _("Confirmed: the range counts.")

    return decide_range(request, row, "confirm", RefusableForm, act)


@require_http_methods(["GET", "HEAD", "POST"])
def range_end(request: HttpRequest, pk: int) -> HttpResponse:
    row = range_or_404(pk)

    def act(typed: dict[str, Any]) -> str:
        ended = end_range(row, author_of(request), typed["last_day"], typed["reason"])
        return _("The range ends on %(day)s.") % {"day": ended.last_day.isoformat()}

    return decide_range(request, row, "end", EndForm, act)


@require_http_methods(["GET", "HEAD", "POST"])
def range_wrong(request: HttpRequest, pk: int) -> HttpResponse:
    row = range_or_404(pk)

    def act(typed: dict[str, Any]) -> str:
        retract_range(row, author_of(request), typed["reason"])
        return _("The range is marked wrong. The results below were entered with it: check each.")

    return decide_range(request, row, "wrong", WrongForm, act)


def range_or_404(pk: int) -> ReferenceRange:
    return get_object_or_404(ReferenceRange.objects.select_related("trial"), pk=pk)


def visit_key(text: str | None) -> int | None:
    """Return the key of the visit before which the list goes on; None for its beginning, and where it is no key."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY else None


def decide_range(
    request: HttpRequest, row: ReferenceRange, name: str, form_class: type[RefusableForm], act: Action
) -> HttpResponse:
    """Take a decision, or show the page with the form that was refused; a GET, as after a login, decides nothing."""
    form = decision_form(form_class, name, request.POST if request.method == "POST" else None)
    if request.method != "POST" or submit(request, form, act):
        return redirect("screening:reference-range", row.pk)
    return range_page(request, row, {name: form}, HTTPStatus.UNPROCESSABLE_ENTITY)


def decision_form(form_class: type[RefusableForm], name: str, data: QueryDict | None = None) -> RefusableForm:
    """Return one of the page's forms, whose inputs have identifiers of their own."""
    return form_class(data, auto_id=f"{name}-%s")


def range_page(
    request: HttpRequest,
    row: ReferenceRange,
    refused: dict[str, RefusableForm] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    found = ranges_of(row.trial)
    present = next((each for each in found.rows if each.pk == row.pk), None)
    if present is None:
        raise Http404
    labels = {code: sentence_case(test.label) for code, test in analytes(current_vocabulary(row.trial)).items()}
    forms = {"end": decision_form(EndForm, "end"), "wrong": decision_form(WrongForm, "wrong"), **(refused or {})}
    before = visit_key(request.GET.get("before"))
    context = {
        "text": range_text(present, found, labels, timezone.localdate()),
        "row": present,
        "ends": present.ends.select_related("created_by").order_by("pk"),
        "touched": touched_visits(present, before),
        "before": before,
        "forms": forms,
        "refused": next(iter((refused or {}).values()), None),
        "is_own": present.created_by_id == author_of(request).pk,
        **page_rights(request, "ranges", "confirm_range"),
    }
    return render(request, "screening/visits/reference_range.html", context, status=status)
