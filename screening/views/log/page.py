"""The screening and enrolment log: every attempt of everybody, the outcome of each, and the counts."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from screening.access.permissions import page_rights
from screening.access.trials import access_of
from screening.exports import FORMATS
from screening.log.counts import LogCounts, ReasonGroup, group_sum, log_counts, visits_in_error_count
from screening.log.filter import EARLIER, LATEST, LogFilter
from screening.log.labels import log_filter_text, reason_label
from screening.log.pages import log_page
from screening.log.rows import log_rows_of
from screening.log.search import only_subject
from screening.models import NEVER, LogDecision, SavedFilter
from screening.views.log.forms import AttemptLogForm, LogForm
from screening.views.shared.columns import SortColumn, sort_column
from screening.views.shared.found import found_text
from screening.views.shared.lookup import trial_or_404, trials_of
from screening.views.shared.saved_filters import saved_filter_links, take_saved_filter


class ReasonText(NamedTuple):
    number: int
    label: str
    statement: str


class GroupText(NamedTuple):
    """A group of the rows of a box, with the reasons among them; `address` shows only these."""

    number: int
    label: str
    address: str = ""
    reasons: tuple[ReasonText, ...] = ()


class LogBox(NamedTuple):
    number: int
    label: str
    address: str = ""
    groups: tuple[GroupText, ...] = ()


class ExportLink(NamedTuple):
    """A link to an export; `address` is empty if the log is too long for such a file."""

    label: str
    address: str
    most: int | None


@require_http_methods(["GET", "HEAD", "POST"])
def log(request: HttpRequest) -> HttpResponse:
    """Answer with the page, with its rows alone while somebody types, or with the one subject that was meant."""
    form = log_form(request)
    if request.method == "POST":
        return take_saved_filter(request, SavedFilter.Lists.LOG, form)
    filters = form.selected_filter()
    page = log_page(filters, request.GET.get("page"))
    is_whole = not page.next and not page.previous
    if "go" in request.GET and filters.search and is_whole and (meant := only_subject(page.rows, filters.search)):
        return redirect("screening:subject", meant.subject_id)
    counted = log_counts(filters)
    allowed = page_rights(request, "export")
    may_export = allowed["may_export"]
    context = {
        "form": form,
        "rows": log_rows_of(page.rows),
        "previous": page.previous and form.address(page=page.previous),
        "next": page.next and form.address(page=page.next),
        "columns": log_page_columns(form),
        "apart": [_("Consent"), _("Version")],  # on a narrow screen they stand with the day of screening
        "counted": counted,
        "visits_in_error": visits_in_error_count(filters),
        "boxes": log_boxes(form, filters, counted),
        "filters": log_filter_text(filters),
        "exports": export_links(form, counted.rows) if may_export else [],
        "deidentified": reverse("screening:deidentified-export") + form.address()
        if may_export and not filters.search
        else "",
        "found": found_text(counted.people + counted.numbers_in_error, is_whole=True),
        "never": NEVER,
        **allowed,
    }
    if getattr(request, "htmx", False):
        return render(request, "screening/log/results.html", context | {"is_part": True})
    context["saved_filters"] = saved_filter_links(request, SavedFilter.Lists.LOG, form)
    return render(request, "screening/log/page.html", context)


def log_form(request: HttpRequest) -> AttemptLogForm:
    """Return the filter form of the log of one trial: the one that the address names, or that the user works in."""
    trials, access = trials_of(request), access_of(request)
    codes = [trial.code for trial in trials]
    code = request.GET.get("trial") if request.GET.get("trial") in codes else None
    shown = trial_or_404(request, trials, code) if trials else None
    return AttemptLogForm(request.GET, trials, shown, is_one_of_many=not access.seen_all(access.verb))


def log_page_columns(form: LogForm) -> list[SortColumn]:
    return [
        sort_column(form, _("Subject"), "screening_number"),
        sort_column(form, _("Screened"), "visit_date"),
        SortColumn(_("Consent")),
        SortColumn(_("Version")),
        SortColumn(_("Status")),
        SortColumn(_("Not met or present")),
        SortColumn(_("Primary reason")),
        SortColumn(_("Decision")),
        SortColumn(_("Signature")),
        SortColumn(_("Enrolled")),
    ]


def log_boxes(form: LogForm, filters: LogFilter, counted: LogCounts) -> list[LogBox]:
    """Return the boxes of enrolled, excluded and open subjects, of earlier attempts, and of mistakes: every row.

    Each box links to its rows, unless a decision is chosen already: a link would replace that decision, and lead
    to more rows than were counted.
    """

    def address(decision: str, attempt: str = LATEST) -> str:
        return "" if filters.decision else form.address(decision=decision, attempt=attempt)

    failures, others = counted.failures, counted.not_enrolled
    failed, otherwise = address("failure"), address("not_enrolled")
    excluded = (
        GroupText(group_sum(failures), _("screen failure"), failed, reason_texts(form, failures)),
        GroupText(group_sum(others), _("not enrolled for another reason"), otherwise, reason_texts(form, others)),
    )
    still_open = (
        GroupText(counted.to_enrol, _("confirmed eligible, to be enrolled")),
        GroupText(counted.undecided, _("undecided")),
        GroupText(counted.registered, _("registered, no visit yet")),
    )
    before = counted.earlier_failures
    earlier = (
        GroupText(group_sum(before), _("screen failure"), address("failure", EARLIER), reason_texts(form, before)),
        GroupText(counted.earlier_others, _("without a confirmed screen failure")),
    )
    boxes = [
        LogBox(counted.enrolled, _("enrolled"), address("enrolled")),
        LogBox(counted.excluded_count, _("excluded"), "", non_empty_groups(excluded)),
        LogBox(counted.open, _("open"), address("open"), non_empty_groups(still_open)),
    ]
    if counted.earlier:
        shown = form.address(attempt=EARLIER)
        boxes.append(LogBox(counted.earlier, _("earlier attempts"), shown, non_empty_groups(earlier)))
    if counted.numbers_in_error:
        in_error = LogDecision.ENTERED_IN_ERROR
        boxes.append(LogBox(counted.numbers_in_error, str(in_error.label), address(in_error.value)))
    return boxes


def non_empty_groups(groups: tuple[GroupText, ...]) -> tuple[GroupText, ...]:
    return tuple(group for group in groups if group.number)


def reason_texts(form: LogForm, groups: tuple[ReasonGroup, ...]) -> tuple[ReasonText, ...]:
    return tuple(
        ReasonText(number, reason_label(reason) or _("no primary reason"), form.statements.get(reason, ""))
        for reason, number in groups
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
