"""The columns of the log as text, the same in every file format."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from screening.log.labels import reason_label
from screening.log.rows import LogRow
from screening.models import NEVER
from screening.shared.csv import safe_text


class ExportColumn(NamedTuple):
    """A column of an export; `share` is its printed width relative to the other columns."""

    title: Promise
    text: Callable[[LogRow], str]
    share: int


def log_cells(row: LogRow) -> list[str]:
    return [safe_text(column.text(row)) for column in EXPORT_COLUMNS]


def log_titles() -> list[str]:
    return [safe_text(str(column.title)) for column in EXPORT_COLUMNS]


def day_text(value: date) -> str:
    return "" if value == NEVER else value.isoformat()


def version_number(row: LogRow) -> str:
    return row.status.version.number if row.status.version else ""


def coordinator_name(row: LogRow) -> str:
    return row.status.coordinator.username if row.status.coordinator else ""


def reason_text(row: LogRow) -> str:
    comment = row.status.closure.comment if row.status.closure else ""
    words = reason_label(row.status.primary_reason)
    return f"{words}: {comment}" if comment else words


def status_text(row: LogRow) -> str:
    found = row.status.get_found_display()
    return _("%(found)s, changed since") % {"found": found} if row.status.changed_since else found


def decision_text(row: LogRow) -> str:
    if row.status.voided:
        return _("signature no longer valid; new decision required")
    return with_broken_note(row.status.get_decision_display(), row.broken)


def signer_text(row: LogRow) -> str:
    signed = row.status.closure or row.status.signature
    return with_broken_note(f"{signed.printed_name}, {signed.role}", row.broken) if signed else ""


def signing_time(row: LogRow) -> str:
    signed = row.status.closure or row.status.signature
    return signed.signed_at if signed else ""


def signature_meaning(row: LogRow) -> str:
    signed = row.status.closure or row.status.signature
    return signed.meaning if signed else ""


def void_text(row: LogRow) -> str:
    return with_broken_note(row.void.text, row.void.broken) if row.void else ""


def with_broken_note(text: str, broken: bool) -> str:
    return _("%(text)s (signature does not fit the record)") % {"text": text} if broken else text


EXPORT_COLUMNS = (
    ExportColumn(gettext_lazy("Trial"), lambda row: row.status.trial.code, 20),
    ExportColumn(gettext_lazy("Screening number"), lambda row: row.status.screening_number, 15),
    ExportColumn(gettext_lazy("Consent"), lambda row: row.status.consent_date, 16),
    ExportColumn(gettext_lazy("Consent version"), lambda row: row.status.consent_version, 13),
    ExportColumn(gettext_lazy("Re-consent"), lambda row: row.status.reconsent_date, 16),
    ExportColumn(gettext_lazy("Re-consent version"), lambda row: row.status.reconsent_version, 13),
    ExportColumn(gettext_lazy("Screened"), lambda row: day_text(row.status.visit_date), 16),
    ExportColumn(gettext_lazy("Attempt"), lambda row: str(row.status.attempts or ""), 13),
    ExportColumn(gettext_lazy("Latest attempt"), lambda row: _("yes") if row.status.is_latest else _("no"), 13),
    ExportColumn(gettext_lazy("Protocol version"), version_number, 14),
    ExportColumn(gettext_lazy("Status"), status_text, 20),
    ExportColumn(gettext_lazy("Criteria not met or present"), lambda row: ", ".join(row.status.failed_codes), 19),
    ExportColumn(gettext_lazy("Primary reason"), reason_text, 22),
    ExportColumn(gettext_lazy("Decision"), decision_text, 22),
    ExportColumn(gettext_lazy("Signed by"), signer_text, 24),
    ExportColumn(gettext_lazy("Signed at"), signing_time, 24),
    ExportColumn(gettext_lazy("Meaning of the signature"), signature_meaning, 34),
    ExportColumn(gettext_lazy("Signed before"), void_text, 24),
    ExportColumn(gettext_lazy("Enrolment number"), lambda row: row.status.enrolment_number, 15),
    ExportColumn(gettext_lazy("Enrolled on"), lambda row: day_text(row.status.enrolled_on), 16),
    ExportColumn(gettext_lazy("Coordinator"), coordinator_name, 20),
    ExportColumn(gettext_lazy("Subject's visits entered in error"), lambda row: str(row.visits_in_error), 13),
)


class Heading(NamedTuple):
    """The description of an export: the filter of the log, what it counts, and when and by whom it was exported."""

    title: str
    filters: str
    counts: str
    exported_at: str
    exported_by: str
