"""What if: other values tried on people who were screened, without a draft. Nothing but the report is kept."""

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
from criteria.versions.versions import in_force
from screening.log.filter import LogFilter
from screening.models import Simulation
from screening.simulations import Headline, filters_of, headline, start_what_if
from screening.views.log.forms import LogForm
from screening.views.shared.lookup import author_of, chosen, on_record
from screening.views.simulations.text import Value, people_in_words, report_of, values_of
from screening.views.simulations.what_if_form import WhatIfForm

LATEST = 10
KEY = re.compile("[0-9]{1,18}")
TEMPLATE = "screening/simulations/what_if.html"


class Forms(NamedTuple):
    values: WhatIfForm
    people: LogForm

    @property
    def are_valid(self) -> bool:
        """Both are looked at, so that everything that is wrong is said at once."""
        return all([self.values.is_valid(), self.people.is_valid()])

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with a value names the parameter itself; of a filter the message does not."""
        return [
            *(Problem("", "", str(message)) for message in self.values.non_field_errors()),
            *(Problem(field.id_for_label, "", str(error)) for field in self.values for error in field.errors),
            *(
                Problem(field.id_for_label, str(field.label), str(error))
                for field in self.people
                for error in field.errors
            ),
        ]

    @property
    def filters(self) -> list[BoundField]:
        return [self.people[name] for name in self.people.filters]


class Problem(NamedTuple):
    """`anchor` is the id of the input, empty where it is none's; `label` is empty where the message names it."""

    anchor: str
    label: str
    message: str


class Earlier(NamedTuple):
    """A what-if of before, in words; nothing `found` while there is no report."""

    simulation: Simulation
    values: list[Value]
    people: str
    found: Headline | None


@require_http_methods(["GET", "HEAD", "POST"])
def what_if(request: HttpRequest) -> HttpResponse:
    trials = list(Trial.objects.all())
    trial = chosen(trials, request.GET.get("trial"))
    context = {"trial": trial, "trials": trials, "earlier": earlier(trial)}
    base = version_of_today(trial)
    if base is None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else 200
        return render(request, TEMPLATE, context, status=status)
    if request.method != "POST":
        return render(request, TEMPLATE, context | {"base": base, "forms": offered(request, base)})
    forms = Forms(WhatIfForm(base, request.POST), LogForm(request.POST, [base.trial]))
    if simulation := started(request, base, forms):
        return redirect("screening:simulation", simulation.pk)
    return render(request, TEMPLATE, context | {"base": base, "forms": forms}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def version_of_today(trial: Trial) -> ProtocolVersion | None:
    try:
        return in_force(trial, timezone.localdate())
    except ProtocolVersion.DoesNotExist:
        return None


def offered(request: HttpRequest, base: ProtocolVersion) -> Forms:
    """Blank, or with what the what-if had that the address names in `like`."""
    like = request.GET.get("like", "")
    known = Simulation.objects.filter(pk=like, revision=None, base__trial=base.trial) if KEY.fullmatch(like) else None
    simulation = known.first() if known is not None else None
    tried, people = (simulation.values, filters_of(simulation)) if simulation else ({}, LogFilter())
    address = QueryDict(mutable=True)
    address.update({name: str(value) for name, value in asdict(people).items() if value and name in LogForm.filters})
    return Forms(WhatIfForm(base, tried=tried), LogForm(address, [base.trial]))


def started(request: HttpRequest, base: ProtocolVersion, forms: Forms) -> Simulation | None:
    """None where something that was typed speaks against it: the forms say what. Limits typed beside those of another
    version than today's would be compared with what nobody saw.
    """
    if not forms.are_valid:
        return None
    if request.POST.get("base") != str(base.pk):
        text = _("Version %(number)s is in force by now: look at its values, then try again.")
        forms.values.add_error(None, text % {"number": base.number})
        return None
    people = replace(forms.people.chosen(), trial=base.trial.code)
    try:
        with on_record(request):
            return start_what_if(base, forms.values.values, people, author_of(request))
    except BadDefinition as bad:
        forms.values.refuse(bad.faults)
    except Refused as why:
        forms.values.add_error(None, why.message)
    return None


def earlier(trial: Trial) -> list[Earlier]:
    found = Simulation.objects.filter(revision=None, base__trial=trial).order_by("-pk")
    related = "created_by", "base__trial", "progress", "report"
    return [
        Earlier(each, values_of(each), people_in_words(each), headline(report) if (report := report_of(each)) else None)
        for each in found.select_related(*related)[:LATEST]
    ]
