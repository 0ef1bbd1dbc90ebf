"""The approved versions of the consent form: the administrator records them, everybody reads them."""

from __future__ import annotations

from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from criteria.models import Trial
from criteria.vocabulary import BadDocument
from screening.access.permissions import may
from screening.models import ConsentFormVersion
from screening.views.shared.lookup import author_of, record_refusals, trial_or_404, trials_of
from screening.views.visits.consent_form_form import ConsentFormForm
from screening.visits.consent import ConsentForms, add_consent_form_version, consent_forms_of


class VersionText(NamedTuple):
    """A record of a version; `state` is `current`, `coming`, `earlier`, `in_error` or `corrected` by a later one."""

    row: ConsentFormVersion
    state: str


@require_http_methods(["GET", "HEAD", "POST"])
def consent_forms(request: HttpRequest) -> HttpResponse:
    trials = trials_of(request)
    trial = trial_or_404(request, trials, request.GET.get("trial"))
    form = ConsentFormForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if add_posted_version(request, trial, form):
            return redirect(f"{reverse('screening:consent-forms')}?{urlencode({'trial': trial.code})}")
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {
        "trial": trial,
        "trials": trials,
        "form": form,
        "texts": version_texts(consent_forms_of(trial)),
        "may_add": may(request.user, "consent_forms", trial),
    }
    return render(request, "screening/visits/consent_forms.html", context, status=status)


def add_posted_version(request: HttpRequest, trial: Trial, form: ConsentFormForm) -> bool:
    if not form.is_valid():
        return False
    try:
        with record_refusals(request):
            entered = add_consent_form_version(trial, author_of(request), **form.cleaned_data)
    except BadDocument as bad:
        form.refuse(bad.faults)
        return False
    words = {"version": entered.version, "day": entered.valid_from.isoformat()}
    messages.success(request, _("Recorded: version %(version)s, in use from %(day)s on.") % words)
    return True


def version_texts(forms: ConsentForms) -> list[VersionText]:
    """Return every record, the latest first day first; what was corrected stands under the record that counts."""
    current = forms.in_force(timezone.localdate())
    last = {row.version: row for row in forms.rows}
    rows = sorted(forms.rows, key=lambda row: (last[row.version].valid_from, last[row.version].pk, row.pk))
    return [VersionText(row, version_state(forms, row, current, last[row.version])) for row in reversed(rows)]


def version_state(
    forms: ConsentForms, row: ConsentFormVersion, current: ConsentFormVersion | None, last: ConsentFormVersion
) -> str:
    if row != last:
        return "corrected"
    if row.in_error:
        return "in_error"
    if row == current:
        return "current"
    return "coming" if row.valid_from > timezone.localdate() else "earlier"
