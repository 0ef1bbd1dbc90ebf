"""Common parts of every PDF: the font, text wrapped to a width without losing a letter, table rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Literal

from django.utils.translation import get_language
from fpdf import FPDF
from pylopdf_fonts_zh_cn import sans_path

FONT = "Noto Sans SC"  # has ≥ and Chinese, as no core font does
FILL_GREY = 225


class PdfPages(FPDF):
    """A4 pages; the caller decides where a page ends.

    Font sizes are in points, everything else in millimetres. `leading` is the height of a line, `pad` the space
    around the text in a row of the table whose columns have the `widths`.
    """

    widths: Sequence[float]

    def __init__(
        self,
        title: str,
        size: float,
        leading: float,
        pad: float,
        margin: float,
        orientation: Literal["portrait", "landscape"] = "portrait",
    ) -> None:
        super().__init__(orientation=orientation, format="A4")
        self.leading, self.pad = leading, pad
        self.set_title(title)
        self.set_lang(get_language() or "en")
        self.set_margins(margin, margin)
        self.set_auto_page_break(False)
        self.add_font(FONT, fname=str(sans_path()))
        self.set_font(FONT, size=size)
        self.c_margin = 0
        self.set_line_width(0.1)
        self.set_fill_color(FILL_GREY)
        self.width_of: Callable[[str], float] = lru_cache(maxsize=20_000)(self.get_string_width)

    def finish(self) -> bytes:
        """Return the whole file; nothing can be drawn any more."""
        content = bytes(self.output())
        self.close_font()
        return content

    def close_font(self) -> None:
        """Close the file of the font, which fpdf2 leaves open."""
        for font in self.fonts.values():
            font.close()  # type: ignore[union-attr] # every font of these files is embedded

    def lines(self, text: str, width: float) -> tuple[str, ...]:
        """Return the text wrapped to the width.

        It is broken between words where possible, and inside a word that is wider than the column.
        """
        found = [""]
        for word in " ".join(text.split()).split(" "):
            longer = f"{found[-1]} {word}".lstrip()
            if self.width_of(longer) <= width:
                found[-1] = longer
                continue
            found += self.pieces(word, width)
        return tuple(line for line in found if line)

    def pieces(self, word: str, width: float) -> list[str]:
        found = [""]
        for letter in word:
            if found[-1] and self.width_of(found[-1] + letter) > width:
                found.append("")
            found[-1] += letter
        return found

    def draw(self, columns: Sequence[Sequence[str]], fill: bool = False) -> None:
        """Draw one row of the table, with a rule below it, from the left margin down."""
        left, top, tall = self.l_margin, self.get_y(), self.height_of(columns)
        if fill:
            self.rect(left, top, self.epw, tall, style="F")
        self.line(left, top + tall, left + self.epw, top + tall)
        for lines, width in zip(columns, self.widths, strict=True):
            for number, line in enumerate(lines, start=1):
                self.text(left + self.pad, top + number * self.leading, line)  # `cell` takes twice as long
            left += width
        self.set_xy(self.l_margin, top + tall)

    def height_of(self, columns: Sequence[Sequence[str]]) -> float:
        return max(map(len, columns)) * self.leading + 2 * self.pad
