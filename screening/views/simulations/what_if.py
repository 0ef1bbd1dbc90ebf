"""Simulation of other values on screened subjects, without a draft; nothing but the report is stored."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from http import HTTPStatus
from typing import NamedTuple

from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from criteria.definition.reader import BadDefinition
from criteria.models import ProtocolVersion, Trial
from criteria.records.refusal import Refused
from criteria.versions.versions import version_on
from screening.log.filter import LogFilter
from screening.models import Simulation
from screening.simulations import Headline, filters_of, headline, start_what_if
from screening.views.log.forms import LogForm
from screening.views.shared.lookup import author_of, record_refusals, trial_or_404, trials_of
from screening.views.simulations.text import ValueChange, report_or_none, subjects_text, value_changes
from screening.views.simulations.what_if_form import WhatIfForm

LATEST_WHAT_IFS = 10
SIMULATION_KEY = re.compile("[0-9]{1,18}")
WHAT_IF_TEMPLATE = "screening/simulations/what_if.html"


class WhatIfForms(NamedTuple):
    values: WhatIfForm
    people: LogForm

    @property
    def are_valid(self) -> bool:
        """True if both forms are valid; both are always validated, so that every fault is shown at once."""
        return all([self.values.is_valid(), self.people.is_valid()])

    @property
    def problems(self) -> list[FormProblem]:
        """The faults of both forms; the message of a value names the parameter, that of a filter does not."""
        return [
            *(FormProblem("", "", str(message)) for message in self.values.non_field_errors()),
            *(FormProblem(field.id_for_label, "", str(error)) for field in self.values for error in field.errors),
            *(
                FormProblem(field.id_for_label, str(field.label), str(error))
                for field in self.people
                for error in field.errors
            ),
        ]

    @property
    def filters(self) -> list[BoundField]:
        return [self.people[name] for name in self.people.filters]


class FormProblem(NamedTuple):
    """A fault of a form.

    `anchor` is the id of the input, empty if it is none's; `label` is empty if the message names the input.
    """

    anchor: str
    label: str
    message: str


class EarlierWhatIf(NamedTuple):
    """An earlier what-if as text; `found` is None while there is no report."""

    simulation: Simulation
    values: list[ValueChange]
    people: str
    found: Headline | None


@require_http_methods(["GET", "HEAD", "POST"])
def what_if(request: HttpRequest) -> HttpResponse:
    trials = trials_of(request)
    trial = trial_or_404(request, trials, request.GET.get("trial"))
    context = {"trial": trial, "trials": trials, "earlier": earlier_what_ifs(trial)}
    base = current_version(trial)
    if base is None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else 200
        return render(request, WHAT_IF_TEMPLATE, context, status=status)
    if request.method != "POST":
        return render(request, WHAT_IF_TEMPLATE, context | {"base": base, "forms": initial_forms(request, base)})
    forms = WhatIfForms(WhatIfForm(base, request.POST), LogForm(request.POST, [base.trial]))
    if simulation := start_simulation(request, base, forms):
        return redirect("screening:simulation", simulation.pk)
    return render(
        request, WHAT_IF_TEMPLATE, context | {"base": base, "forms": forms}, status=HTTPStatus.UNPROCESSABLE_ENTITY
    )


def current_version(trial: Trial) -> ProtocolVersion | None:
    try:
        return version_on(trial, timezone.localdate())
    except ProtocolVersion.DoesNotExist:
        return None


def initial_forms(request: HttpRequest, base: ProtocolVersion) -> WhatIfForms:
    """Return the forms, blank or filled with the what-if that `like` in the address names."""
    like = request.GET.get("like", "")
    known = (
        Simulation.objects.filter(pk=like, revision=None, base__trial=base.trial)
        if SIMULATION_KEY.fullmatch(like)
        else None
    )
    simulation = known.first() if known is not None else None
    tried, people = (simulation.values, filters_of(simulation)) if simulation else ({}, LogFilter())
    address = QueryDict(mutable=True)
    address.update({name: str(value) for name, value in asdict(people).items() if value and name in LogForm.filters})
    return WhatIfForms(WhatIfForm(base, tried=tried), LogForm(address, [base.trial]))


def start_simulation(request: HttpRequest, base: ProtocolVersion, forms: WhatIfForms) -> Simulation | None:
    """Start the simulation; return None if an entry prevents it, and the forms say which.

    Limits that were entered beside those of a version other than today's would be compared with values that
    nobody saw.
    """
    if not forms.are_valid:
        return None
    if request.POST.get("base") != str(base.pk):
        text = _("Version %(number)s is in force by now: look at its values, then try again.")
        forms.values.add_error(None, text % {"number": base.number})
        return None
    people = replace(forms.people.selected_filter(), trial=base.trial.code)
    try:
        with record_refusals(request):
            return start_what_if(base, forms.values.values, people, author_of(request))
    except BadDefinition as bad:
        forms.values.refuse(bad.faults)
    except Refused as why:
        forms.values.add_error(None, why.message)
    return None


def earlier_what_ifs(trial: Trial) -> list[EarlierWhatIf]:
    found = Simulation.objects.filter(revision=None, base__trial=trial).order_by("-pk")
    related = "created_by", "base__trial", "progress", "report"
    return [
        EarlierWhatIf(
            each,
            value_changes(each),
            subjects_text(each),
            headline(report) if (report := report_or_none(each)) else None,
        )
        for each in found.select_related(*related)[:LATEST_WHAT_IFS]
    ]
