"""Proposal and approval of an amendment by two people, and what either must have seen before."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from criteria.amendments import actions
from criteria.amendments.draft_checks import day_fault, refuse_unsaid_reason
from criteria.amendments.state import is_author
from criteria.definition.reader import BadDefinition
from criteria.models import Amendment, Approval, Proposal, ProtocolVersion, Trial
from criteria.records import canonical
from criteria.records.refusal import Refused
from criteria.versions.versions import Tampered, newest_version, publish_version, version_rows
from criteria.vocabulary.faults import Fault
from criteria.vocabulary.values import required_text_fault
from screening.access.permissions import ROLES, may, ordered_roles
from screening.signatures.reauthenticate import reauthenticate
from screening.signatures.sign import save_signature
from screening.simulations import has_complete_dry_run


class EthicsApproval(NamedTuple):
    """The ethics committee's approval: the committee, its reference and its day."""

    committee: str
    reference: str
    approved_on: date


@transaction.atomic
def propose(amendment: Amendment, author: User, reason: str) -> Proposal:
    """Propose an amendment whose latest revision has a completed dry run.

    Otherwise as `criteria.amendments.actions.propose_revision`. PermissionDenied; Refused: dry_run, where no dry run of
    the latest revision has ended, and all of that function.
    """
    if not may(author, "amend", amendment.trial_id):
        raise PermissionDenied
    proposal = actions.propose_revision(amendment, author, reason)
    if not has_complete_dry_run(proposal.revision):
        raise Refused("dry_run", _("Run the draft over the subjects in screening first, and wait for the report."))
    return proposal


@sensitive_variables("password")
def approve(
    proposal: Proposal, user: User, password: str, reason: str, ethics: EthicsApproval, effective_from: date
) -> ProtocolVersion:
    """Publish a proposal, and sign it: it becomes a version that is in force by itself from that day.

    The proposal must be the one that the approver has read. PermissionDenied, BadDefinition for faulty input, or
    Refused: same_person, locked, password, closed, stale, base.
    """
    amendment = proposal.revision.amendment
    if not may(user, "approve", amendment.trial_id):
        raise PermissionDenied
    refuse_faulty_approval(amendment, reason, ethics, effective_from)
    refuse_same_person(amendment, user)
    reauthenticate(user, amendment, password)
    with transaction.atomic():
        Trial.objects.select_for_update(no_key=True).get(pk=amendment.trial_id)
        actions.refuse_replaced(proposal)
        refuse_same_person(amendment, user)
        refuse_other_base(amendment)
        version = publish_proposal(proposal, effective_from)
        sign_approval(Approval(proposal=proposal, version=version, reason=reason.strip()), user, ethics)
        return version


def refuse_faulty_approval(amendment: Amendment, reason: str, ethics: EthicsApproval, effective_from: date) -> None:
    refuse_unsaid_reason(reason)
    found = []
    for name, text in (("committee", ethics.committee), ("reference", ethics.reference)):
        most = getattr(Approval._meta.get_field(f"ethics_{name}"), "max_length", 0)
        if message := required_text_fault(text, _("is missing")):
            found.append(Fault(name, message))
        elif len(text) > most:
            found.append(Fault(name, _("has more than %d characters") % most))
    if ethics.approved_on > timezone.localdate():
        message = _("%s is still to come: an approval can be named once it was given")
        found.append(Fault("approved_on", message % ethics.approved_on.isoformat()))
    if ethics.approved_on > effective_from:
        found.append(Fault("effective_from", _("before the ethics committee approved it, no version can be in force")))
    elif message := day_fault(amendment.base, effective_from):
        found.append(Fault("effective_from", message))
    if found:
        raise BadDefinition(found)


def refuse_same_person(amendment: Amendment, user: User) -> None:
    """Refuse an approver who drafted or proposed any of the amendment (Refused: same_person).

    An author reviews it with the eyes of an author.
    """
    if is_author(amendment, user):
        raise Refused("same_person", _("You drafted or proposed this amendment: another user must approve it."))


def refuse_other_base(amendment: Amendment) -> None:
    if newest_version(amendment.trial) != amendment.base:
        raise Refused("base", _("Another version was published since this draft was begun: it must be drafted again."))


def publish_proposal(proposal: Proposal, effective_from: date) -> ProtocolVersion:
    """Publish what was proposed, and nothing else, in force from that day."""
    data = proposal.revision.definition
    if canonical.fingerprint(data) != proposal.revision.definition_sha256:
        raise Tampered(f"revision {proposal.revision} is not what was proposed")
    block = data["version"]
    data = {**data, "version": {**block, "effective_from": effective_from.isoformat()}}
    return publish_version(version_rows(proposal.revision.amendment.trial, data))


def sign_approval(approval: Approval, user: User, ethics: EthicsApproval) -> None:
    """Sign an approval as everything that the user is at that moment."""
    approval.ethics_committee, approval.ethics_reference = ethics.committee.strip(), ethics.reference.strip()
    approval.ethics_approved_on = ethics.approved_on
    role = ", ".join(str(ROLES[name]) for name in ordered_roles(user, approval.version.trial_id))
    save_signature(approval, user, role, approval_statement(approval))


def approval_statement(approval: Approval) -> str:
    words = {
        "revision": approval.proposal.revision.number,
        "amendment": approval.proposal.revision.amendment.number,
        "number": approval.version.number,
        "trial": approval.version.trial,
        "day": approval.version.effective_from.isoformat(),
        "reference": approval.ethics_reference,
        "committee": approval.ethics_committee,
        "approved_on": approval.ethics_approved_on.isoformat(),
    }
    return (
        _(
            "I have reviewed revision %(revision)d of amendment %(amendment)d and approve it as version %(number)s of"
            " %(trial)s, in force from %(day)s, on the approval %(reference)s of %(committee)s of %(approved_on)s."
        )
        % words
    )
