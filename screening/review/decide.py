"""The investigator's decisions: confirm a finding, close a case for another reason, send an assessment back.

Each function locks the visit and then the subject: no revision, assessment or attempt can be added while it
decides.
"""

from __future__ import annotations

from typing import TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from screening.access.permissions import current_roles, may, signing_role
from screening.models import (
    Assessment,
    Closure,
    Decision,
    Reopening,
    Revision,
    SendBack,
    Signature,
    SignatureWithdrawal,
    Visit,
)
from screening.review.statements import (
    closure_statement,
    despite_statement,
    earlier_attempt_statement,
    own_entries_statement,
    signature_statement,
)
from screening.signals import records_added
from screening.signatures.confirmation import EligibilityConfirmation, excluding_disagreements, refuse_premature
from screening.signatures.reauthenticate import reauthenticate
from screening.signatures.refusals import (
    failed_codes,
    refuse_ahead,
    refuse_broken,
    refuse_decided,
    refuse_earlier_attempt,
    refuse_expired,
    refuse_outdated,
    refuse_reassessed,
    refuse_saved_since,
    refuse_settled,
    refuse_superseded,
    refuse_unchosen,
    refuse_unfit,
    refuse_words,
)
from screening.signatures.sign import save_signature
from screening.visits.entered_in_error import has_later_attempt
from screening.visits.lock import lock_visit

S = TypeVar("S", Signature, SignatureWithdrawal, Closure, Reopening)


@sensitive_variables("password")
def sign(
    assessment: Assessment,
    user: User,
    password: str,
    decision: str,
    primary: str = "",
    expired_seen: bool = False,
    despite: str = "",
) -> Signature:
    """Sign the finding of an assessment with the investigator's decision; at an earlier attempt, a failure only.

    `primary` is the code of the main failed criterion, or NO_MAIN_REASON: a failure needs either. `expired_seen` states
    that the signer was informed that the findings have expired, `despite` says why somebody is confirmed eligible
    although a disagreement excludes.

    PermissionDenied; BadDocument for faulty words; otherwise Refused with the first of these codes that applies:
    locked, password, superseded, undetermined, unfit, enrolled, primary, decided, closed, broken, ahead, one of
    `signatures.confirmation.ELIGIBLE_REFUSALS`, expired.
    """
    reauthenticate(user, assessment.revision.visit, password)
    refuse_words(comment=despite, field="despite")
    with transaction.atomic():
        assessment = lock_assessment(assessment, decision)
        visit = assessment.revision.visit
        failed = failed_codes(assessment)
        refuse_unfit(assessment, decision, primary, failed)
        refuse_unchosen(decision, primary)
        refuse_decided(assessment)
        refuse_broken(assessment)
        refuse_ahead(assessment.revision)
        signature = Signature(assessment=assessment, decision=decision, primary_criterion=primary)
        if decision == Decision.ELIGIBLE:
            refuse_premature(EligibilityConfirmation(assessment, despite))
            signature.despite = despite.strip() if excluding_disagreements(visit) else ""
        return save_decision(signature, user, decision_statement(signature, failed, user, expired_seen), visit)


def decision_statement(signature: Signature, failed: list[str], user: User, expired_seen: bool) -> str:
    """Return everything that is signed with a decision.

    Refused: expired, where the findings are and the signer was not informed of it.
    """
    assessment, visit = signature.assessment, signature.assessment.revision.visit
    meaning = signature_statement(assessment, signature.decision, signature.primary_criterion, failed)
    meaning += earlier_attempt_statement(visit) if has_later_attempt(visit) else ""
    meaning += own_entries_statement(assessment.revision, user)
    meaning += refuse_expired(assessment, expired_seen)
    return meaning + despite_statement(signature.despite)


@sensitive_variables("password")
def close_case(revision: Revision, user: User, password: str, reason: str, comment: str = "") -> Closure:
    """Close the case as not enrolled for a reason other than the findings, which need not be known.

    It stays closed until `reopen_case`. PermissionDenied; BadDocument for a faulty reason or comment; otherwise Refused
    as by `sign`: locked, password, superseded, decided, closed.
    """
    if not may(user, "sign", revision.visit.subject.trial_id):
        raise PermissionDenied
    refuse_words(comment=comment, reason=reason)
    reauthenticate(user, revision.visit, password)
    with transaction.atomic():
        visit = lock_visit(revision.visit_id)
        refuse_superseded(visit, revision)
        refuse_settled(revision)
        closure = Closure(revision=visit.latest_revision(), reason=reason, comment=comment.strip())
        meaning = closure_statement(visit.subject, reason) + own_entries_statement(revision, user)
        return save_decision(closure, user, meaning, visit)


@transaction.atomic
def send_back(assessment: Assessment, user: User, comment: str) -> SendBack:
    """Send the assessment back with a comment.

    PermissionDenied, BadDocument for a faulty comment, or Refused: superseded, decided, closed.
    """
    if not may(user, "review", assessment.version.trial_id):
        raise PermissionDenied
    refuse_words(comment=comment, required=True)
    assessment = lock_assessment(assessment)
    refuse_decided(assessment)
    sent = SendBack.objects.create(assessment=assessment, comment=comment.strip(), created_by=user)
    visit = assessment.revision.visit
    records_added.send(sender=SendBack, subject=visit.subject, visit=visit)
    return sent


def lock_assessment(assessment: Assessment, decision: str = "") -> Assessment:
    """Lock the visit and the subject of an assessment; read it again. Refused, `superseded`, unless it is current.

    At an earlier attempt a failure is the only `decision` that can still be made.
    """
    visit = lock_visit(assessment.revision.visit_id)
    found = Assessment.objects.select_related("version", "revision").get(pk=assessment.pk)
    found.revision.visit = visit
    if decision != Decision.FAILURE:
        refuse_earlier_attempt(visit)
    refuse_saved_since(visit, found.revision)
    refuse_reassessed(found)
    refuse_outdated(found)
    return found


def save_decision(decision: S, user: User, meaning: str, visit: Visit) -> S:
    """Sign a decision as the investigator, or as one to whom signing is delegated."""
    saved = save_signature(decision, user, signing_role(current_roles(user, visit.subject.trial_id)), meaning)
    records_added.send(sender=type(decision), subject=visit.subject, visit=visit)
    return saved
