"""What every PDF of this application has in common: the font, lines cut to a width without losing a letter, rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Literal

from django.utils.translation import get_language
from fpdf import FPDF
from pylopdf_fonts_zh_cn import sans_path

FONT = "Noto Sans SC"  # has ≥ and Chinese, as no core font does
GREY = 225


class Pages(FPDF):
    """A4; a page ends where its maker says so. Sizes of letters are in points, all else in millimetres.

    `leading` is the height of a line, `pad` what is left free around the text in a row of the table whose columns
    have the `widths`.
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
        self.set_fill_color(GREY)
        self.width_of: Callable[[str], float] = lru_cache(maxsize=20_000)(self.get_string_width)

    def lines(self, text: str, width: float) -> tuple[str, ...]:
        """The text cut to the width: between words where it can be, inside one that is wider than the column."""
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
        """One row of the table, with a rule below it, from the left margin down."""
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
