"""Assessment of a visit against the eligibility criteria, recorded permanently."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from criteria import ENGINE_VERSION
from criteria.evaluation.protocol import Sheet
from criteria.models import Criterion, ProtocolVersion
from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument, Fault
from screening.eligibility.replay import fingerprint
from screening.exceptions import Superseded
from screening.models import Assessment, Revision, Verdict, Visit
from screening.signals import records_added
from screening.visits.applicable_version import applicable_version
from screening.visits.lock import lock_visit


@transaction.atomic
def assess(revision: Revision, author: User) -> Assessment:
    """Assess the visit's latest revision by the protocol version that applies to the visit.

    Where the same finding is already signed, that assessment is returned: the result could not differ.
    BadDocument where the document no longer fits the vocabulary of that version, or where the version is not in
    force yet; Superseded where `revision` is not the latest.
    """
    visit, latest = lock_latest(revision)
    version = applicable_version(visit, latest.document)
    refuse_coming(version)
    if signed := signed_assessment(latest, version):
        return signed
    sheet = protocol_of(version).assess(latest.document)
    assessment = Assessment(
        revision=latest,
        version=version,
        overall=sheet.overall,
        engine_version=ENGINE_VERSION,
        created_by=author,
    )
    verdicts = verdict_rows(assessment, version, sheet)
    assessment.sheet_sha256 = fingerprint(assessment, verdicts)
    assessment.save()
    Verdict.objects.bulk_create(verdicts)
    records_added.send(sender=Assessment, subject=visit.subject)
    return assessment


def refuse_coming(version: ProtocolVersion) -> None:
    """Nobody is screened by a version whose day has not come."""
    if version.effective_from > timezone.localdate():
        words = {"number": version.number, "day": version.effective_from.isoformat()}
        text = _(
            "this visit falls under version %(number)s, in force from %(day)s: it can be assessed from that day on"
        )
        raise BadDocument([Fault("visit.date", text % words)])


def lock_latest(revision: Revision) -> tuple[Visit, Revision]:
    """Lock the visit with its subject; return it and its latest revision. Superseded where `revision` is older."""
    visit = lock_visit(revision.visit_id)
    latest = visit.latest_revision()
    if latest.pk != revision.pk:
        raise Superseded(latest)
    return visit, latest


def signed_assessment(revision: Revision, version: ProtocolVersion) -> Assessment | None:
    last = revision.assessments.order_by("-pk").first()
    same = last is not None and (last.version_id, last.engine_version) == (version.pk, ENGINE_VERSION)
    return last if same and last and last.signatures.exists() else None


def verdict_rows(assessment: Assessment, version: ProtocolVersion, sheet: Sheet) -> list[Verdict]:
    criteria = {criterion.code: criterion for criterion in Criterion.objects.filter(version=version)}
    return [
        Verdict(
            assessment=assessment,
            criterion=criteria[verdict.code],
            code=verdict.code,
            position=criteria[verdict.code].position,
            outcome=verdict.outcome,
            proof=verdict.proof,
            missing=verdict.missing,
            values=verdict.values,
            parameters=verdict.parameters,
            trace=verdict.trace,
        )
        for verdict in sheet.verdicts
    ]
