"""Boundary cases seen; proposing, rejecting, withdrawing and approving an amendment: one verb each."""

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

from criteria.amendments.actions import reject, see_boundaries, withdraw
from criteria.amendments.boundary import CONVENTION, tables
from criteria.amendments.state import AmendmentState, edition_of_revision, state_of
from criteria.models import Amendment, Proposal
from criteria.records.refusal import Refused
from criteria.versions.comparison import rules_changed
from criteria.versions.versions import edition_of
from screening.access.permissions import may
from screening.amendments.approve import Ethics, approve, propose
from screening.crf.rows import whole
from screening.views.amendments.forms import AmendmentForm, ApprovalForm, DecisionForm
from screening.views.amendments.page import amendment_or_404, amendment_page
from screening.views.shared.form_action import submit
from screening.views.shared.lookup import author_of, on_record
from screening.views.shared.signer import ask_name, has_signed, password_of

Verb = Callable[[Amendment, dict[str, Any]], str]


@require_http_methods(["GET", "HEAD", "POST"])
def amendment_boundaries(request: HttpRequest, pk: int) -> HttpResponse:
    """The cases of the latest revision. That they were seen is recorded of whoever may amend, by a button below."""
    amendment = amendment_or_404(pk)
    revision = amendment.latest_revision()
    if request.method == "POST":
        return seen(request, amendment)
    old, new = edition_of(amendment.base), edition_of_revision(revision)
    context = {
        "amendment": amendment,
        "trial": amendment.trial,
        "revision": revision,
        "convention": CONVENTION,
        "rules_changed": rules_changed(old.protocol, new.protocol),
        "tables": tables(old, new),
        "old_name": amendment.base.number,
        "new_name": revision.definition["version"]["number"],
        "may_see": may(request.user, "amend") and state_of(amendment) is AmendmentState.DRAFT,
        "is_seen": revision.boundary_reviews.filter(created_by=author_of(request)).exists(),
    }
    return render(request, "screening/amendments/boundaries.html", context)


def seen(request: HttpRequest, amendment: Amendment) -> HttpResponse:
    number = whole(request.POST.get("revision")) or 0
    revision = amendment.revisions.filter(number=number).first()
    try:
        with on_record(request, amendment):
            if revision is None:
                raise Refused("stale", _("Look at the boundary cases again."))
            see_boundaries(revision, author_of(request))
    except Refused as why:
        messages.error(request, why.message)
        return redirect("screening:amendment-boundaries", amendment.pk)
    messages.success(request, _("Recorded: you saw the boundary cases of this draft."))
    return redirect("screening:amendment", amendment.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def amendment_propose(request: HttpRequest, pk: int) -> HttpResponse:
    def act(amendment: Amendment, typed: dict[str, Any]) -> str:
        propose(amendment, author_of(request), typed["reason"])
        return _("Proposed. Another person approves it, or sends it back.")

    return decide(request, pk, "propose", DecisionForm, act)


@require_http_methods(["GET", "HEAD", "POST"])
def amendment_reject(request: HttpRequest, pk: int) -> HttpResponse:
    def act(amendment: Amendment, typed: dict[str, Any]) -> str:
        reject(read_by(request, amendment), author_of(request), typed["reason"])
        return _("Sent back: it is a draft again.")

    return decide(request, pk, "reject", DecisionForm, act)


@require_http_methods(["GET", "HEAD", "POST"])
def amendment_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    def act(amendment: Amendment, typed: dict[str, Any]) -> str:
        withdraw(amendment, author_of(request), typed["reason"])
        return _("Withdrawn. It stays on record.")

    return decide(request, pk, "withdraw", DecisionForm, act)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def amendment_approve(request: HttpRequest, pk: int) -> HttpResponse:
    def act(amendment: Amendment, typed: dict[str, Any]) -> str:
        ethics = Ethics(typed["committee"], typed["reference"], typed["approved_on"])
        version = approve(
            read_by(request, amendment),
            author_of(request),
            password_of(request),
            typed["reason"],
            ethics,
            typed["effective_from"],
        )
        has_signed(request)
        words = {"number": version.number, "day": version.effective_from.isoformat()}
        return _("Approved: version %(number)s is in force from %(day)s.") % words

    return decide(request, pk, "approve", ApprovalForm, act)


def read_by(request: HttpRequest, amendment: Amendment) -> Proposal:
    """The proposal that whoever decides had before them; nobody decides on another one."""
    typed = request.POST.get("proposal", "")
    key = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else 0
    proposals = Proposal.objects.filter(revision__amendment=amendment, pk=key)
    found = proposals.select_related("revision__amendment__trial", "revision__amendment__base").first()
    if found is None:
        raise Refused("stale", _("Read what is proposed before you decide."))
    return found


def decide(request: HttpRequest, pk: int, name: str, kind: type[AmendmentForm], verb: Verb) -> HttpResponse:
    """A GET, where a login leads on, decides nothing."""
    amendment = amendment_or_404(pk)
    address = reverse("screening:amendment", args=[amendment.pk])
    if request.method != "POST":
        return redirect(address)
    form = kind(request.POST, auto_id=f"{name}_%s")
    ask_name(request, form)
    if submit(request, form, lambda typed: verb(amendment, typed), amendment):
        return redirect(address)
    return amendment_page(request, amendment, name, form, HTTPStatus.UNPROCESSABLE_ENTITY)
