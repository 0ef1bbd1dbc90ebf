"""Which protocol version a visit falls under: the one in force on the day of the visit."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from criteria.models import ProtocolVersion, Trial
from criteria.versions import in_force
from criteria.vocabulary import BadDocument, Fault
from screening.models import Assessment


def version_for(trial: Trial, document: Any) -> ProtocolVersion:
    """BadDocument where no version was in force on the document's `visit.date`.

    A document whose day cannot be read gets today's version, whose vocabulary then names that fault.
    """
    day = visit_date(document) or timezone.localdate()
    try:
        return in_force(trial, day)
    except ProtocolVersion.DoesNotExist:
        message = _("no version of the protocol was in force on %(day)s") % {"day": day.isoformat()}
        raise BadDocument([Fault("visit.date", message)]) from None


def is_outdated(assessment: Assessment) -> bool:
    """Whether another protocol version, or none, applies to the visit by now than the one it was assessed by."""
    revision = assessment.revision
    try:
        return version_for(revision.visit.subject.trial, revision.document).pk != assessment.version_id
    except BadDocument:
        return True


def visit_date(document: Any) -> date | None:
    try:
        return date.fromisoformat(document["visit"]["date"])
    except (KeyError, TypeError, ValueError):
        return None
