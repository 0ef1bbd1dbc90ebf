"""The audit trail as a file: one line for each changed field, and for every other entry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.access.trials import may_in_each
from screening.audit.entries import AuditEntry, entries_of
from screening.audit.fields import FieldChange
from screening.audit.filters import AuditTrailFilter, trail_filter_text
from screening.audit.pages import all_positions
from screening.models import Exported
from screening.shared.csv import ExportedFile, safe_text, write_table
from screening.submissions.exports import record_export

NO_CHANGE = FieldChange("", "", "", "")


def export_audit_trail(filters: AuditTrailFilter, user: User) -> ExportedFile:
    """Export the audit trail as a file that is written while its content is read.

    The export itself is recorded beforehand. PermissionDenied.
    """
    if not may_in_each(user, "trail", trials=filters.trials):
        raise PermissionDenied
    record_export(user, Exported.TRAIL, "csv", trail_filter_text(filters), filters.only_trial)
    name = f"audit-trail-{timezone.localtime():%Y-%m-%dT%H%M%S}.csv"
    return ExportedFile(
        name, "text/csv; charset=utf-8", write_table(list(map(safe_text, trail_titles())), trail_lines(filters))
    )


def trail_lines(filters: AuditTrailFilter) -> Iterator[list[list[str]]]:
    for places in all_positions(filters):
        found = [(entry, change) for entry in entries_of(places) for change in entry.changes or [NO_CHANGE]]
        yield [[safe_text(cell) for cell in trail_cells(entry, change)] for entry, change in found]


def trail_titles() -> list[str]:
    return [
        _("Time (UTC)"),
        _("Time at the site"),
        _("What"),
        _("User name"),
        _("Name"),
        _("Role at that time"),
        _("Trial"),
        _("Screening number"),
        _("Visit"),
        _("Account concerned"),
        _("Record"),
        _("Field"),
        _("Path"),
        _("Old value"),
        _("New value"),
        _("Reason"),
    ]


def trail_cells(entry: AuditEntry, change: FieldChange) -> list[str]:
    withheld = _("kept at the site, not exported") if entry.is_withheld else ""
    return [
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.local,
        entry.title,
        entry.person.username if entry.person else "",
        entry.who,
        entry.role,
        entry.trial,
        entry.subject.screening_number if entry.subject else "",
        str(entry.visit.number) if entry.visit else "",
        entry.about.username if entry.about else "",
        withheld or entry.words,
        change.label,
        change.path,
        change.old,
        change.new,
        withheld or entry.reason,
    ]
