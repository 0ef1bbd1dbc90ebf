"""A definition file as it would look, before anything is published: what is found, forms, sentences, tests.

Nothing is stored, and no trial needs to exist: a first version is looked at in the same way.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from criteria.definition.reader import CheckedDefinition, Edition, check_definition
from criteria.evaluation.protocol import Protocol
from screening.amendments.version_tests import version_tests
from screening.amendments.version_text import version_text
from screening.crf import SectionForm
from screening.views.amendments.forms import PreviewForm


@require_http_methods(["GET", "HEAD", "POST"])
def definition_preview(request: HttpRequest) -> HttpResponse:
    form = PreviewForm(*(request.POST, request.FILES) if request.method == "POST" else ())
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        context |= preview_context(check_definition(form.cleaned_data["file"]))
    is_refused = bool(form.errors) or bool(context.get("errors"))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, "screening/amendments/preview.html", context, status=status)


def preview_context(checked: CheckedDefinition) -> dict[str, Any]:
    """Return what the page shows of a file: what was found and, where it can be read, the trial that it makes."""
    found: dict[str, Any] = {"checked": checked, "errors": checked.errors, "warnings": checked.warnings}
    found["found"] = (*checked.errors, *checked.warnings)
    if checked.protocol is None:
        return found
    edition = Edition(checked.data, checked.protocol)
    return found | {
        "previewed": checked.protocol,
        "version": edition,
        "title": checked.data["trial"]["title"],
        "text": version_text(checked.protocol),
        "proved": version_tests(edition),
        "sections": empty_forms(checked.protocol),
    }


def empty_forms(protocol: Protocol) -> list[SectionForm]:
    """Return the form of each section, as it is for a visit of which nothing is known."""
    vocabulary = protocol.vocabulary
    return [SectionForm(section, {}, drugs=vocabulary.drugs) for section in vocabulary.sections]
