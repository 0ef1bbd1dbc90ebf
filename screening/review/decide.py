"""The investigator's decisions: confirming a finding, closing a case for another reason, sending an assessment back.

Each verb locks the visit and then the person: no revision, assessment or attempt can be added while it decides.
"""

from __future__ import annotations

from typing import TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument, Fault
from criteria.vocabulary.values import text_fault
from screening.access.accounts import printed_name
from screening.access.permissions import ROLES, may
from screening.eligibility.validity import expired_on
from screening.models import (
    FITS,
    Assessment,
    Closure,
    ClosureReason,
    Decision,
    Enrolment,
    Outcome,
    Overall,
    Revision,
    SendBack,
    Signature,
    Subject,
    Visit,
)
from screening.signatures.reauthenticate import reauthenticate
from screening.signatures.seals import is_intact, is_void, seal
from screening.visits.applicable_version import is_outdated
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
        meaning = meaning_of(assessment, decision, primary, failed) + own_entries(assessment.revision, user)
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
        meaning = closing_meaning(visit.subject, reason) + own_entries(revision, user)
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


def refuse_superseded(visit: Visit, revision: Revision) -> None:
    if visit.subject.visits.filter(number__gt=visit.number).exists():
        raise Refused("superseded", _("There is a later attempt of this person: decide on that one."))
    if visit.latest_revision().pk != revision.pk:
        raise Refused("superseded", _("Something was saved after this: it must be assessed anew before it is decided."))


def refuse_reassessed(assessment: Assessment) -> None:
    if assessment.revision.assessments.filter(pk__gt=assessment.pk).exists():
        raise Refused("superseded", _("There is a later assessment: decide on that one."))


def refuse_outdated(assessment: Assessment) -> None:
    if is_outdated(assessment):
        raise Refused("superseded", _("Another protocol version applies by now: assess anew."))


def refuse_unfit(assessment: Assessment, decision: str, primary: str, failed: list[str]) -> None:
    if assessment.overall == Overall.UNDETERMINED:
        raise Refused("undetermined", _("The finding is undetermined: nobody can sign it."))
    if decision not in FITS or FITS[Decision(decision)] != assessment.overall:
        words = {"finding": Overall(assessment.overall).label}
        raise Refused("unfit", _("This decision does not fit the finding: %(finding)s.") % words)
    if decision == Decision.FAILURE and is_enrolled(assessment.revision):
        raise Refused("enrolled", _("This person is enrolled: a failure found since is a deviation to report."))
    if primary and primary not in failed:
        raise Refused("unfit", _("The primary reason must be one of the failed criteria."))


def is_enrolled(revision: Revision) -> bool:
    return Enrolment.objects.filter(subject=revision.visit.subject_id).exists()


def refuse_decided(assessment: Assessment) -> None:
    if assessment.signatures.exists():
        raise Refused("decided", _("This assessment is signed already."))
    if assessment.send_backs.exists():
        raise Refused("decided", _("This assessment was sent back: it must be assessed anew."))
    if assessment.revision.closures.exists():
        raise Refused("decided", _("This case is closed already: not enrolled for another reason."))


def refuse_settled(revision: Revision) -> None:
    """Somebody who was confirmed eligible may still decline; a failure, a closed case and an enrolment stand."""
    signatures = Signature.objects.filter(assessment__revision=revision).order_by("-assessment")
    last = signatures.first()
    if last and last.decision == Decision.FAILURE and not is_void(last):
        raise Refused("decided", _("This person is confirmed as a screen failure already."))
    if revision.closures.exists():
        raise Refused("decided", _("This case is closed already: not enrolled for another reason."))
    if is_enrolled(revision):
        raise Refused("decided", _("This person is enrolled."))


def refuse_broken(assessment: Assessment) -> None:
    if not is_intact(assessment):
        raise Refused("broken", _("The fingerprint does not fit what is stored: this assessment must not be signed."))


def refuse_expired(assessment: Assessment, expired_seen: bool) -> str:
    """What the signature says of findings that no longer hold; empty where they do."""
    last = expired_on(assessment)
    if last is None:
        return ""
    if not expired_seen:
        raise Refused("expired", _("The findings held until %(day)s only.") % {"day": last.isoformat()})
    return " " + _("I know that the findings held until %(day)s only.") % {"day": last.isoformat()}


def refuse_words(comment: str, *, reason: str = ClosureReason.DECLINED, required: bool = False) -> None:
    faults = []
    if reason not in ClosureReason.values:
        faults.append(Fault("reason", _("choose one of the reasons")))
    if not comment.strip() and (required or reason == ClosureReason.OTHER):
        faults.append(Fault("comment", _("say why")))
    if message := text_fault(comment):
        faults.append(Fault("comment", message))
    if faults:
        raise BadDocument(faults)


def failed_codes(assessment: Assessment) -> list[str]:
    failed = assessment.verdicts.filter(outcome=Outcome.FAIL).order_by("position", "pk")
    return list(failed.values_list("code", flat=True))


def meaning_of(assessment: Assessment, decision: str, primary: str, failed: list[str]) -> str:
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


def own_entries(revision: Revision, user: User) -> str:
    """What a signature says where the signer entered some of what is signed; empty where others did."""
    own = Revision.objects.filter(visit=revision.visit_id, number__lte=revision.number, created_by=user)
    numbers = ", ".join(str(number) for number in own.order_by("number").values_list("number", flat=True))
    return " " + _("I entered data of this visit myself: revision %s.") % numbers if numbers else ""


def closing_meaning(subject: Subject, reason: str) -> str:
    words = {"who": subject, "trial": subject.trial, "why": ClosureReason(reason).label}
    return _("I have decided that %(who)s is not enrolled in %(trial)s: %(why)s.") % words


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
