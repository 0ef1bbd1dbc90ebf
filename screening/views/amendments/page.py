"""An amendment on one page: its changes, what was reviewed, who decided what, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from criteria.amendments.state import (
    AmendmentState,
    amendment_state,
    comparison_of,
    current_proposal,
    edition_of_revision,
    feasibility_of,
    is_author,
)
from criteria.models import Amendment, AmendmentRevision, BoundaryReview, ChangeKind, Proposal, Rejection
from criteria.rules.facts import Limit
from criteria.rules.text import ANY_TIME, limit_text
from criteria.versions.comparison import Comparison
from screening.access.permissions import page_rights
from screening.amendments.version_text import parameter_texts
from screening.models import SimulationReport
from screening.signatures.seals import seal_fits
from screening.simulations import dry_run_under_way, has_complete_dry_run, headline, latest_dry_run_report, people_now
from screening.views.amendments.forms import AmendmentForm, ApprovalForm, DecisionForm
from screening.views.protocol.version import definition_download
from screening.views.shared.lookup import author_of
from screening.views.shared.signer import drop_user_name


class AmendmentEvent(NamedTuple):
    """An event of an amendment, as text."""

    at: Any
    who: str
    what: str
    reason: str


@require_safe
def amendment(request: HttpRequest, pk: int) -> HttpResponse:
    return amendment_page(request, amendment_or_404(pk))


@require_safe
def amendment_definition(request: HttpRequest, pk: int) -> HttpResponse:
    return definition_download(amendment_or_404(pk).latest_revision().definition)


def amendment_page(
    request: HttpRequest, found: Amendment, name: str = "", form: AmendmentForm | None = None, status: int = 200
) -> HttpResponse:
    """Render an amendment.

    `form` is a refused form, `name` says which: propose, reject, withdraw or approve.
    """
    revision = found.revisions.select_related("created_by", "amendment__base__trial").latest("number")
    state, proposal = amendment_state(found), current_proposal(found)
    rights = page_rights(request, "amend", "approve", "simulate")
    context = {
        "amendment": found,
        "trial": found.trial,
        "revision": revision,
        "state": state,
        "is_draft": state == AmendmentState.DRAFT,
        "is_proposed": state == AmendmentState.PROPOSED,
        "is_open": state in (AmendmentState.DRAFT, AmendmentState.PROPOSED),
        "proposal": proposal,
        "is_author": is_author(found, author_of(request)),
        "sent_back": latest_rejection(found) if state == AmendmentState.DRAFT else None,
        "events": amendment_events(found),
        "parameters": parameter_texts(edition_of_revision(revision).protocol).values(),
        "criteria": edition_of_revision(revision).protocol.criteria,
        "forms": decision_forms(request, found, revision, name, form),
        "refused_form": name if form else "",
        **effect_context(request, revision),
        **approval_context(proposal),
        **rights,
    }
    return render(request, "screening/amendments/amendment.html", context, status=status)


def latest_rejection(found: Amendment) -> Rejection | None:
    """Return the last rejection of a draft; None if there is none, or the draft was changed since."""
    rejections = Rejection.objects.filter(proposal__revision__amendment=found).select_related("created_by")
    last = rejections.order_by("pk").last()
    later = last and found.revisions.filter(created_at__gt=last.created_at).exists()
    return None if later else last


def effect_context(request: HttpRequest, revision: AmendmentRevision) -> dict[str, Any]:
    """Return what the revision changes, the objections to it, and what was reviewed, as template context."""
    comparison: Comparison = comparison_of(revision)
    return {
        "comparison": comparison,
        "old_name": revision.amendment.base.number,
        "new_name": revision.definition["version"]["number"],
        "plan": revision.definition["version"],
        "objections": feasibility_of(revision),
        "boundaries_seen": revision.boundary_reviews.select_related("created_by").order_by("pk").last(),
        "boundaries_seen_by_you": revision.boundary_reviews.filter(created_by=author_of(request)).exists(),
        "running": dry_run_under_way(revision),
        "is_run": has_complete_dry_run(revision),
        **dry_run_context(latest_dry_run_report(revision)),
    }


def dry_run_context(report: SimulationReport | None) -> dict[str, Any]:
    """Return the result of the last dry run, and how many subjects were added since, as template context."""
    came = max(people_now(report.simulation) - report.people, 0) if report else 0
    return {
        "report": report,
        "found": headline(report) if report else None,
        "came": came,
    }


def approval_context(proposal: Proposal | None) -> dict[str, Any]:
    found = getattr(proposal, "approval", None)
    return {"approval": found, "seal_fits": found is not None and seal_fits(found)}


def decision_forms(
    request: HttpRequest, found: Amendment, revision: AmendmentRevision, name: str, form: AmendmentForm | None
) -> dict[str, AmendmentForm]:
    """Return each form by its name, blank except the refused one.

    Their inputs need distinct ids in the page.
    """
    first = max(revision.definition["version"]["effective_from"], timezone.localdate().isoformat())
    blank: dict[str, AmendmentForm] = {
        "propose": DecisionForm(auto_id="propose_%s"),
        "reject": DecisionForm(auto_id="reject_%s"),
        "withdraw": DecisionForm(auto_id="withdraw_%s"),
        "approve": ApprovalForm(auto_id="approve_%s", initial={"effective_from": first}),
    }
    drop_user_name(request, blank["approve"])
    return blank | ({name: form} if form else {})


def amendment_events(found: Amendment) -> list[AmendmentEvent]:
    """Return all events of the amendment, the latest first."""
    revisions = list(found.revisions.select_related("created_by").order_by("number"))
    told = [
        AmendmentEvent(each.created_at, str(each.created_by), revision_change_text(before, each), each.reason)
        for before, each in zip([None, *revisions], revisions, strict=False)
    ]
    told += [
        AmendmentEvent(seen.created_at, str(seen.created_by), _("saw the boundary cases"), "")
        for seen in BoundaryReview.objects.filter(revision__amendment=found).select_related("created_by")
    ]
    proposals = Proposal.objects.filter(revision__amendment=found)
    for proposal in proposals.select_related("created_by", "rejection__created_by", "approval__created_by"):
        told.append(AmendmentEvent(proposal.created_at, str(proposal.created_by), _("proposed"), proposal.reason))
        if rejection := getattr(proposal, "rejection", None):
            told.append(
                AmendmentEvent(rejection.created_at, str(rejection.created_by), _("rejected"), rejection.reason)
            )
        if approved := getattr(proposal, "approval", None):
            told.append(AmendmentEvent(approved.created_at, str(approved.created_by), _("approved"), approved.reason))
    if withdrawal := getattr(found, "withdrawal", None):
        told.append(AmendmentEvent(withdrawal.created_at, str(withdrawal.created_by), _("withdrew"), withdrawal.reason))
    return sorted(told, key=lambda event: event.at, reverse=True)


def revision_change_text(before: AmendmentRevision | None, revision: AmendmentRevision) -> str:
    """Return what a revision changed as text; for a parameter the old and the new value."""
    words = f"{revision.get_kind_display()} {revision.about}".rstrip()
    if before is None or revision.kind != ChangeKind.VALUE:
        return words
    blocks = [each.definition["parameters"][revision.about] for each in (before, revision)]
    old, new = (limit_text(limit_of_block(revision.about, block)) for block in blocks)
    return f"{blocks[1]['title']}: {old} → {new}" if old != new else words


def limit_of_block(name: str, block: Mapping[str, Any]) -> Limit:
    """Return a parameter as a definition writes it.

    Thus a long draft need not be compiled revision by revision.
    """
    value = block["value"]
    return Limit(name, block["title"], None if value == ANY_TIME else value, block["unit"])


def amendment_or_404(pk: int) -> Amendment:
    return get_object_or_404(Amendment.objects.select_related("trial", "base__trial", "created_by"), pk=pk)
