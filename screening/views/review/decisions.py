"""The investigator's decisions on an assessment: what is typed goes to one verb each, and comes back if refused."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument
from screening.crf.rows import whole
from screening.models import Assessment, Revision
from screening.review.decide import close_case, send_back, sign
from screening.views.review.page import review_page
from screening.views.shared.lookup import assessment_or_404, author_of, on_record, revision_or_404, visit_or_404
from screening.views.shared.rejected_form import refused
from screening.views.shared.signer import has_signed, password_of
from screening.views.visits.visit import visit_page

REFUSED = 422


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def assessment_sign(request: HttpRequest, pk: int) -> HttpResponse:
    typed = taken(request, "decision", "primary", "expired_seen")

    def act(assessment: Assessment) -> str:
        signature = sign(
            assessment,
            author_of(request),
            password_of(request),
            typed["decision"],
            typed["primary"],
            expired_seen=typed["expired_seen"] == "yes",
        )
        has_signed(request)
        return _("Signed: %(decision)s.") % {"decision": signature.get_decision_display()}

    return decide(request, pk, "sign", typed, act)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def assessment_close(request: HttpRequest, pk: int) -> HttpResponse:
    typed = taken(request, "reason", "comment")

    return decide(request, pk, "close", typed, lambda assessment: close(request, assessment.revision, typed))


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def visit_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a person who was not assessed, too: from the page of the visit, by the revision that was shown there."""
    visit = visit_or_404(pk)
    address = reverse("screening:visit", args=[visit.pk])
    if request.method != "POST":
        return redirect(address)
    revision = revision_or_404(visit, whole(request.POST.get("revision")) or 0)
    typed = taken(request, "reason", "comment")
    try:
        with on_record(request, visit):
            said = close(request, revision, typed)
    except (Refused, BadDocument) as why:
        return visit_page(request, visit, refused("close", typed, why), REFUSED)
    messages.success(request, said)
    return redirect(f"{address}#decided")


def close(request: HttpRequest, revision: Revision, typed: dict[str, str]) -> str:
    closure = close_case(revision, author_of(request), password_of(request), typed["reason"], typed["comment"])
    has_signed(request)
    return _("Signed: not enrolled for another reason (%(reason)s).") % {"reason": closure.get_reason_display()}


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    typed = taken(request, "comment")

    def act(assessment: Assessment) -> str:
        send_back(assessment, author_of(request), typed["comment"])
        return _("Sent back to the coordinator.")

    return decide(request, pk, "send-back", typed, act)


def taken(request: HttpRequest, *names: str) -> dict[str, str]:
    """These of the inputs and no others."""
    return {name: request.POST.get(name, "") for name in names}


def decide(
    request: HttpRequest, pk: int, form: str, typed: dict[str, str], act: Callable[[Assessment], str]
) -> HttpResponse:
    """`act` takes the decision and says in words which. A GET, where a login leads on, decides nothing."""
    assessment = assessment_or_404(pk)
    address = reverse("screening:review", args=[assessment.pk])
    if request.method != "POST":
        return redirect(address)
    try:
        with on_record(request, assessment.revision.visit):
            said = act(assessment)
    except (Refused, BadDocument) as why:
        return review_page(request, assessment, refused(form, typed, why), REFUSED)
    messages.success(request, said)
    return redirect(f"{address}#decided")  # or the form's own fragment would hold
