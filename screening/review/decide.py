"""The investigator's decisions: confirming a finding, closing a case for another reason, sending an assessment back.

Each verb locks the visit and then the person: no revision, assessment or attempt can be added while it decides.
"""

from __future__ import annotations

from typing import TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from screening.access.accounts import printed_name
from screening.access.permissions import ROLES, may
from screening.models import (
    Assessment,
    Closure,
    Revision,
    SendBack,
    Signature,
    Subject,
    Visit,
)
from screening.review.policy import (
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
from screening.review.statements import closure_statement, own_entries_statement, signature_statement
from screening.signatures.reauthenticate import reauthenticate
from screening.signatures.seals import seal
from screening.worklist.status import refresh

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
    """Confirms what an assessment found. `primary` is the main one of the failed codes, `expired_seen` that the signer
    was told that the findings no longer hold.

    PermissionDenied, or Refused with the first of these codes that applies: locked, password, superseded, undetermined,
    unfit, enrolled, decided, broken, expired.
    """
    reauthenticate(user, assessment.revision.visit, password)
    with transaction.atomic():
        assessment = locked(assessment)
        failed = failed_codes(assessment)
        refuse_unfit(assessment, decision, primary, failed)
        refuse_decided(assessment)
        refuse_broken(assessment)
        meaning = signature_statement(assessment, decision, primary, failed) + own_entries_statement(
            assessment.revision, user
        )
        meaning += refuse_expired(assessment, expired_seen)
        signature = Signature(assessment=assessment, decision=decision, primary_criterion=primary)
        return sealed(signature, user, meaning, assessment.revision)


@sensitive_variables("password")
def close_case(revision: Revision, user: User, password: str, reason: str, comment: str = "") -> Closure:
    """Not enrolled for another reason than the findings, which need not be known for it.

    PermissionDenied, BadDocument for a faulty reason or comment; else as `sign`: locked, password, superseded, decided.
    """
    if not may(user, "sign"):
        raise PermissionDenied
    refuse_words(comment=comment, reason=reason)
    reauthenticate(user, revision.visit, password)
    with transaction.atomic():
        visit = locked_visit(revision)
        refuse_superseded(visit, revision)
        refuse_settled(revision)
        closure = Closure(revision=visit.latest_revision(), reason=reason, comment=comment.strip())
        meaning = closure_statement(visit.subject, reason) + own_entries_statement(revision, user)
        return sealed(closure, user, meaning, revision)


@transaction.atomic
def send_back(assessment: Assessment, user: User, comment: str) -> SendBack:
    """PermissionDenied, BadDocument for a faulty comment, or Refused: superseded, decided."""
    if not may(user, "review"):
        raise PermissionDenied
    refuse_words(comment=comment, required=True)
    assessment = locked(assessment)
    refuse_decided(assessment)
    sent = SendBack.objects.create(assessment=assessment, comment=comment.strip(), created_by=user)
    refresh(assessment.revision.visit.subject)
    return sent


def locked(assessment: Assessment) -> Assessment:
    """The assessment as it stands, with everything around it held; Refused where something newer stands."""
    visit = locked_visit(assessment.revision)
    found = Assessment.objects.select_related("version", "revision").get(pk=assessment.pk)
    found.revision.visit = visit
    refuse_superseded(visit, found.revision)
    refuse_reassessed(found)
    refuse_outdated(found)
    return found


def locked_visit(revision: Revision) -> Visit:
    visits = Visit.objects.select_for_update(of=["self"], no_key=True).select_related("subject__trial")
    visit = visits.get(pk=revision.visit_id)
    Subject.objects.select_for_update(no_key=True).get(pk=visit.subject_id)
    return visit


def sealed(signed: S, user: User, meaning: str, revision: Revision) -> S:
    """Saves a signature with the signer's name, role, time and zone, and what they mean, all under its seal."""
    signed.created_by = user
    signed.printed_name = printed_name(user)
    signed.role = str(ROLES["investigator"])
    signed.meaning = meaning
    signed.zone = timezone.get_default_timezone_name()
    signed.seal = seal(signed)
    signed.save()
    refresh(revision.visit.subject)
    return signed
