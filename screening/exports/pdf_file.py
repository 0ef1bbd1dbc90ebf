"""The log for print: landscape A4, the columns' titles on every page, the filter on the first, the time at the foot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from django.utils.translation import gettext as _
from fpdf.enums import Align

from screening.exports.columns import COLUMNS, Heading, cells, titles
from screening.log.rows import LogRow
from screening.shared.pdf import FONT, Pages

SIZE, LINE, PAD = 6, 2.9, 0.7  # the letters in points, the rest in millimetres
FOOT = 10


def write_pdf(heading: Heading, rows: Iterable[LogRow]) -> Iterator[bytes]:
    table = Table(heading)
    for row in rows:
        table.add(cells(row))
    yield bytes(table.output())


class Table(Pages):
    """fpdf2's own table lays out each cell several times; with a column for each fact that takes minutes."""

    def __init__(self, heading: Heading) -> None:
        super().__init__(heading.title, SIZE, LINE, PAD, margin=8, orientation="landscape")
        self.heading = heading
        shares = sum(column.share for column in COLUMNS)
        self.widths = [column.share * self.epw / shares for column in COLUMNS]
        self.wrapped = lru_cache(maxsize=5_000)(self.lines)
        self.add_page()
        self.top = self.get_y()

    def header(self) -> None:
        self.set_font(FONT, size=SIZE + 3)
        self.cell(0, LINE * 2, self.heading.title, new_x="LMARGIN", new_y="NEXT")
        self.set_font(FONT, size=SIZE)
        if self.page_no() == 1:
            self.tell(_("Filter: %(filters)s.") % {"filters": self.heading.filters})
        self.draw(self.fitted(titles()), fill=True)

    def tell(self, text: str) -> None:
        """All of it, over the whole width, and a line's space below."""
        for line in self.lines(text, self.epw):
            self.text(self.l_margin, self.get_y() + LINE, line)
            self.set_y(self.get_y() + LINE)
        self.set_y(self.get_y() + LINE)

    def footer(self) -> None:
        self.set_y(-FOOT)
        about = _("Exported %(at)s by %(by)s. What was filtered is said on page 1.") % {
            "at": self.heading.exported_at,
            "by": self.heading.exported_by,
        }
        for number, line in enumerate(self.lines(about, self.epw * 0.85)[:2], start=1):
            self.text(self.l_margin, self.h - FOOT + number * LINE, line)
        self.set_x(-self.r_margin - self.epw * 0.15)
        words = _("page %(page)s of %(pages)s") % {"page": self.page_no(), "pages": "{nb}"}
        self.cell(self.epw * 0.15, LINE, words, align=Align.R)

    def add(self, texts: list[str]) -> None:
        """A row; one that is longer than a page goes on on the next."""
        columns = self.fitted(texts)
        most = int((self.h - FOOT - self.top - 2 * PAD) / LINE)
        for first in range(0, max(map(len, columns)), most):
            piece = [lines[first : first + most] for lines in columns]
            if self.get_y() + self.height_of(piece) > self.h - FOOT:
                self.add_page()
            self.draw(piece)

    def fitted(self, texts: list[str]) -> list[tuple[str, ...]]:
        return [self.wrapped(text, width - 2 * PAD) for text, width in zip(texts, self.widths, strict=True)]
