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


def safe(text: str) -> str:
    """Every text of a file goes through here."""
    return harmless(CONTROL.sub("?", text))


def harmless(text: str) -> str:
    """With an apostrophe in front where a spreadsheet would compute it: also where the sign is one of full width, or
    stands behind spaces and marks that nobody sees. A number stays a number, also one below zero.
    """
    if NUMBER.fullmatch(text):
        return text
    return f"'{text}" if text.startswith(BREAKS) or visible(text).startswith(FORMULA) else text


def visible(text: str) -> str:
    """From the first character on that is seen, with letters and signs of any width as plain ones (NFKC)."""
    plain = unicodedata.normalize("NFKC", text)
    unseen = (index for index, sign in enumerate(plain) if not sign.isspace() and unicodedata.category(sign) != "Cf")
    return plain[next(unseen, len(plain)) :]


CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")  # nothing prints them, and a workbook is broken by them


NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")  # which means the same to a spreadsheet as to a person


FORMULA = ("=", "+", "-", "@")  # a spreadsheet would compute what begins so


BREAKS = ("\t", "\r", "\n")


def write_table(titles: Sequence[str], groups: Iterable[Iterable[Sequence[str]]]) -> Iterator[bytes]:
    """The table alone, group by group of its lines as they are read (RFC 4180): a heading would be taken for a row of
    it. Every cell must have been made `safe`.
    """
    write = csv.writer(Echo()).writerow
    yield f"{BYTE_ORDER_MARK}{write(titles)}".encode()
    for group in groups:
        yield "".join(str(write(line)) for line in group).encode()


class Echo:
    """A file whose `write` hands the line back."""

    def write(self, line: str) -> str:
        return line


BYTE_ORDER_MARK = "\ufeff"  # without it a spreadsheet takes the text for another encoding than UTF-8
