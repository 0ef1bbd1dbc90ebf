"""Protocol version that applies to a visit: the one in force on its day, or a later one by a version transition."""

from collections.abc import Collection, Container, Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from criteria.models import ProtocolVersion, Trial, long_fields
from criteria.versions.versions import version_on
from criteria.vocabulary import BadDocument, Fault
from screening.models import Assessment, VersionTransition, Visit


def version_for_new_visit(trial: Trial, document: Any) -> ProtocolVersion:
    """Return the version for a visit that is still to be opened.

    The version is the one in force on the document's `visit.date`; BadDocument where none was. A document whose
    day cannot be read gets the version of today, whose vocabulary then reports that fault.
    """
    day = visit_date(document) or timezone.localdate()
    try:
        return version_on(trial, day)
    except ProtocolVersion.DoesNotExist:
        raise no_version_error(day) from None


def applicable_version(visit: Visit, document: Any) -> ProtocolVersion:
    """Return the version that applies to an existing visit.

    It is determined by the day as in `version_for_new_visit`. Where a version transition moved the visit to a
    version that is later in the order of force, that later version applies. BadDocument where none applies. A second
    query only where a version that came into force after the visit may have been given to it.
    """
    trial = visit.subject.trial
    versions = list(trial.versions.defer(*long_fields()).order_by("-effective_from", "-pk"))
    day = visit_date(document) or timezone.localdate()
    if versions and versions[0].effective_from <= day:
        return versions[0]
    return version_among(versions, transitions_by_visit([visit.pk]).get(visit.pk, ()), document)


def version_among(versions: Iterable[ProtocolVersion], transferred: Container[int], document: Any) -> ProtocolVersion:
    """Return the version that `applicable_version` returns, without a query.

    `versions` are all versions of the trial, the latest in the order of force first; `transferred` are the keys
    of the versions that version transitions moved the visit to. BadDocument where none applies.
    """
    day = visit_date(document) or timezone.localdate()
    for version in versions:
        if version.effective_from <= day or version.pk in transferred:
            return version
    raise no_version_error(day)


def versions_by_trial(trials: Collection[int]) -> dict[int, list[ProtocolVersion]]:
    """Return all versions of the trials as `version_among` takes them, by trial, in at most one query."""
    versions: dict[int, list[ProtocolVersion]] = {}
    found = ProtocolVersion.objects.filter(trial__in=trials).select_related("trial").defer(*long_fields())
    for version in found.order_by("-effective_from", "-pk") if trials else ():
        versions.setdefault(version.trial_id, []).append(version)
    return versions


def transitions_by_visit(visits: Collection[int]) -> dict[int, set[int]]:
    """Return the versions that version transitions moved the visits to, by the keys of both; in one query at most."""
    transitions: dict[int, set[int]] = {}
    found = VersionTransition.objects.filter(visit__in=visits).values_list("visit", "version")
    for visit, version in found if visits else ():
        transitions.setdefault(visit, set()).add(version)
    return transitions


def no_version_error(day: date) -> BadDocument:
    message = _("no version of the protocol was in force on %(day)s") % {"day": day.isoformat()}
    return BadDocument([Fault("visit.date", message)])


def versions_by_today(trials: Any) -> list[ProtocolVersion]:
    """Return the versions of one or several trials that came into force by today.

    The latest in the order of force comes first.
    """
    found = ProtocolVersion.objects.filter(trial__in=trials, effective_from__lte=timezone.localdate())
    return list(found.select_related("trial").defer(*long_fields()).order_by("-effective_from", "-pk"))


def comes_after(version: ProtocolVersion, other: ProtocolVersion) -> bool:
    """Return whether `version` follows `other` in the order of force.

    The order is by the first day in force; for the same day, by the order of publication.
    """
    return (version.effective_from, version.pk) > (other.effective_from, other.pk)


def is_outdated(assessment: Assessment) -> bool:
    """Return whether another protocol version, or none, now applies than the visit was assessed by."""
    revision = assessment.revision
    try:
        return applicable_version(revision.visit, revision.document).pk != assessment.version_id
    except BadDocument:
        return True


def visit_date(document: Any) -> date | None:
    try:
        return date.fromisoformat(document["visit"]["date"])
    except (KeyError, TypeError, ValueError):
        return None
