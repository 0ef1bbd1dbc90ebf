"""Cells and lines of a table that a spreadsheet opens: RFC 4180, with no cell that it would compute."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple


class ExportedFile(NamedTuple):
    name: str
    content_type: str
    content: Iterator[bytes]


def safe_text(text: str) -> str:
    """Return the text without control characters and formulas; every text of a file passes through here."""
    return defuse_formula(CONTROL.sub("?", text))


def defuse_formula(text: str) -> str:
    """Return the text with an apostrophe in front where a spreadsheet would compute it.

    This also covers a full-width sign, and a sign behind spaces and invisible characters. A number stays a
    number, also a negative one.
    """
    if SPREADSHEET_NUMBER.fullmatch(text):
        return text
    return f"'{text}" if text.startswith(BREAKS) or visible_text(text).startswith(FORMULA) else text


def visible_text(text: str) -> str:
    """Return the text from its first visible character on.

    Letters and signs of any width become plain ones (NFKC).
    """
    plain = unicodedata.normalize("NFKC", text)
    unseen = (index for index, sign in enumerate(plain) if not sign.isspace() and unicodedata.category(sign) != "Cf")
    return plain[next(unseen, len(plain)) :]


CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")  # nothing prints them, and a workbook is broken by them


SPREADSHEET_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")  # which means the same to a spreadsheet as to a person


FORMULA = ("=", "+", "-", "@")  # a spreadsheet would compute what begins so


BREAKS = ("\t", "\r", "\n")


def write_table(titles: Sequence[str], groups: Iterable[Iterable[Sequence[str]]]) -> Iterator[bytes]:
    """Yield the table alone, group by group of its lines as they are read (RFC 4180).

    A heading would be taken for a row of the table. Every cell must be the result of `safe_text`.
    """
    write = csv.writer(Echo()).writerow
    yield f"{BYTE_ORDER_MARK}{write(titles)}".encode()
    for group in groups:
        yield "".join(str(write(line)) for line in group).encode()


class Echo:
    """A file whose `write` returns the line."""

    def write(self, line: str) -> str:
        return line


BYTE_ORDER_MARK = "\ufeff"  # without it a spreadsheet takes the text for another encoding than UTF-8
