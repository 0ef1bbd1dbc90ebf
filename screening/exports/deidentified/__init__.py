"""De-identified screening data (45 CFR 164.514(b)(2)), to be read outside the site.

One row for each item. A subject has a number that is assigned anew, in a random order, for each export, and
stored nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from criteria.versions.versions import protocol_of
from screening.access.trials import may_in_each
from screening.exports.deidentified.items import Reading, items_of, reading_of
from screening.exports.deidentified.visits import ExportedVisit, exported_visits
from screening.log.filter import LogFilter, log_trial
from screening.log.labels import log_filter_text
from screening.models import Exported
from screening.shared.csv import ExportedFile, safe_text, write_table
from screening.submissions.exports import record_export

__all__ = ["export_deidentified"]

ItemLine = list[str]


def export_deidentified(filters: LogFilter, user: User) -> ExportedFile:
    """Export the de-identified data as a file that is written while its content is read.

    The export itself is recorded beforehand. PermissionDenied.
    """
    if not may_in_each(user, "export", filters.trial):
        raise PermissionDenied
    record_export(user, Exported.DEIDENTIFIED, "csv", log_filter_text(filters), log_trial(filters))
    name = f"screening-data-deidentified-{timezone.localtime():%Y-%m-%dT%H%M%S}.csv"
    return ExportedFile(name, "text/csv; charset=utf-8", write_table(item_titles(), item_lines(filters)))


def item_titles() -> ItemLine:
    names = (_("subject"), _("attempt"), _("item"), _("label"), _("value"), _("unit"))
    return [safe_text(name) for name in names]


def item_lines(filters: LogFilter) -> Iterator[list[ItemLine]]:
    """Yield the lines of the file, visit by visit."""
    readings: dict[int, Reading] = {}
    for seen in exported_visits(filters):
        yield visit_lines(seen, readings)


def visit_lines(seen: ExportedVisit, readings: dict[int, Reading]) -> list[ItemLine]:
    """Return the lines of one visit.

    `readings` are those of the protocol versions met so far; a new version is added to them.
    """
    under = seen.under
    if under is not None and under.pk not in readings:
        readings[under.pk] = reading_of(protocol_of(under))
    items = items_of(seen, readings[under.pk] if under else None)
    return [[safe_text(text) for text in (seen.person, str(seen.attempt), *item)] for item in items]
