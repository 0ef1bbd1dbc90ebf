"""Pages that end a decision: a signature is withdrawn by its signer, a closed case reopened by an investigator."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument
from screening.models import Signature, Visit
from screening.review.statements import reopening_statement, withdrawal_statement
from screening.review.undo import closure_to_reopen, reopen_case, withdraw_signature
from screening.signatures.refusals import refuse_withdrawal
from screening.views.cards.decisions import blocking_reason
from screening.views.cards.signatures import signature_history
from screening.views.shared.lookup import author_of, posted_values, record_refusals, visit_or_404
from screening.views.shared.rejected_form import rejected_form
from screening.views.shared.signer import password_of, remember_signing, signer_of
from screening.visits.closure import closure_of

SIGNATURE_RELATED = (
    "assessment__version",
    "assessment__revision__visit__subject__trial",
    "assessment__revision__visit__status",
)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def signature_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is withdrawn and ask for reason and password; only a POST withdraws it."""
    signature = get_object_or_404(Signature.objects.select_related(*SIGNATURE_RELATED), pk=pk)
    visit, signer = signature.assessment.revision.visit, author_of(request)

    def act(reason: str) -> str:
        withdraw_signature(signature, signer, password_of(request), reason)
        return _("Withdrawn. A new decision is required.")

    shown = [text for text in signature_history(visit.subject, [visit]).signed if text.signed == signature]
    why_not = blocking_reason(lambda: refuse_withdrawal(signature, signer))
    context = {
        "heading": _("Withdraw a signature"),
        "shown": shown,
        "why_not": why_not,
        "meaning": withdrawal_statement(signature),
        "button": _("Withdraw the signature"),
    }
    return undo_page(request, visit, act, context)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def visit_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the case that is closed and ask for reason and password; only a POST reopens it."""
    visit = visit_or_404(pk)

    def act(reason: str) -> str:
        reopen_case(visit, author_of(request), password_of(request), reason)
        return _("The case is reopened.")

    closure = closure_of(visit)
    if closure:
        closure.revision.visit = visit
    shown = [text for text in signature_history(visit.subject, [visit]).signed if text.signed == closure]
    context = {
        "heading": _("Reopen a closed case"),
        "shown": shown,
        "why_not": blocking_reason(lambda: closure_to_reopen(visit)),
        "meaning": reopening_statement(closure) if closure else "",
        "button": _("Reopen the case"),
    }
    return undo_page(request, visit, act, context)


def undo_page(request: HttpRequest, visit: Visit, act: Callable[[str], str], context: dict[str, Any]) -> HttpResponse:
    typed = None
    if request.method == "POST":
        values = posted_values(request, "reason")
        try:
            with record_refusals(request, visit):
                message = act(values["reason"])
        except (Refused, BadDocument) as why:
            typed = rejected_form("undo", values, why)
        else:
            remember_signing(request)
            messages.success(request, message)
            return redirect(f"{reverse('screening:visit', args=[visit.pk])}#decided")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if typed else HTTPStatus.OK
    more = {"visit": visit, "typed": typed, **signer_of(request)}
    return render(request, "screening/review/undo.html", context | more, status=status)
