"""Views that record seen boundary cases, and propose, reject, withdraw or approve an amendment: one verb each."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from criteria.amendments.actions import reject_proposal, save_boundary_review, withdraw_amendment
from criteria.amendments.boundary import CONVENTION, boundary_tables
from criteria.amendments.state import AmendmentState, amendment_state, edition_of_revision
from criteria.models import Amendment, Proposal
from criteria.records.refusal import Refused
from criteria.versions.comparison import rules_changed
from criteria.versions.versions import edition_of
from screening.access.permissions import may
from screening.amendments.approve import EthicsApproval, approve, propose
from screening.crf.rows import whole_number
from screening.views.amendments.forms import AmendmentForm, ApprovalForm, DecisionForm
from screening.views.amendments.page import amendment_or_404, amendment_page
from screening.views.shared.form_action import submit
from screening.views.shared.lookup import author_of, record_refusals
from screening.views.shared.signer import drop_user_name, password_of, remember_signing

AmendmentVerb = Callable[[Amendment, dict[str, Any]], str]


@require_http_methods(["GET", "HEAD", "POST"])
def amendment_boundaries(request: HttpRequest, pk: int) -> HttpResponse:
    """Render the boundary cases of the latest revision.

    That they were seen is recorded for users who may amend, with a button below the cases.
    """
    amendment = amendment_or_404(pk)
    revision = amendment.latest_revision()
    if request.method == "POST":
        return record_boundary_review(request, amendment)
    old, new = edition_of(amendment.base), edition_of_revision(revision)
    context = {
        "amendment": amendment,
        "trial": amendment.trial,
        "revision": revision,
        "convention": CONVENTION,
        "rules_changed": rules_changed(old.protocol, new.protocol),
        "tables": boundary_tables(old, new),
        "old_name": amendment.base.number,
        "new_name": revision.definition["version"]["number"],
        "may_see": may(request.user, "amend", amendment.trial_id)
        and amendment_state(amendment) is AmendmentState.DRAFT,
        "is_seen": revision.boundary_reviews.filter(created_by=author_of(request)).exists(),
    }
    return render(request, "screening/amendments/boundaries.html", context)


def record_boundary_review(request: HttpRequest, amendment: Amendment) -> HttpResponse:
    number = whole_number(request.POST.get("revision")) or 0
    revision = amendment.revisions.filter(number=number).first()
    try:
        with record_refusals(request, amendment):
            if revision is None:
                raise Refused("stale", _("Look at the boundary cases again."))
            save_boundary_review(revision, author_of(request))
    except Refused as why:
        messages.error(request, why.message)
        return redirect("screening:amendment-boundaries", amendment.pk)
    messages.success(request, _("Recorded: you saw the boundary cases of this draft."))
    return redirect("screening:amendment", amendment.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def amendment_propose(request: HttpRequest, pk: int) -> HttpResponse:
    def act(amendment: Amendment, typed: dict[str, Any]) -> str:
        propose(amendment, author_of(request), typed["reason"])
        return _("Proposed. Another user approves it, or sends it back.")

    return decide_amendment(request, pk, "propose", DecisionForm, act)


@require_http_methods(["GET", "HEAD", "POST"])
def amendment_reject(request: HttpRequest, pk: int) -> HttpResponse:
    def act(amendment: Amendment, typed: dict[str, Any]) -> str:
        reject_proposal(posted_proposal(request, amendment), author_of(request), typed["reason"])
        return _("Sent back: it is a draft again.")

    return decide_amendment(request, pk, "reject", DecisionForm, act)


@require_http_methods(["GET", "HEAD", "POST"])
def amendment_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    def act(amendment: Amendment, typed: dict[str, Any]) -> str:
        withdraw_amendment(amendment, author_of(request), typed["reason"])
        return _("Withdrawn. It stays on record.")

    return decide_amendment(request, pk, "withdraw", DecisionForm, act)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def amendment_approve(request: HttpRequest, pk: int) -> HttpResponse:
    def act(amendment: Amendment, typed: dict[str, Any]) -> str:
        ethics = EthicsApproval(typed["committee"], typed["reference"], typed["approved_on"])
        version = approve(
            posted_proposal(request, amendment),
            author_of(request),
            password_of(request),
            typed["reason"],
            ethics,
            typed["effective_from"],
        )
        remember_signing(request)
        words = {"number": version.number, "day": version.effective_from.isoformat()}
        return _("Approved: version %(number)s is in force from %(day)s.") % words

    return decide_amendment(request, pk, "approve", ApprovalForm, act)


def posted_proposal(request: HttpRequest, amendment: Amendment) -> Proposal:
    """Return the proposal that the person who decides had on the screen; nobody decides on another one.

    Raise Refused, `stale`, if the posted proposal is not one of this amendment.
    """
    typed = request.POST.get("proposal", "")
    key = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else 0
    proposals = Proposal.objects.filter(revision__amendment=amendment, pk=key)
    found = proposals.select_related("revision__amendment__trial", "revision__amendment__base").first()
    if found is None:
        raise Refused("stale", _("Read what is proposed before you decide."))
    return found


def decide_amendment(
    request: HttpRequest, pk: int, name: str, kind: type[AmendmentForm], verb: AmendmentVerb
) -> HttpResponse:
    """Call the verb with a valid form; a refused form is shown again.

    A GET, to which a login leads back, decides nothing.
    """
    amendment = amendment_or_404(pk)
    address = reverse("screening:amendment", args=[amendment.pk])
    if request.method != "POST":
        return redirect(address)
    form = kind(request.POST, auto_id=f"{name}_%s")
    drop_user_name(request, form)
    if submit(request, form, lambda typed: verb(amendment, typed), amendment):
        return redirect(address)
    return amendment_page(request, amendment, name, form, HTTPStatus.UNPROCESSABLE_ENTITY)
