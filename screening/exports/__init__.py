"""The log as a file: exactly the rows that pass a filter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from criteria.records.moments import moment_text
from criteria.records.refusal import Refused
from screening.access.accounts import printed_name
from screening.access.trials import may_in_each
from screening.exports.columns import Heading
from screening.exports.csv_file import write_csv
from screening.log.counts import log_counts, visits_in_error_count
from screening.log.filter import LogFilter, log_length, log_trial
from screening.log.labels import log_counts_text, log_filter_text
from screening.log.pages import log_rows
from screening.log.rows import LogRow, iterate_log_rows
from screening.models import Exported
from screening.shared.csv import ExportedFile
from screening.submissions.exports import record_export

__all__ = ["FORMATS", "ExportedFile", "export_log"]


class Format(NamedTuple):
    """A file format.

    `most` is the number of rows beyond which such a file is refused, because it is sent only once it is
    complete; None where there is no such limit.
    """

    content_type: str
    write: Callable[[Heading, Iterable[LogRow]], Iterator[bytes]]
    most: int | None = None


# What writes PDF and XLSX takes a third of the time in which a process starts: it is loaded once somebody wants one.


def write_pdf(heading: Heading, rows: Iterable[LogRow]) -> Iterator[bytes]:
    from screening.exports import pdf_file

    return pdf_file.write_pdf(heading, rows)


def write_xlsx(heading: Heading, rows: Iterable[LogRow]) -> Iterator[bytes]:
    from screening.exports import xlsx_file

    return xlsx_file.write_xlsx(heading, rows)


FORMATS = {
    "csv": Format("text/csv; charset=utf-8", write_csv),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx, most=20_000),
    "pdf": Format("application/pdf", write_pdf, most=5_000),
}


def export_log(filters: LogFilter, file_format: str, user: User) -> ExportedFile:
    """Export the log as a file that is written while its content is read.

    The export itself is recorded beforehand. KeyError for a format that FORMATS does not have,
    PermissionDenied, Refused (`too_long`).
    """
    chosen = FORMATS[file_format]
    if not may_in_each(user, "export", filters.trial):
        raise PermissionDenied
    if chosen.most is not None and (length := log_length(filters)) > chosen.most:
        words = {"length": length, "kind": file_format.upper(), "most": chosen.most}
        message = _("%(length)d rows are too many for %(kind)s, at most %(most)d: narrow the filter, or take CSV.")
        raise Refused("too_long", message % words)
    now = timezone.localtime()
    heading = Heading(
        title=_("Screening and enrolment log"),
        filters=log_filter_text(filters),
        counts=log_counts_text(log_counts(filters), visits_in_error_count(filters)),
        exported_at=moment_text(now),
        exported_by=printed_name(user),
    )
    record_export(user, Exported.LOG, file_format, heading.filters, log_trial(filters))
    name = f"screening-log-{now:%Y-%m-%dT%H%M%S}.{file_format}"
    return ExportedFile(name, chosen.content_type, chosen.write(heading, iterate_log_rows(log_rows(filters))))
