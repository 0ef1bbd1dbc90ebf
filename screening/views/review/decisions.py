"""The investigator's decisions on an assessment: each form calls one verb, and is shown again if refused."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument
from screening.models import Assessment
from screening.review.decide import send_back, sign
from screening.views.review.page import review_page
from screening.views.shared.lookup import assessment_or_404, author_of, posted_values, record_refusals
from screening.views.shared.rejected_form import rejected_form
from screening.views.shared.signer import password_of, remember_signing, sign_closure


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def assessment_sign(request: HttpRequest, pk: int) -> HttpResponse:
    typed = posted_values(request, "decision", "primary", "expired_seen")

    def act(assessment: Assessment) -> str:
        signature = sign(
            assessment,
            author_of(request),
            password_of(request),
            typed["decision"],
            typed["primary"],
            expired_seen=typed["expired_seen"] == "yes",
        )
        remember_signing(request)
        return _("Signed: %(decision)s.") % {"decision": signature.get_decision_display()}

    return decide_assessment(request, pk, "sign", typed, act)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def assessment_close(request: HttpRequest, pk: int) -> HttpResponse:
    typed = posted_values(request, "reason", "comment")

    return decide_assessment(
        request, pk, "close", typed, lambda assessment: sign_closure(request, assessment.revision, typed)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    typed = posted_values(request, "comment")

    def act(assessment: Assessment) -> str:
        send_back(assessment, author_of(request), typed["comment"])
        return _("Sent back to the coordinator.")

    return decide_assessment(request, pk, "send-back", typed, act)


def decide_assessment(
    request: HttpRequest, pk: int, form: str, typed: dict[str, str], act: Callable[[Assessment], str]
) -> HttpResponse:
    """Call `act`, which makes the decision and returns its message.

    A refused decision shows the form again. A GET, to which a login leads back, decides nothing.
    """
    assessment = assessment_or_404(pk)
    address = reverse("screening:review", args=[assessment.pk])
    if request.method != "POST":
        return redirect(address)
    try:
        with record_refusals(request, assessment.revision.visit):
            said = act(assessment)
    except (Refused, BadDocument) as why:
        return review_page(request, assessment, rejected_form(form, typed, why), HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, said)
    return redirect(f"{address}#decided")  # or the form's own fragment would hold
