"""Beginning of an amendment and changes of its draft: each page is one form, handled by one verb."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from criteria.amendments.actions import (
    CRITERION_TEXTS,
    begin_amendment,
    replace_definition,
    set_criterion_texts,
    set_parameter,
    set_plan,
)
from criteria.amendments.parameter_input import counted_unit_text, read_value
from criteria.amendments.state import edition_of_revision, open_amendment
from criteria.definition.reader import BadDefinition
from criteria.evaluation.protocol import Protocol
from criteria.models import Amendment
from criteria.rules.facts import Limit
from criteria.versions.versions import newest_version, protocol_of
from criteria.vocabulary.faults import Fault
from screening.amendments.draft_text import (
    limit_text_in,
    parameter_input_text,
    parameter_value_text,
    sentences_with_parameter,
    suggested_number,
)
from screening.crf.rows import whole_number
from screening.views.amendments.forms import AmendmentForm, FileForm, ParameterForm, PlanForm, WordsForm
from screening.views.amendments.page import amendment_or_404
from screening.views.shared.form_action import Action, form_page, submit
from screening.views.shared.lookup import author_of, trial_or_404, trials_of

TEMPLATE = "screening/amendments/%s.html"


@require_http_methods(["GET", "HEAD", "POST"])
def amendment_new(request: HttpRequest) -> HttpResponse:
    trial = trial_or_404(request, trials_of(request), request.GET.get("trial"))
    if request.method != "POST" and (found := open_amendment(trial)):
        messages.info(request, _("This amendment is open: finish it or withdraw it before you begin another."))
        return redirect("screening:amendment", found.pk)
    base = newest_version(trial)
    started: list[Amendment] = []

    def act(typed: dict[str, Any]) -> str:
        started.append(begin_amendment(trial, author_of(request), **typed))
        return _("The draft of version %s was begun.") % typed["number"]

    form = PlanForm(
        request.POST if request.method == "POST" else None,
        initial=suggested_number(base) | sponsor_initial(base.sponsor_protocol if base else None),
    )
    if submit(request, form, act):
        return redirect("screening:amendment", started[0].pk)
    return form_page(request, TEMPLATE % "begin", form, {"trial": trial, "base": base})


@require_http_methods(["GET", "HEAD", "POST"])
def amendment_plan(request: HttpRequest, pk: int) -> HttpResponse:
    amendment = amendment_or_404(pk)
    latest = amendment.latest_revision()

    def act(typed: dict[str, Any]) -> str:
        set_plan(amendment, author_of(request), **typed, seen=posted_revision_number(request))
        return _("Number, day and note of the version were changed.")

    initial = latest.definition["version"] | sponsor_initial(latest.definition.get("sponsor_protocol"))
    form = PlanForm(request.POST if request.method == "POST" else None, initial=initial)
    return amendment_form(request, amendment, form, act, "plan", {"seen": latest.number})


@require_http_methods(["GET", "HEAD", "POST"])
def amendment_parameter(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    amendment = amendment_or_404(pk)
    latest = amendment.latest_revision()
    edition = edition_of_revision(latest)
    if name not in edition.protocol.limits:
        raise Http404
    limit = edition.protocol.limits[name]

    def act(typed: dict[str, Any]) -> str:
        try:
            value = read_value(edition.protocol, name, typed["value"])
        except ValueError as error:
            raise BadDefinition([Fault("value", str(error))]) from error
        set_parameter(
            amendment,
            author_of(request),
            name,
            value,
            typed["title"],
            typed["reason"],
            posted_revision_number(request),
            source=typed["source"],
        )
        return _("Changed: %s. See below what it does to the criteria.") % typed["title"]

    initial = {
        "value": parameter_value_text(edition.protocol, name),
        "title": limit.title,
        "source": limit.source,
    }
    unit = counted_unit_text(limit.unit)
    form = ParameterForm(request.POST if request.method == "POST" else None, initial=initial, unit=unit)
    context = parameter_context(amendment, edition.protocol, limit) | {"seen": latest.number}
    return amendment_form(request, amendment, form, act, "parameter", context)


def parameter_context(amendment: Amendment, protocol: Protocol, limit: Limit) -> dict[str, Any]:
    """Return a parameter of the draft in words, beside that of the version it is based on, as template context."""
    return {
        "parameter": limit,
        "words": limit_text_in(protocol, limit.name),
        "sentences": sentences_with_parameter(protocol, limit.name),
        "permitted": parameter_input_text(protocol, limit.name),
        "base_words": limit_text_in(protocol_of(amendment.base), limit.name),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def amendment_criterion(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    amendment = amendment_or_404(pk)
    latest = amendment.latest_revision()
    protocol = edition_of_revision(latest).protocol
    criterion = next((each for each in protocol.criteria if each.code == code), None)
    if criterion is None:
        raise Http404

    def act(typed: dict[str, Any]) -> str:
        set_criterion_texts(
            amendment,
            author_of(request),
            code,
            typed,
            typed["reason"],
            posted_revision_number(request),
            source=typed["source"],
        )
        return _("The wording of %s was changed.") % code

    initial = {name: getattr(criterion, name) for name in (*CRITERION_TEXTS, "source")}
    form = WordsForm(request.POST if request.method == "POST" else None, initial=initial)
    context = {"criterion": criterion, "sentence": protocol.sentence(criterion), "seen": latest.number}
    return amendment_form(request, amendment, form, act, "criterion", context)


@require_http_methods(["GET", "HEAD", "POST"])
def amendment_file(request: HttpRequest, pk: int) -> HttpResponse:
    amendment = amendment_or_404(pk)

    def act(typed: dict[str, Any]) -> str:
        replace_definition(
            amendment, author_of(request), typed["file"], typed["reason"], seen=posted_revision_number(request)
        )
        return _("The definition file is the draft now. Read below what it changes.")

    form = FileForm(*(request.POST, request.FILES) if request.method == "POST" else ())
    return amendment_form(request, amendment, form, act, "file", {"seen": amendment.latest_revision().number})


def sponsor_initial(block: Mapping[str, str] | None) -> dict[str, str]:
    """Return the sponsor's protocol as the form of a plan holds it."""
    return {f"sponsor_{key}": value for key, value in (block or {}).items()}


def posted_revision_number(request: HttpRequest) -> int:
    """Return the number of the revision on which the posted form was based; 0 if the form does not state it."""
    return whole_number(request.POST.get("seen")) or 0


def amendment_form(
    request: HttpRequest, amendment: Amendment, form: AmendmentForm, action: Action, page: str, context: dict[str, Any]
) -> HttpResponse:
    """Run an action on a draft and go back to the amendment's page, or show the form of `page`."""
    if submit(request, form, action, amendment):
        return redirect("screening:amendment", amendment.pk)
    return form_page(request, TEMPLATE % page, form, {"amendment": amendment, "trial": amendment.trial, **context})
