"""The statements that a signature confirms (21 CFR 11.50(a)(3))."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from screening.models import (
    NO_MAIN_REASON,
    Assessment,
    Closure,
    ClosureReason,
    Decision,
    Revision,
    Signature,
    Subject,
    Visit,
)


def signature_statement(assessment: Assessment, decision: str, primary: str, failed: list[str]) -> str:
    subject = assessment.revision.visit.subject
    words = {"who": subject, "trial": subject.trial, "codes": ", ".join(failed), "primary": primary}
    if decision == Decision.ELIGIBLE:
        text = _("I have reviewed this assessment and confirm that %(who)s is eligible for %(trial)s.")
    elif primary == NO_MAIN_REASON:
        text = _(
            "I have reviewed this assessment and confirm that %(who)s is a screen failure for %(trial)s by %(codes)s;"
            " no single main reason."
        )
    else:
        text = _(
            "I have reviewed this assessment and confirm that %(who)s is a screen failure for %(trial)s by %(codes)s;"
            " primary reason %(primary)s."
        )
    return text % words


def earlier_attempt_statement(visit: Visit) -> str:
    return " " + _("This is attempt %(number)d; there is a later one of this subject.") % {"number": visit.number}


def own_entries_statement(revision: Revision, user: User) -> str:
    """Return what a signature says where the signer entered part of the data; empty where others did."""
    own = Revision.objects.filter(visit=revision.visit_id, number__lte=revision.number, created_by=user)
    numbers = ", ".join(str(number) for number in own.order_by("number").values_list("number", flat=True))
    return " " + _("I entered data of this visit myself: revision %s.") % numbers if numbers else ""


def closure_statement(subject: Subject, reason: str) -> str:
    words = {"who": subject, "trial": subject.trial, "why": ClosureReason(reason).label}
    return _("I have decided that %(who)s is not enrolled in %(trial)s: %(why)s.") % words


def despite_statement(despite: str) -> str:
    """Return what a signature says where a disagreement excludes; empty where none does."""
    if not despite:
        return ""
    return " " + _("A disagreement says that a criterion excludes; I confirm all the same: %s") % despite


def withdrawal_statement(signature: Signature) -> str:
    subject = signature.assessment.revision.visit.subject
    words = {"what": signature.get_decision_display(), "who": subject, "trial": subject.trial}
    text = _(
        "I withdraw my signature of %(at)s (%(who)s, %(trial)s: %(what)s), given by mistake: it is no longer valid."
    )
    return text % {**words, "at": signature.signed_at}


def reopening_statement(closure: Closure) -> str:
    subject = closure.revision.visit.subject
    words = {"why": closure.get_reason_display(), "who": subject, "trial": subject.trial, "at": closure.signed_at}
    return _("I reopen the case of %(who)s in %(trial)s, closed %(at)s (%(why)s): a new decision is required.") % words
