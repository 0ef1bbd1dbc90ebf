"""Which protocol version a visit falls under: the one in force on its day, or a later one that it was brought under."""

from collections.abc import Container, Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from criteria.models import ProtocolVersion, Trial
from criteria.versions.versions import in_force
from criteria.vocabulary import BadDocument, Fault
from screening.models import Assessment, Transfer, Visit

VOCABULARY = ("codes", "sections", "terms", "note")  # long, and of no use to whoever asks only which version it is


def version_for(trial: Trial, document: Any) -> ProtocolVersion:
    """That of a visit which is still to be opened. BadDocument where none was in force on the document's `visit.date`.

    A document whose day cannot be read gets today's version, whose vocabulary then names that fault.
    """
    day = visit_date(document) or timezone.localdate()
    try:
        return in_force(trial, day)
    except ProtocolVersion.DoesNotExist:
        raise none_on(day) from None


def version_of(visit: Visit, document: Any) -> ProtocolVersion:
    """As `version_for`; where the visit was transferred to a version that is later in the order of force, that one."""
    day = visit_date(document) or timezone.localdate()
    dated = Q(trial=visit.subject.trial_id, effective_from__lte=day)
    transferred = Q(pk__in=Transfer.objects.filter(visit=visit).values("version"))
    versions = ProtocolVersion.objects.filter(dated | transferred).select_related("trial").defer(*VOCABULARY)
    found = versions.order_by("-effective_from", "-pk").first()
    if found is None:
        raise none_on(day)
    return found


def version_among(versions: Iterable[ProtocolVersion], transferred: Container[int], document: Any) -> ProtocolVersion:
    """As `version_of`, without a query: of all versions of the trial, the latest in the order of force first, and the
    keys of those that the visit was transferred to.
    """
    day = visit_date(document) or timezone.localdate()
    for version in versions:
        if version.effective_from <= day or version.pk in transferred:
            return version
    raise none_on(day)


def none_on(day: date) -> BadDocument:
    message = _("no version of the protocol was in force on %(day)s") % {"day": day.isoformat()}
    return BadDocument([Fault("visit.date", message)])


def versions_by_today(trials: Any) -> list[ProtocolVersion]:
    """Those that came into force by today, the latest in the order of force first; of one trial or of several."""
    found = ProtocolVersion.objects.filter(trial__in=trials, effective_from__lte=timezone.localdate())
    return list(found.select_related("trial").defer(*VOCABULARY).order_by("-effective_from", "-pk"))


def comes_after(version: ProtocolVersion, other: ProtocolVersion) -> bool:
    """In the order of force: by the first day, of one day by the order of publication."""
    return (version.effective_from, version.pk) > (other.effective_from, other.pk)


def is_outdated(assessment: Assessment) -> bool:
    """Whether another protocol version, or none, applies to the visit by now than the one it was assessed by."""
    revision = assessment.revision
    try:
        return version_of(revision.visit, revision.document).pk != assessment.version_id
    except BadDocument:
        return True


def visit_date(document: Any) -> date | None:
    try:
        return date.fromisoformat(document["visit"]["date"])
    except (KeyError, TypeError, ValueError):
        return None
