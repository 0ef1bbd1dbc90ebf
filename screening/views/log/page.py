"""The screening and enrolment log: everybody ever screened, the outcome of each, and the counts by person."""

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
from screening.log.counts import LogCounts, ReasonGroup, log_counts, subject_count
from screening.log.filter import LogFilter
from screening.log.labels import log_filter_text, reason_label
from screening.log.pages import log_page
from screening.log.rows import log_rows_of
from screening.models import NEVER
from screening.views.log.forms import LogForm
from screening.views.shared.columns import SortColumn, sort_column


class ReasonText(NamedTuple):
    people: int
    label: str
    statement: str


class GroupText(NamedTuple):
    """A group of the subjects of a box, with the reasons among them; `address` shows only these."""

    people: int
    label: str
    address: str = ""
    reasons: tuple[ReasonText, ...] = ()


class LogBox(NamedTuple):
    people: int
    label: str
    address: str = ""
    groups: tuple[GroupText, ...] = ()


class ExportLink(NamedTuple):
    """A link to an export; `address` is empty if the log is too long for such a file."""

    label: str
    address: str
    most: int | None


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    form = log_form(request)
    filters = form.selected_filter()
    page = log_page(filters, request.GET.get("page"))
    counted = log_counts(filters)
    may_export = may(request.user, "export")
    context = {
        "form": form,
        "rows": log_rows_of(page.rows),
        "previous": page.previous and form.address(page=page.previous),
        "next": page.next and form.address(page=page.next),
        "columns": log_page_columns(form),
        "apart": [_("Consent"), _("Version")],  # on a narrow screen they stand with the day of screening
        "counted": counted,
        "boxes": log_boxes(form, filters, counted),
        "filters": log_filter_text(filters),
        "exports": export_links(form, counted.everybody) if may_export else [],
        "deidentified": reverse("screening:deidentified-export") + form.address() if may_export else "",
        "never": NEVER,
    }
    return render(request, "screening/log/page.html", context)


def log_form(request: HttpRequest) -> LogForm:
    return LogForm(request.GET, list(Trial.objects.all()))


def log_page_columns(form: LogForm) -> list[SortColumn]:
    return [
        sort_column(form, _("Person"), "screening_number"),
        sort_column(form, _("Screened"), "visit_date"),
        SortColumn(_("Consent")),
        SortColumn(_("Version")),
        SortColumn(_("Outcome")),
        SortColumn(_("Failed")),
        SortColumn(_("Primary reason")),
        SortColumn(_("Decision")),
        SortColumn(_("Signature")),
        SortColumn(_("Enrolled")),
    ]


def log_boxes(form: LogForm, filters: LogFilter, counted: LogCounts) -> list[LogBox]:
    """Return the boxes of enrolled, excluded and open subjects, together everybody in the log.

    Each box links to its subjects, unless a decision is chosen already: a link would replace that decision, and lead
    to more subjects than were counted.
    """

    def address(decision: str) -> str:
        return "" if filters.decision else form.address(decision=decision)

    failures, others = counted.failures, counted.not_enrolled
    failed, otherwise = address("failure"), address("not_enrolled")
    excluded = (
        GroupText(subject_count(failures), _("screen failure"), failed, reason_texts(form, failures)),
        GroupText(subject_count(others), _("not enrolled for another reason"), otherwise, reason_texts(form, others)),
    )
    still_open = (
        GroupText(counted.to_enrol, _("confirmed eligible, to be enrolled")),
        GroupText(counted.undecided, _("undecided")),
        GroupText(counted.registered, _("registered, no visit yet")),
    )
    return [
        LogBox(counted.enrolled, _("enrolled"), address("enrolled")),
        LogBox(counted.excluded_count, _("excluded"), "", non_empty_groups(excluded)),
        LogBox(counted.open, _("open"), address("open"), non_empty_groups(still_open)),
    ]


def non_empty_groups(groups: tuple[GroupText, ...]) -> tuple[GroupText, ...]:
    return tuple(group for group in groups if group.people)


def reason_texts(form: LogForm, groups: tuple[ReasonGroup, ...]) -> tuple[ReasonText, ...]:
    return tuple(
        ReasonText(people, reason_label(reason) or _("no primary reason"), form.statements.get(reason, ""))
        for reason, people in groups
    )


def export_links(form: LogForm, length: int) -> list[ExportLink]:
    return [
        ExportLink(
            name.upper(), export_address(form, name) if each.most is None or length <= each.most else "", each.most
        )
        for name, each in FORMATS.items()
    ]


def export_address(form: LogForm, file_format: str) -> str:
    return reverse("screening:log-export", args=[file_format]) + form.address()
