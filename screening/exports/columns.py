"""The columns of the log as text, the same in every kind of file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from screening.log.filter import reason_label
from screening.log.rows import LogRow
from screening.models import NEVER
from screening.shared.csv import safe


class Column(NamedTuple):
    """`share` is how wide the column is in print, beside the others."""

    title: Promise
    text: Callable[[LogRow], str]
    share: int


def cells(row: LogRow) -> list[str]:
    return [safe(column.text(row)) for column in COLUMNS]


def titles() -> list[str]:
    return [safe(str(column.title)) for column in COLUMNS]


def day(value: date) -> str:
    return "" if value == NEVER else value.isoformat()


def version(row: LogRow) -> str:
    return row.standing.version.number if row.standing.version else ""


def coordinator(row: LogRow) -> str:
    return row.standing.coordinator.username if row.standing.coordinator else ""


def reason(row: LogRow) -> str:
    comment = row.standing.closure.comment if row.standing.closure else ""
    words = reason_label(row.standing.primary_reason)
    return f"{words}: {comment}" if comment else words


def outcome(row: LogRow) -> str:
    found = row.standing.get_found_display()
    return _("%(found)s, changed since") % {"found": found} if row.standing.changed_since else found


def decision(row: LogRow) -> str:
    if row.standing.voided:
        return _("signature void: to be decided anew")
    return marked(row.standing.get_decision_display(), row.broken)


def signed_by(row: LogRow) -> str:
    signed = row.standing.closure or row.standing.signature
    return marked(f"{signed.printed_name}, {signed.role}", row.broken) if signed else ""


def signed_at(row: LogRow) -> str:
    signed = row.standing.closure or row.standing.signature
    return signed.signed_at if signed else ""


def meaning(row: LogRow) -> str:
    signed = row.standing.closure or row.standing.signature
    return signed.meaning if signed else ""


def earlier(row: LogRow) -> str:
    return marked(row.earlier.words, row.earlier.broken) if row.earlier else ""


def marked(text: str, broken: bool) -> str:
    return _("%(text)s (signature does not fit the record)") % {"text": text} if broken else text


COLUMNS = (
    Column(gettext_lazy("Trial"), lambda row: row.standing.trial.code, 20),
    Column(gettext_lazy("Screening number"), lambda row: row.standing.screening_number, 15),
    Column(gettext_lazy("Consent"), lambda row: row.standing.consent_date, 16),
    Column(gettext_lazy("Screened"), lambda row: day(row.standing.visit_date), 16),
    Column(gettext_lazy("Attempt"), lambda row: str(row.standing.attempts or ""), 13),
    Column(gettext_lazy("Protocol version"), version, 14),
    Column(gettext_lazy("Outcome"), outcome, 20),
    Column(gettext_lazy("Failed criteria"), lambda row: ", ".join(row.standing.failed_codes), 19),
    Column(gettext_lazy("Primary reason"), reason, 22),
    Column(gettext_lazy("Decision"), decision, 22),
    Column(gettext_lazy("Signed by"), signed_by, 24),
    Column(gettext_lazy("Signed at"), signed_at, 24),
    Column(gettext_lazy("Meaning of the signature"), meaning, 34),
    Column(gettext_lazy("Signed before"), earlier, 24),
    Column(gettext_lazy("Enrolment number"), lambda row: row.standing.enrolment_number, 15),
    Column(gettext_lazy("Enrolled on"), lambda row: day(row.standing.enrolled_on), 16),
    Column(gettext_lazy("Coordinator"), coordinator, 20),
)


class Heading(NamedTuple):
    """What an export says of itself: how the log was filtered, when and by whom it was exported."""

    title: str
    filters: str
    exported_at: str
    exported_by: str
