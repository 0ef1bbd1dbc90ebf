"""The screening and enrolment log: everybody ever screened, what became of each, and the counts by person."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from criteria.models import Trial
from screening.access.permissions import may
from screening.exports import FORMATS
from screening.log.filter import Counts, Group, LogFilter, counts, described, log_page, people, reason_label
from screening.log.rows import log_rows_of
from screening.models import NEVER
from screening.views.log.forms import LogForm
from screening.views.shared.columns import Column, column


class ReasonText(NamedTuple):
    people: int
    label: str
    statement: str


class GroupText(NamedTuple):
    """Some of the people of a box, with the reasons among them; `address` shows just them."""

    people: int
    label: str
    address: str = ""
    reasons: tuple[ReasonText, ...] = ()


class Box(NamedTuple):
    people: int
    label: str
    address: str = ""
    groups: tuple[GroupText, ...] = ()


class Export(NamedTuple):
    """`address` is empty where the log is too long for such a file."""

    label: str
    address: str
    most: int | None


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    form = log_form(request)
    filters = form.chosen()
    page = log_page(filters, request.GET.get("page"))
    counted = counts(filters)
    may_export = may(request.user, "export")
    context = {
        "form": form,
        "rows": log_rows_of(page.rows),
        "previous": page.previous and form.address(page=page.previous),
        "next": page.next and form.address(page=page.next),
        "columns": columns(form),
        "apart": [_("Consent"), _("Version")],  # on a narrow screen they stand with the day of screening
        "counted": counted,
        "boxes": boxes(form, filters, counted),
        "filters": described(filters),
        "exports": exports(form, counted.everybody) if may_export else [],
        "deidentified": reverse("screening:deidentified-export") + form.address() if may_export else "",
        "never": NEVER,
    }
    return render(request, "screening/log/page.html", context)


def log_form(request: HttpRequest) -> LogForm:
    return LogForm(request.GET, list(Trial.objects.all()))


def columns(form: LogForm) -> list[Column]:
    return [
        column(form, _("Person"), "screening_number"),
        column(form, _("Screened"), "visit_date"),
        Column(_("Consent")),
        Column(_("Version")),
        Column(_("Outcome")),
        Column(_("Failed")),
        Column(_("Primary reason")),
        Column(_("Decision")),
        Column(_("Signature")),
        Column(_("Enrolled")),
    ]


def boxes(form: LogForm, filters: LogFilter, counted: Counts) -> list[Box]:
    """Enrolled, excluded and open: together everybody in the log. Each leads to its people, unless a decision is chosen
    already: a link would put another one in its place, and lead to more people than were counted.
    """

    def address(decision: str) -> str:
        return "" if filters.decision else form.address(decision=decision)

    failures, others = counted.failures, counted.not_enrolled
    failed, otherwise = address("failure"), address("not_enrolled")
    excluded = (
        GroupText(people(failures), _("screen failure"), failed, texts(form, failures)),
        GroupText(people(others), _("not enrolled for another reason"), otherwise, texts(form, others)),
    )
    still_open = (
        GroupText(counted.to_enrol, _("confirmed eligible, to be enrolled")),
        GroupText(counted.undecided, _("undecided")),
        GroupText(counted.registered, _("registered, no visit yet")),
    )
    return [
        Box(counted.enrolled, _("enrolled"), address("enrolled")),
        Box(counted.excluded, _("excluded"), "", present(excluded)),
        Box(counted.open, _("open"), address("open"), present(still_open)),
    ]


def present(groups: tuple[GroupText, ...]) -> tuple[GroupText, ...]:
    return tuple(group for group in groups if group.people)


def texts(form: LogForm, groups: tuple[Group, ...]) -> tuple[ReasonText, ...]:
    return tuple(
        ReasonText(people, reason_label(reason) or _("no primary reason"), form.statements.get(reason, ""))
        for reason, people in groups
    )


def exports(form: LogForm, length: int) -> list[Export]:
    return [
        Export(name.upper(), export_address(form, name) if each.most is None or length <= each.most else "", each.most)
        for name, each in FORMATS.items()
    ]


def export_address(form: LogForm, file_format: str) -> str:
    return reverse("screening:log-export", args=[file_format]) + form.address()
