"""The rights that users held on a day, on the screen and as a file."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from screening.access.accounts import printed_name
from screening.access.permissions import page_rights
from screening.access.rights import RightOnDay, rights_on
from screening.access.trials import access_of
from screening.models import Exported
from screening.shared.csv import safe_text, write_table
from screening.submissions.exports import record_export
from screening.views.accounts.forms import RightsForm
from screening.views.shared.lookup import author_of


@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    form = RightsForm(request.GET)
    context = {
        "form": form,
        "day": form.selected_day(),
        "rows": rights_on(form.selected_day(), access_of(request).shown_rights()),
    }
    return render(request, "account/rights.html", context | page_rights(request, "confirm"))


@require_GET
def rights_export(request: HttpRequest) -> HttpResponseBase:
    form = RightsForm(request.GET)
    if not form.is_valid():
        messages.error(request, _("Nothing was exported: part of the filter makes no sense."))
        return redirect(f"{reverse('screening:rights')}?{request.GET.urlencode()}")
    day = form.selected_day()
    trials = access_of(request).shown_rights()
    record_export(
        author_of(request),
        Exported.RIGHTS,
        "csv",
        day.isoformat(),
        min(trials) if trials and len(trials) == 1 else None,
    )
    disposition = content_disposition_header(True, f"rights-{day.isoformat()}.csv") or ""
    headers = {"Content-Disposition": disposition}
    return StreamingHttpResponse(rights_csv(day, trials), "text/csv; charset=utf-8", headers=headers)


def rights_csv(day: date, trials: Collection[int] | None = None) -> Iterator[bytes]:
    rows = [[safe_text(cell) for cell in rights_cells(held, day)] for held in rights_on(day, trials)]
    return write_table(list(map(safe_text, rights_titles())), [rows])


def rights_titles() -> list[str]:
    return [
        _("Day"),
        _("User name"),
        _("Name"),
        _("Role"),
        _("Trial"),
        _("Account"),
        _("Holds from"),
        _("Last day"),
        _("Granted at"),
        _("Granted by"),
        _("Reason"),
        _("Revoked at"),
        _("Revoked by"),
        _("Reason of the revocation"),
    ]


def rights_cells(held: RightOnDay, day: date) -> list[str]:
    granted, revoked = held.grant, held.revocation
    return [
        day.isoformat(),
        granted.account.username,
        printed_name(granted.account),
        str(granted.get_role_display()),
        granted.trial.code if granted.trial else "",
        _("active") if held.active else _("deactivated"),
        granted.holds_from.isoformat(),
        granted.holds_until.isoformat() if granted.holds_until else "",
        granted.created_at.isoformat(timespec="seconds"),
        granted.created_by.username,
        granted.reason,
        revoked.created_at.isoformat(timespec="seconds") if revoked else "",
        revoked.created_by.username if revoked else "",
        revoked.reason if revoked else "",
    ]
