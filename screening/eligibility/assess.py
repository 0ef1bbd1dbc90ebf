"""Assessment of a visit against the eligibility criteria, recorded permanently."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from criteria import ENGINE_VERSION
from criteria.evaluation.outlook import outlook
from criteria.evaluation.protocol import Sheet
from criteria.models import Criterion, ProtocolVersion
from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument, Fault
from screening.eligibility.replay import fingerprint
from screening.exceptions import Superseded
from screening.models import Assessment, Revision, Signature, Verdict, Visit
from screening.signals import records_added
from screening.visits.applicable_version import applicable_version
from screening.visits.days import ahead_text
from screening.visits.drafts import NO_DRAFTS_SEEN, DraftsSeen, pass_drafts
from screening.visits.lock import lock_latest_revision


@transaction.atomic
def assess(revision: Revision, author: User, drafts_seen: DraftsSeen = NO_DRAFTS_SEEN) -> Assessment:
    """Assess the visit's latest revision by the protocol version that applies to the visit.

    Where the same finding is already signed, that assessment is returned: the result could not differ.
    BadDocument where the document no longer fits the vocabulary of that version, where the version is not in
    force yet, or where the day of the visit has not come; Superseded where `revision` is not the latest;
    UnsavedDrafts where anybody has typed something in any section and not saved it, unless the author has seen it
    as it stands.
    """
    visit, latest = lock_latest(revision)
    version = applicable_version(visit, latest.document)
    refuse_coming(version)
    refuse_visit_ahead(latest)
    protocol = protocol_of(version)
    pass_drafts(visit, author, protocol.vocabulary, drafts_seen)
    if signed := signed_assessment(latest, version):
        return signed
    protocol.refuse_faulty(latest.document)
    found = outlook(protocol, latest.document)
    sheet = protocol.sheet_of(found.findings)
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
    at_hand = {"revision": latest, "version": version, "outlook": found, "assessment": assessment, "verdicts": verdicts}
    records_added.send(sender=Assessment, subject=visit.subject, visit=visit, **at_hand)
    return assessment


def refuse_coming(version: ProtocolVersion) -> None:
    """Nobody is screened by a version whose day has not come."""
    if version.effective_from > timezone.localdate():
        words = {"number": version.number, "day": version.effective_from.isoformat()}
        text = _(
            "this visit falls under version %(number)s, in force from %(day)s: it can be assessed from that day on"
        )
        raise BadDocument([Fault("", text % words)])


def refuse_visit_ahead(revision: Revision) -> None:
    if text := ahead_text(revision.document):
        raise BadDocument([Fault("", text)])


def lock_latest(revision: Revision) -> tuple[Visit, Revision]:
    """Lock the visit with its subject; return it and its latest revision. Superseded where `revision` is older."""
    latest = lock_latest_revision(revision.visit_id)
    if latest.pk != revision.pk:
        raise Superseded(latest)
    return latest.visit, latest


def signed_assessment(revision: Revision, version: ProtocolVersion) -> Assessment | None:
    """Return the last assessment of a revision where it is signed and would come out the same; in one query."""
    signed = Signature.objects.filter(assessment=OuterRef("pk"), withdrawal=None)
    last = revision.assessments.annotate(is_signed=Exists(signed)).order_by("-pk").first()
    if last is None or (last.version_id, last.engine_version) != (version.pk, ENGINE_VERSION):
        return None
    return last if last.is_signed else None


def verdict_rows(assessment: Assessment, version: ProtocolVersion, sheet: Sheet) -> list[Verdict]:
    rows = Criterion.objects.filter(version=version).values_list("code", "pk", "position")
    criteria = {code: (pk, position) for code, pk, position in rows}
    return [
        Verdict(
            assessment=assessment,
            criterion_id=criteria[verdict.code][0],
            code=verdict.code,
            position=criteria[verdict.code][1],
            outcome=verdict.outcome,
            proof=verdict.proof,
            missing=verdict.missing,
            values=verdict.values,
            parameters=verdict.parameters,
            trace=verdict.trace,
        )
        for verdict in sheet.verdicts
    ]
