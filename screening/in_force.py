"""Which protocol version a visit falls under: the one in force on the day of the visit."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from criteria.models import ProtocolVersion, Trial
from criteria.versions import in_force
from criteria.vocabulary import BadDocument, Fault


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


def visit_date(document: Any) -> date | None:
    try:
        return date.fromisoformat(document["visit"]["date"])
    except (KeyError, TypeError, ValueError):
        return None
