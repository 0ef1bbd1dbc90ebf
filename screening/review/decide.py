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

from screening.access.permissions import ROLES, may
from screening.models import (
    Assessment,
    Closure,
    Revision,
    SendBack,
    Signature,
    Subject,
)
from screening.review.statements import closure_statement, own_entries_statement, signature_statement
from screening.signals import records_added
from screening.signatures.reauthenticate import reauthenticate
from screening.signatures.refusals import (
    failed_codes,
    refuse_broken,
    refuse_decided,
    refuse_expired,
    refuse_outdated,
    refuse_reassessed,
    refuse_settled,
    refuse_superseded,
    refuse_unfit,
    refuse_words,
)
from screening.signatures.sign import save_signature
from screening.visits.lock import lock_visit

S = TypeVar("S", Signature, Closure)


@sensitive_variables("password")
def sign(
    assessment: Assessment,
    user: User,
    password: str,
    decision: str,
    primary: str = "",
    expired_seen: bool = False,
) -> Signature:
    """Sign the finding of an assessment with the investigator's decision.

    `primary` is the code of the main failed criterion; `expired_seen` states that the signer was informed that
    the findings have expired.

    PermissionDenied, or Refused with the first of these codes that applies: locked, password, superseded,
    undetermined, unfit, enrolled, decided, broken, expired.
    """
    reauthenticate(user, assessment.revision.visit, password)
    with transaction.atomic():
        assessment = lock_assessment(assessment)
        failed = failed_codes(assessment)
        refuse_unfit(assessment, decision, primary, failed)
        refuse_decided(assessment)
        refuse_broken(assessment)
        meaning = signature_statement(assessment, decision, primary, failed)
        meaning += own_entries_statement(assessment.revision, user)
        meaning += refuse_expired(assessment, expired_seen)
        signature = Signature(assessment=assessment, decision=decision, primary_criterion=primary)
        return save_decision(signature, user, meaning, assessment.revision.visit.subject)


@sensitive_variables("password")
def close_case(revision: Revision, user: User, password: str, reason: str, comment: str = "") -> Closure:
    """Close the case as not enrolled for a reason other than the findings, which need not be known.

    PermissionDenied; BadDocument for a faulty reason or comment; otherwise Refused as by `sign`: locked,
    password, superseded, decided.
    """
    if not may(user, "sign"):
        raise PermissionDenied
    refuse_words(comment=comment, reason=reason)
    reauthenticate(user, revision.visit, password)
    with transaction.atomic():
        visit = lock_visit(revision.visit_id)
        refuse_superseded(visit, revision)
        refuse_settled(revision)
        closure = Closure(revision=visit.latest_revision(), reason=reason, comment=comment.strip())
        meaning = closure_statement(visit.subject, reason) + own_entries_statement(revision, user)
        return save_decision(closure, user, meaning, visit.subject)


@transaction.atomic
def send_back(assessment: Assessment, user: User, comment: str) -> SendBack:
    """Send the assessment back with a comment.

    PermissionDenied, BadDocument for a faulty comment, or Refused: superseded, decided.
    """
    if not may(user, "review"):
        raise PermissionDenied
    refuse_words(comment=comment, required=True)
    assessment = lock_assessment(assessment)
    refuse_decided(assessment)
    sent = SendBack.objects.create(assessment=assessment, comment=comment.strip(), created_by=user)
    records_added.send(sender=SendBack, subject=assessment.revision.visit.subject)
    return sent


def lock_assessment(assessment: Assessment) -> Assessment:
    """Lock the visit and the subject of an assessment; read it again. Refused, `superseded`, unless it is current."""
    visit = lock_visit(assessment.revision.visit_id)
    found = Assessment.objects.select_related("version", "revision").get(pk=assessment.pk)
    found.revision.visit = visit
    refuse_superseded(visit, found.revision)
    refuse_reassessed(found)
    refuse_outdated(found)
    return found


def save_decision(decision: S, user: User, meaning: str, subject: Subject) -> S:
    """Sign a decision as the investigator."""
    saved = save_signature(decision, user, str(ROLES["investigator"]), meaning)
    records_added.send(sender=type(decision), subject=subject)
    return saved
