"""An amendment on one page: what it changes, what was looked at, who decided what, and what comes next."""

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
    comparison_of,
    edition_of_revision,
    is_author,
    objections_of,
    standing_proposal,
    state_of,
)
from criteria.models import Amendment, AmendmentRevision, BoundaryReview, ChangeKind, Proposal, Rejection
from criteria.rules.facts import Limit
from criteria.rules.text import ANY_TIME, limit_text
from criteria.versions.comparison import Comparison
from screening.access.permissions import allowed
from screening.amendments.version_text import parameter_texts
from screening.models import SimulationReport
from screening.signatures.seals import seal_fits
from screening.simulations import headline, is_complete, latest_report, people_now, under_way
from screening.views.amendments.forms import AmendmentForm, ApprovalForm, DecisionForm
from screening.views.protocol.version import definition_download
from screening.views.shared.lookup import author_of
from screening.views.shared.signer import ask_name


class Event(NamedTuple):
    """Something that happened to an amendment, in words."""

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
    """`form` is one that came back, `name` which of them: propose, reject, withdraw or approve."""
    revision = found.revisions.select_related("created_by", "amendment__base__trial").latest("number")
    state, proposal = state_of(found), standing_proposal(found)
    rights = allowed(request.user, "amend", "approve", "simulate")
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
        "sent_back": sent_back(found) if state == AmendmentState.DRAFT else None,
        "events": events(found),
        "parameters": parameter_texts(edition_of_revision(revision).protocol).values(),
        "criteria": edition_of_revision(revision).protocol.criteria,
        "forms": forms(request, found, revision, name, form),
        "refused_form": name if form else "",
        **effect(request, revision),
        **approval(proposal),
        **rights,
    }
    return render(request, "screening/amendments/amendment.html", context, status=status)


def sent_back(found: Amendment) -> Rejection | None:
    """Of a draft the last time that it was sent back, with nothing changed since."""
    rejections = Rejection.objects.filter(proposal__revision__amendment=found).select_related("created_by")
    last = rejections.order_by("pk").last()
    later = last and found.revisions.filter(created_at__gt=last.created_at).exists()
    return None if later else last


def effect(request: HttpRequest, revision: AmendmentRevision) -> dict[str, Any]:
    """What the revision changes, what is to be said about it, and what was looked at."""
    comparison: Comparison = comparison_of(revision)
    return {
        "comparison": comparison,
        "old_name": revision.amendment.base.number,
        "new_name": revision.definition["version"]["number"],
        "plan": revision.definition["version"],
        "objections": objections_of(revision),
        "boundaries_seen": revision.boundary_reviews.select_related("created_by").order_by("pk").last(),
        "boundaries_seen_by_you": revision.boundary_reviews.filter(created_by=author_of(request)).exists(),
        "running": under_way(revision),
        "is_run": is_complete(revision),
        **dry_run(latest_report(revision)),
    }


def dry_run(report: SimulationReport | None) -> dict[str, Any]:
    """What the last one found, and how many people came since."""
    came = max(people_now(report.simulation) - report.people, 0) if report else 0
    return {
        "report": report,
        "found": headline(report) if report else None,
        "came": came,
    }


def approval(proposal: Proposal | None) -> dict[str, Any]:
    found = getattr(proposal, "approval", None)
    return {"approval": found, "seal_fits": found is not None and seal_fits(found)}


def forms(
    request: HttpRequest, found: Amendment, revision: AmendmentRevision, name: str, form: AmendmentForm | None
) -> dict[str, AmendmentForm]:
    """By its name each form, blank, but the one that came back. Their inputs need names of their own in the page."""
    first = max(revision.definition["version"]["effective_from"], timezone.localdate().isoformat())
    blank: dict[str, AmendmentForm] = {
        "propose": DecisionForm(auto_id="propose_%s"),
        "reject": DecisionForm(auto_id="reject_%s"),
        "withdraw": DecisionForm(auto_id="withdraw_%s"),
        "approve": ApprovalForm(auto_id="approve_%s", initial={"effective_from": first}),
    }
    ask_name(request, blank["approve"])
    return blank | ({name: form} if form else {})


def events(found: Amendment) -> list[Event]:
    """All that happened to it, the last first."""
    revisions = list(found.revisions.select_related("created_by").order_by("number"))
    told = [
        Event(each.created_at, str(each.created_by), change_words(before, each), each.reason)
        for before, each in zip([None, *revisions], revisions, strict=False)
    ]
    told += [
        Event(seen.created_at, str(seen.created_by), _("saw the boundary cases"), "")
        for seen in BoundaryReview.objects.filter(revision__amendment=found).select_related("created_by")
    ]
    proposals = Proposal.objects.filter(revision__amendment=found)
    for proposal in proposals.select_related("created_by", "rejection__created_by", "approval__created_by"):
        told.append(Event(proposal.created_at, str(proposal.created_by), _("proposed"), proposal.reason))
        if rejection := getattr(proposal, "rejection", None):
            told.append(Event(rejection.created_at, str(rejection.created_by), _("rejected"), rejection.reason))
        if approved := getattr(proposal, "approval", None):
            told.append(Event(approved.created_at, str(approved.created_by), _("approved"), approved.reason))
    if withdrawal := getattr(found, "withdrawal", None):
        told.append(Event(withdrawal.created_at, str(withdrawal.created_by), _("withdrew"), withdrawal.reason))
    return sorted(told, key=lambda event: event.at, reverse=True)


def change_words(before: AmendmentRevision | None, revision: AmendmentRevision) -> str:
    """What a revision changed; of a parameter the old and the new value."""
    words = f"{revision.get_kind_display()} {revision.about}".rstrip()
    if before is None or revision.kind != ChangeKind.VALUE:
        return words
    blocks = [each.definition["parameters"][revision.about] for each in (before, revision)]
    old, new = (limit_text(written_limit(revision.about, block)) for block in blocks)
    return f"{blocks[1]['title']}: {old} → {new}" if old != new else words


def written_limit(name: str, block: Mapping[str, Any]) -> Limit:
    """A parameter as a definition writes it: a long draft need not be read revision by revision."""
    value = block["value"]
    return Limit(name, block["title"], None if value == ANY_TIME else value, block["unit"])


def amendment_or_404(pk: int) -> Amendment:
    return get_object_or_404(Amendment.objects.select_related("trial", "base__trial", "created_by"), pk=pk)
