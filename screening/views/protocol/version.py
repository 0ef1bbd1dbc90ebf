"""The full text of a protocol version: to read, to print, and as the definition file that it came from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from criteria.definition.writer import definition_text
from criteria.models import ProtocolVersion
from criteria.records.moments import moment_text
from criteria.standards import STANDARDS, standard_text
from criteria.versions.versions import edition_of, protocol_of
from screening.access.accounts import printed_name
from screening.amendments.version_states import VersionState, version_state
from screening.amendments.version_tests import version_tests
from screening.amendments.version_text import version_text
from screening.views.shared.lookup import author_of


@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponse:
    state = version_state_or_404(pk)
    context = {"state": state, "version": state.version, "trial": state.version.trial}
    context["text"] = version_text(protocol_of(state.version))
    context["proved"] = version_tests(edition_of(state.version))
    return render(request, "screening/protocol/version.html", context)


@require_safe
def version_definition(request: HttpRequest, pk: int) -> HttpResponse:
    return definition_download(edition_of(version_or_404(pk)).data)


@require_safe
def version_standard(request: HttpRequest, pk: int, standard: str) -> HttpResponse:
    """Return the criteria in the form of a public standard."""
    if standard not in STANDARDS:
        raise Http404(_("There is no standard %(standard)s.") % {"standard": standard})
    version = version_or_404(pk)
    name = file_name(version.trial.code, version.number, f"{standard}.json")
    return file_response(standard_text(edition_of(version), standard).encode(), "application/json", name)


@require_safe
def version_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    from screening.amendments.version_pdf import write_version  # loaded once somebody wants one, as in an export

    state = version_state_or_404(pk)
    user, now = author_of(request), timezone.localtime()
    printed = _("Printed %(at)s by %(by)s.") % {
        "at": moment_text(now),
        "by": printed_name(user),
    }
    content = write_version(state, version_text(protocol_of(state.version)), printed)
    return file_response(content, "application/pdf", file_name(state.version.trial.code, state.version.number, "pdf"))


def version_or_404(pk: int) -> ProtocolVersion:
    return get_object_or_404(ProtocolVersion.objects.select_related("trial"), pk=pk)


def version_state_or_404(pk: int) -> VersionState:
    return version_state(version_or_404(pk), timezone.localdate())


def definition_download(data: Mapping[str, Any]) -> HttpResponse:
    """Return the definition file of a version, or of a draft of one."""
    name = file_name(data["trial"]["code"], data["version"]["number"], "yaml")
    return file_response(definition_text(data).encode(), "application/yaml; charset=utf-8", name)


def file_name(trial: str, number: str, ending: str) -> str:
    """Return a file name; what it may not contain, as in a number such as 1/2, becomes an underscore."""
    name = re.sub(r"[^\w.-]+", "_", f"{trial}-{number}")
    return f"{name}.{ending}"


def file_response(content: bytes, content_type: str, name: str) -> HttpResponse:
    disposition = content_disposition_header(True, name) or ""
    return HttpResponse(content, content_type, headers={"Content-Disposition": disposition})
