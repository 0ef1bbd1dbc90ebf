"""Seals that bind a signature to the record that was signed, and their verification."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import UTC
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from criteria.models import Approval
from criteria.records import canonical
from screening.eligibility.replay import fingerprint
from screening.models import Assessment, Closure, Reopening, Revision, Signature, SignatureWithdrawal, Visit
from screening.visits.closure import is_reopened

SignedRecord = Signature | SignatureWithdrawal | Closure | Reopening | Approval


def compute_seal(signed: SignedRecord) -> str:
    """Return the seal over what was signed, by whom, when and with what meaning.

    The record itself need not be saved yet.
    """
    return seal_with_key(settings.SEAL_KEY, signed)


def seal_with_key(key: str, signed: SignedRecord) -> str:
    content = {
        "signed": sealed_content(signed),
        "signer": signed.created_by_id,
        "printed_name": signed.printed_name,
        "role": signed.role,
        "meaning": signed.meaning,
        "at": signed.created_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "zone": signed.zone,
    }
    return hmac.new(key.encode(), canonical.dump(content).encode(), sha256).hexdigest()


def sealed_content(signed: SignedRecord) -> dict[str, Any]:
    match signed:
        case Signature():
            return sealed_assessment(signed)
        case SignatureWithdrawal():
            return sealed_end(signed.signature, signed.signature.assessment.revision, signed.reason)
        case Closure():
            return sealed_case(signed)
        case Reopening():
            return sealed_end(signed.closure, signed.closure.revision, signed.reason)
    return sealed_version(signed)


def sealed_assessment(signature: Signature) -> dict[str, Any]:
    """Return the content of a signature's seal.

    Two subjects may have the same verdict sheet, so the seal includes the subject.
    """
    content = {
        "assessment": signature.assessment.pk,
        "of": revision_identity(signature.assessment.revision),
        "fingerprint": signature.assessment.sheet_sha256,
        "decision": signature.decision,
        "primary_criterion": signature.primary_criterion,
    }
    return content | ({"despite": signature.despite} if signature.despite else {})  # earlier seals have no such words


def sealed_case(closure: Closure) -> dict[str, Any]:
    return {
        "of": revision_identity(closure.revision),
        "fingerprint": sha256(canonical.dump(closure.revision.document).encode()).hexdigest(),
        "reason": closure.reason,
        "comment": closure.comment,
    }


def sealed_end(signed: Signature | Closure, revision: Revision, reason: str) -> dict[str, Any]:
    """Return the content of the seal over what ends a signature or a closed case; that one's seal is part of it."""
    return {
        "of": revision_identity(revision),
        "ends": [signed._meta.model_name, signed.pk, signed.seal],
        "reason": reason,
    }


def sealed_version(approval: Approval) -> dict[str, Any]:
    return {
        "of": [approval.version.trial.code, approval.version.number],
        "fingerprint": approval.version.definition_sha256,
        "proposal": approval.proposal_id,
        "reason": approval.reason,
        "ethics": [
            approval.ethics_committee,
            approval.ethics_reference,
            approval.ethics_approved_on.isoformat(),
        ],
    }


def revision_identity(revision: Revision) -> list[str | int]:
    """Return trial, subject, visit and revision by the names that users know."""
    subject = revision.visit.subject
    return [subject.trial.code, subject.screening_number, revision.visit.number, revision.number]


def verify_signature(signed: Signature | Closure) -> bool:
    """Return whether the record is the one that was signed, and everything signed with it is unchanged."""
    return seal_fits(signed) and (isinstance(signed, Closure) or is_intact(signed.assessment))


def seal_fits(signed: SignedRecord) -> bool:
    """Return whether the seal fits, as `verify_signature` does but without reading the verdicts.

    Their fingerprint is part of the seal; this is for a list of many signatures. A key that was replaced still
    verifies what was sealed with it, as long as it is among the fallbacks.
    """
    keys = [settings.SEAL_KEY, *settings.SEAL_KEY_FALLBACKS]
    return any(hmac.compare_digest(signed.seal.encode(), seal_with_key(key, signed).encode()) for key in keys)


def is_intact(assessment: Assessment) -> bool:
    """Return whether the assessment's fingerprint still fits what is stored.

    Prefetched verdicts are used.
    """
    verdicts = sorted(assessment.verdicts.all(), key=lambda verdict: verdict.pk)
    return assessment.sheet_sha256 == fingerprint(assessment, verdicts)


def is_void(signed: Signature | Closure) -> bool:
    """Return whether a signature is no longer valid.

    A finding's does where it was withdrawn, or where a later revision, or a later assessment of its revision, exists. A
    closed case does only where it was reopened, or closed again: no correction ends it.
    """
    if isinstance(signed, Closure):
        later = Closure.objects.filter(revision__visit=signed.revision.visit_id, pk__gt=signed.pk)
        return is_reopened(signed) or later.exists()
    revision = signed.assessment.revision
    if is_withdrawn(signed) or Revision.objects.filter(visit=revision.visit_id, number__gt=revision.number).exists():
        return True
    return revision.assessments.filter(pk__gt=signed.assessment_id).exists()


def is_withdrawn(signature: Signature) -> bool:
    return hasattr(signature, "withdrawal")


def signatures_of(visits: Iterable[Visit]) -> QuerySet[Any]:
    """Return the signatures at some visits with all that `verify_signature` reads, in two queries.

    `void` is the result of `is_void`, `earlier` whether the subject has a later attempt.
    """
    later = Assessment.objects.filter(revision=OuterRef("assessment__revision"), pk__gt=OuterRef("assessment"))
    found = Signature.objects.filter(assessment__revision__visit__in=visits)
    found = found.select_related("assessment__version", "assessment__revision__visit__subject__trial", "withdrawal")
    attempt = later_attempt("assessment__revision")
    withdrawn = Q(withdrawal__isnull=False)
    found = found.annotate(
        void=Exists(later_revisions("assessment__revision")) | Exists(later) | withdrawn, earlier=Exists(attempt)
    )
    return found.prefetch_related("assessment__verdicts").order_by("-pk")


def closures_of(visits: Iterable[Visit]) -> QuerySet[Any]:
    """Return the cases closed at some visits, in one query.

    `void` and `earlier` are annotated as in `signatures_of`.
    """
    later = Closure.objects.filter(revision__visit=OuterRef("revision__visit"), pk__gt=OuterRef("pk"))
    found = Closure.objects.filter(revision__visit__in=visits)
    found = found.select_related("revision__visit__subject__trial", "reopening")
    found = found.annotate(void=Exists(later) | Q(reopening__isnull=False), earlier=Exists(later_attempt("revision")))
    return found.order_by("-pk")


def later_revisions(revision: str) -> QuerySet[Revision]:
    return Revision.objects.filter(visit=OuterRef(f"{revision}__visit"), number__gt=OuterRef(f"{revision}__number"))


def later_attempt(revision: str) -> QuerySet[Visit]:
    visit = f"{revision}__visit"
    later = Visit.objects.filter(subject=OuterRef(f"{visit}__subject"), number__gt=OuterRef(f"{visit}__number"))
    return later.filter(in_error=None)
