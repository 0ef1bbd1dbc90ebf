"""State of an amendment and the changes that it makes, read from its rows."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from django.contrib.auth.models import User
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from criteria.amendments.draft_doubts import draft_doubts
from criteria.amendments.feasibility import FeasibilityIssue, feasibility_issues
from criteria.definition.reader import Edition, kept_edition
from criteria.models import Amendment, AmendmentRevision, Proposal, ProtocolVersion, Trial, Withdrawal
from criteria.versions.comparison import Comparison, compare
from criteria.versions.versions import edition_of


class AmendmentState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("approved")
    WITHDRAWN = "withdrawn", _("withdrawn")


def amendment_state(amendment: Amendment) -> AmendmentState:
    if Withdrawal.objects.filter(amendment=amendment).exists():
        return AmendmentState.WITHDRAWN
    proposal = current_proposal(amendment)
    if proposal is None:
        return AmendmentState.DRAFT
    return AmendmentState.APPROVED if hasattr(proposal, "approval") else AmendmentState.PROPOSED


def current_proposal(amendment: Amendment) -> Proposal | None:
    """Return the latest proposal that was not rejected, if there is one."""
    proposals = Proposal.objects.filter(revision__amendment=amendment, rejection=None)
    return proposals.select_related("revision", "approval", "created_by").order_by("pk").last()


def is_author(amendment: Amendment, user: User) -> bool:
    """Return whether a user wrote any part of an amendment, or ever proposed it."""
    wrote = AmendmentRevision.objects.filter(amendment=amendment, created_by=user)
    return wrote.exists() or Proposal.objects.filter(revision__amendment=amendment, created_by=user).exists()


def waiting_proposals(trials: Collection[int] | None = None) -> QuerySet[Proposal]:
    """Return the proposals that are not yet approved, rejected or withdrawn.

    Of the trials with these keys; None: of each.
    """
    waiting = Proposal.objects.filter(rejection=None, approval=None, revision__amendment__withdrawal=None)
    if trials is not None:
        waiting = waiting.filter(revision__amendment__trial__in=trials)
    return waiting.select_related("revision__amendment__trial").defer("revision__definition").order_by("pk")


def open_amendment(trial: Trial) -> Amendment | None:
    last = trial.amendments.select_related("trial", "base").order_by("number").last()
    return last if last and amendment_state(last) in (AmendmentState.DRAFT, AmendmentState.PROPOSED) else None


def edition_of_revision(revision: AmendmentRevision) -> Edition:
    """Return the edition of a revision, kept because a revision never changes."""
    return draft_edition(revision.definition_sha256)


def draft_edition(definition_sha256: str) -> Edition:
    revisions = AmendmentRevision.objects.filter(definition_sha256=definition_sha256)
    return kept_edition(definition_sha256, lambda: revisions.latest("pk").definition)


def comparison_of(revision: AmendmentRevision) -> Comparison:
    """Return what a revision changes in the version that it is based on."""
    return comparison_and_feasibility(revision.amendment.base.definition_sha256, revision.definition_sha256)[0]


def feasibility_of(revision: AmendmentRevision) -> tuple[FeasibilityIssue, ...]:
    """Return the feasibility issues of a revision, and what else it makes doubtful."""
    return comparison_and_feasibility(revision.amendment.base.definition_sha256, revision.definition_sha256)[1]


@lru_cache(maxsize=16)  # every page of an amendment asks, and neither of the two ever changes
def comparison_and_feasibility(
    base_sha256: str, revision_sha256: str
) -> tuple[Comparison, tuple[FeasibilityIssue, ...]]:
    base = edition_of(ProtocolVersion.objects.get(definition_sha256=base_sha256))
    draft = draft_edition(revision_sha256)
    issues = feasibility_issues(base, draft)
    told = frozenset(issue.code for issue in issues)
    return compare(base, draft), (*issues, *draft_doubts(base, draft, told))
