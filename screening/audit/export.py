"""The trail as a file: one line for each field that changed, and for every other entry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.access.permissions import may
from screening.audit.entries import Entry, entries_of
from screening.audit.fields import FieldChange
from screening.audit.filters import TrailFilter, described
from screening.audit.pages import all_places
from screening.models import Exported, LogExport
from screening.shared.csv import ExportedFile, safe, write_table

NONE = FieldChange("", "", "", "")


def export_trail(filters: TrailFilter, user: User) -> ExportedFile:
    """The file, written while its content is read; that it was exported is recorded before. PermissionDenied."""
    if not may(user, "trail"):
        raise PermissionDenied
    LogExport.objects.create(what=Exported.TRAIL, file_format="csv", filters=described(filters), created_by=user)
    name = f"audit-trail-{timezone.localtime():%Y-%m-%dT%H%M%S}.csv"
    return ExportedFile(name, "text/csv; charset=utf-8", write_table(list(map(safe, titles())), lines(filters)))


def lines(filters: TrailFilter) -> Iterator[list[list[str]]]:
    for places in all_places(filters):
        found = [(entry, change) for entry in entries_of(places) for change in entry.changes or [NONE]]
        yield [[safe(cell) for cell in cells(entry, change)] for entry, change in found]


def titles() -> list[str]:
    return [
        _("Time (UTC)"),
        _("Time at the site"),
        _("What"),
        _("User name"),
        _("Person"),
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


def cells(entry: Entry, change: FieldChange) -> list[str]:
    return [
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.local,
        entry.title,
        entry.person.username if entry.person else "",
        entry.who,
        entry.role,
        entry.subject.trial.code if entry.subject else "",
        entry.subject.screening_number if entry.subject else "",
        str(entry.visit.number) if entry.visit else "",
        entry.about.username if entry.about else "",
        entry.words,
        change.label,
        change.path,
        change.old,
        change.new,
        entry.reason,
    ]
