"""What ends a decision, each signed in its turn: a signature is withdrawn, a closed case is reopened."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from criteria.records.refusal import Refused
from screening.access.permissions import may
from screening.models import Closure, Reopening, Signature, SignatureWithdrawal, Visit
from screening.review.decide import save_decision
from screening.review.enrol import lock_signature
from screening.review.statements import reopening_statement, withdrawal_statement
from screening.signatures.reauthenticate import reauthenticate
from screening.signatures.refusals import refuse_withdrawal, refuse_words
from screening.visits.closure import closure_of
from screening.visits.entered_in_error import has_later_attempt
from screening.visits.lock import lock_visit


@sensitive_variables("password")
def withdraw_signature(signature: Signature, user: User, password: str, reason: str) -> SignatureWithdrawal:
    """Withdraw a signature that its signer gave by mistake; what it confirmed is to be decided anew.

    PermissionDenied; BadDocument for a missing or faulty reason; otherwise Refused: signer, withdrawn, enrolled, void,
    locked, password.
    """
    if not may(user, "sign", signature.assessment.version.trial_id):
        raise PermissionDenied
    refuse_words(comment=reason, required=True, field="reason")
    refuse_withdrawal(signature, user)
    reauthenticate(user, signature.assessment.revision.visit, password)
    with transaction.atomic():
        signature = lock_signature(signature)
        refuse_withdrawal(signature, user)
        withdrawal = SignatureWithdrawal(signature=signature, reason=reason.strip())
        return save_decision(withdrawal, user, withdrawal_statement(signature), signature.assessment.revision.visit)


@sensitive_variables("password")
def reopen_case(visit: Visit, user: User, password: str, reason: str) -> Reopening:
    """Reopen the case that was closed at a visit.

    PermissionDenied; BadDocument for a missing or faulty reason; otherwise Refused: superseded, where there is a later
    attempt, open, where the case is not closed, locked, password.
    """
    if not may(user, "sign", visit.subject.trial_id):
        raise PermissionDenied
    refuse_words(comment=reason, required=True, field="reason")
    closure_to_reopen(visit)
    reauthenticate(user, visit, password)
    with transaction.atomic():
        visit = lock_visit(visit.pk)
        closure = closure_to_reopen(visit)
        closure.revision.visit = visit
        reopening = Reopening(closure=closure, reason=reason.strip())
        return save_decision(reopening, user, reopening_statement(closure), visit)


def closure_to_reopen(visit: Visit) -> Closure:
    if has_later_attempt(visit):
        raise Refused("superseded", _("There is a later attempt of this subject: decide on that one."))
    closure = closure_of(visit)
    if closure is None:
        raise Refused("open", _("This case is not closed."))
    return closure
