"""The reference ranges of the site's laboratories: the administrator enters them, everybody reads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
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

from criteria.models import ProtocolVersion, Trial
from criteria.rules.units import unit_text
from criteria.versions.versions import protocol_of, version_on
from criteria.vocabulary import BadDocument, Vocabulary
from screening.access.permissions import may
from screening.models import ReferenceRange
from screening.views.shared.lookup import author_of, record_refusals, trial_or_404, trials_of
from screening.views.visits.reference_range_form import RangeForm
from screening.visits.labels import sentence_case
from screening.visits.reference_ranges import Ranges, add_range, age_band_text, analytes, ranges_of


class RangeText(NamedTuple):
    """A range as text; `state` is `waiting`, `wrong`, `current`, `coming`, `ended` or `replaced`.

    A range waits until a second person confirms it. A replaced range applies to nobody.
    """

    range: ReferenceRange
    label: str
    limit: str
    lower: str
    ages: str
    state: str


@require_http_methods(["GET", "HEAD", "POST"])
def reference_ranges(request: HttpRequest) -> HttpResponse:
    trials = trials_of(request)
    trial = trial_or_404(request, trials, request.GET.get("trial"))
    vocabulary = current_vocabulary(trial)
    found = ranges_of(trial)
    laboratories = sorted({row.laboratory for row in found.rows} - {""})
    initial = {"laboratory": laboratories[0]} if len(laboratories) == 1 else {}
    form = RangeForm(vocabulary, request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        if add_posted_range(request, trial, form):
            return redirect(f"{reverse('screening:reference-ranges')}?{urlencode({'trial': trial.code})}")
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {
        "trial": trial,
        "trials": trials,
        "form": form,
        "may_add": may(request.user, "ranges", trial),
        "laboratories": laboratories,
        **range_tables(found, vocabulary),
    }
    return render(request, "screening/visits/reference_ranges.html", context, status=status)


def current_vocabulary(trial: Trial) -> Vocabulary:
    """Return the questions in force today, or those of the first version if none is in force yet."""
    try:
        version = version_on(trial, timezone.localdate())
    except ProtocolVersion.DoesNotExist:
        version = trial.versions.select_related("trial").earliest("effective_from", "pk")
    return protocol_of(version).vocabulary


def add_posted_range(request: HttpRequest, trial: Trial, form: RangeForm) -> bool:
    if not form.is_valid():
        return False
    try:
        with record_refusals(request):
            entered = add_range(trial, author_of(request), form.range_values, form.data.get("confirmed", ""))
    except BadDocument as bad:
        form.refuse(bad.faults)
        return False
    text = _("Entered: %(limit)s. Once another user has confirmed it, it counts for results collected from %(day)s on.")
    messages.success(request, text % {"limit": upper_limit_text(entered), "day": entered.valid_from.isoformat()})
    return True


def range_tables(found: Ranges, vocabulary: Vocabulary) -> dict[str, list[RangeText]]:
    labels = {code: sentence_case(analyte.label) for code, analyte in analytes(vocabulary).items()}
    order = {code: at for at, code in enumerate(labels)}
    today = timezone.localdate()
    rows = sorted(found.rows, key=lambda row: (order.get(row.analyte, len(order)), row.unit, row.sex, -row.pk))
    told = [range_text(row, found, labels, today) for row in rows]
    return {
        "waiting": [text for text in told if text.state == "waiting"],
        "current": [text for text in told if text.state == "current"],
        "others": [text for text in told if text.state not in ("waiting", "current")],
    }


def range_text(row: ReferenceRange, found: Ranges, labels: Mapping[str, str], today: date) -> RangeText:
    lower = "" if row.lln is None else f"{row.lln} {unit_text(row.unit)}"
    return RangeText(
        row,
        labels.get(row.analyte, row.analyte),
        upper_limit_text(row),
        lower,
        age_band_text(row),
        range_state(row, found, today),
    )


def range_state(row: ReferenceRange, found: Ranges, today: date) -> str:
    if row.is_wrong:
        return "wrong"
    if not row.is_confirmed:
        return "waiting"
    if row.valid_from > today:
        return "coming"
    if row.last_day and row.last_day < today:
        return "ended"
    return "current" if row in found.applicable_ranges(row.analyte, today, row.unit) else "replaced"


def upper_limit_text(found: ReferenceRange) -> str:
    unit = unit_text(found.unit)
    return _("none given (%(unit)s)") % {"unit": unit} if found.uln is None else f"{found.uln} {unit}"
