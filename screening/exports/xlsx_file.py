from __future__ import annotations

from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile

from django.utils.translation import gettext as _
from openpyxl import Workbook

from screening.exports.columns import EXPORT_COLUMNS, Heading, log_cells, log_titles
from screening.log.rows import LogRow
from screening.shared.csv import safe_text

PIECE = 64 * 1024


def write_xlsx(heading: Heading, rows: Iterable[LogRow]) -> Iterator[bytes]:
    """Yield a workbook with the table on one sheet, and the filter and time of the export on another.

    Every cell is text.
    """
    book = Workbook(write_only=True)
    table = book.create_sheet(_("Log"))
    table.freeze_panes = "A2"
    for column, letter in zip(EXPORT_COLUMNS, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", strict=False):
        table.column_dimensions[letter].width = column.share
    table.append(log_titles())
    for row in rows:
        table.append(log_cells(row))
    about = book.create_sheet(_("About"))
    for said in (
        [heading.title],
        [_("Filter"), heading.filters],
        [_("Counts"), heading.counts],
        [_("Exported"), heading.exported_at],
        [_("By"), heading.exported_by],
    ):
        about.append([safe_text(text) for text in said])
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece
