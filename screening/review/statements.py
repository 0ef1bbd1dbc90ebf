"""The statements that a signature confirms (21 CFR 11.50(a)(3))."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from screening.models import Assessment, ClosureReason, Decision, Revision, Subject


def signature_statement(assessment: Assessment, decision: str, primary: str, failed: list[str]) -> str:
    subject = assessment.revision.visit.subject
    words = {"who": subject, "trial": subject.trial, "codes": ", ".join(failed), "primary": primary}
    if decision == Decision.ELIGIBLE:
        text = _("I have reviewed this assessment and confirm that %(who)s is eligible for %(trial)s.")
    elif primary:
        text = _(
            "I have reviewed this assessment and confirm that %(who)s is a screen failure for %(trial)s by %(codes)s;"
            " primary reason %(primary)s."
        )
    else:
        text = _(
            "I have reviewed this assessment and confirm that %(who)s is a screen failure for %(trial)s by %(codes)s."
        )
    return text % words


def own_entries_statement(revision: Revision, user: User) -> str:
    """Return what a signature says where the signer entered part of the data; empty where others did."""
    own = Revision.objects.filter(visit=revision.visit_id, number__lte=revision.number, created_by=user)
    numbers = ", ".join(str(number) for number in own.order_by("number").values_list("number", flat=True))
    return " " + _("I entered data of this visit myself: revision %s.") % numbers if numbers else ""


def closure_statement(subject: Subject, reason: str) -> str:
    words = {"who": subject, "trial": subject.trial, "why": ClosureReason(reason).label}
    return _("I have decided that %(who)s is not enrolled in %(trial)s: %(why)s.") % words
