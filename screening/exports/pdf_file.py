"""The log for print: landscape A4, column titles on every page, filter on the first page, time in the footer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from django.utils.translation import gettext as _
from fpdf.enums import Align

from screening.exports.columns import EXPORT_COLUMNS, Heading, log_cells, log_titles
from screening.log.rows import LogRow
from screening.shared.pdf import FONT, PdfPages

SIZE, LINE, PAD = 6, 2.9, 0.7  # the letters in points, the rest in millimetres
FOOTER_HEIGHT = 10


def write_pdf(heading: Heading, rows: Iterable[LogRow]) -> Iterator[bytes]:
    table = Table(heading)
    for row in rows:
        table.add(log_cells(row))
    yield table.finish()


class Table(PdfPages):
    """A table for print, faster than that of fpdf2.

    The table of fpdf2 lays out each cell several times, which takes minutes with a column for each fact.
    """

    def __init__(self, heading: Heading) -> None:
        super().__init__(heading.title, SIZE, LINE, PAD, margin=8, orientation="landscape")
        self.heading = heading
        shares = sum(column.share for column in EXPORT_COLUMNS)
        self.widths = [column.share * self.epw / shares for column in EXPORT_COLUMNS]
        self.wrap_text = lru_cache(maxsize=5_000)(self.lines)
        self.add_page()
        self.top = self.get_y()

    def header(self) -> None:
        self.set_font(FONT, size=SIZE + 3)
        self.cell(0, LINE * 2, self.heading.title, new_x="LMARGIN", new_y="NEXT")
        self.set_font(FONT, size=SIZE)
        if self.page_no() == 1:
            words = {"filters": self.heading.filters, "counts": self.heading.counts}
            self.add_paragraph(_("Filter: %(filters)s. Counts: %(counts)s.") % words)
        self.draw(self.fit_cells(log_titles()), fill=True)

    def add_paragraph(self, text: str) -> None:
        """Write the whole text over the full width, followed by the space of one line."""
        for line in self.lines(text, self.epw):
            self.text(self.l_margin, self.get_y() + LINE, line)
            self.set_y(self.get_y() + LINE)
        self.set_y(self.get_y() + LINE)

    def footer(self) -> None:
        self.set_y(-FOOTER_HEIGHT)
        about = _("Exported %(at)s by %(by)s. What was filtered is said on page 1.") % {
            "at": self.heading.exported_at,
            "by": self.heading.exported_by,
        }
        for number, line in enumerate(self.lines(about, self.epw * 0.85)[:2], start=1):
            self.text(self.l_margin, self.h - FOOTER_HEIGHT + number * LINE, line)
        self.set_x(-self.r_margin - self.epw * 0.15)
        words = _("page %(page)s of %(pages)s") % {"page": self.page_no(), "pages": "{nb}"}
        self.cell(self.epw * 0.15, LINE, words, align=Align.R)

    def add(self, texts: list[str]) -> None:
        """Add a row; one that is longer than a page continues on the next."""
        columns = self.fit_cells(texts)
        most = int((self.h - FOOTER_HEIGHT - self.top - 2 * PAD) / LINE)
        for first in range(0, max(map(len, columns)), most):
            piece = [lines[first : first + most] for lines in columns]
            if self.get_y() + self.height_of(piece) > self.h - FOOTER_HEIGHT:
                self.add_page()
            self.draw(piece)

    def fit_cells(self, texts: list[str]) -> list[tuple[str, ...]]:
        return [self.wrap_text(text, width - 2 * PAD) for text, width in zip(texts, self.widths, strict=True)]
