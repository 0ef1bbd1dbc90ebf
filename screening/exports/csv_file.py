from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from screening.exports.columns import Heading, cells, titles
from screening.log.rows import LogRow

BYTE_ORDER_MARK = "\ufeff"  # without it a spreadsheet takes the text for another encoding than UTF-8


class Echo:
    """A file whose `write` hands the line back."""

    def write(self, line: str) -> str:
        return line


def write_csv(heading: Heading, rows: Iterable[LogRow]) -> Iterator[bytes]:
    return write_table(titles(), ([cells(row)] for row in rows))


def write_table(titles: Sequence[str], groups: Iterable[Iterable[Sequence[str]]]) -> Iterator[bytes]:
    """The table alone, group by group of its lines as they are read (RFC 4180): a heading would be taken for a row of
    it. Every cell must have been made `safe`.
    """
    write = csv.writer(Echo()).writerow
    yield f"{BYTE_ORDER_MARK}{write(titles)}".encode()
    for group in groups:
        yield "".join(str(write(line)) for line in group).encode()
