"""What was found at screening, without what tells whose it is (45 CFR 164.514(b)(2)): to be read outside the site.

One row for each item. A person has a number that is given anew, in a random order, for each export, and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from criteria.versions.versions import protocol_of
from screening.access.permissions import may
from screening.exports.deidentified.items import Reading, items_of, reading_of
from screening.exports.deidentified.visits import SeenVisit, seen_visits
from screening.log.filter import LogFilter, described
from screening.models import Exported, LogExport
from screening.shared.csv import ExportedFile, safe, write_table

__all__ = ["export_deidentified"]

Line = list[str]


def export_deidentified(filters: LogFilter, user: User) -> ExportedFile:
    """The file, written while its content is read; that it was exported is recorded before. PermissionDenied."""
    if not may(user, "export"):
        raise PermissionDenied
    LogExport.objects.create(what=Exported.DEIDENTIFIED, file_format="csv", filters=described(filters), created_by=user)
    name = f"screening-data-deidentified-{timezone.localtime():%Y-%m-%dT%H%M%S}.csv"
    return ExportedFile(name, "text/csv; charset=utf-8", write_table(titles(), lines(filters)))


def titles() -> Line:
    names = (_("person"), _("attempt"), _("item"), _("label"), _("value"), _("unit"))
    return [safe(name) for name in names]


def lines(filters: LogFilter) -> Iterator[list[Line]]:
    """Visit by visit."""
    readings: dict[int, Reading] = {}
    for seen in seen_visits(filters):
        yield visit_lines(seen, readings)


def visit_lines(seen: SeenVisit, readings: dict[int, Reading]) -> list[Line]:
    """`readings` are those of the protocol versions met so far, and grow."""
    under = seen.under
    if under is not None and under.pk not in readings:
        readings[under.pk] = reading_of(protocol_of(under))
    items = items_of(seen, readings[under.pk] if under else None)
    return [[safe(text) for text in (seen.person, str(seen.attempt), *item)] for item in items]
