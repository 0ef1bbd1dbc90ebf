from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from screening.exports.columns import cells, titles
from screening.exports.heading import Heading
from screening.log_row import LogRow

BYTE_ORDER_MARK = "\ufeff"  # without it a spreadsheet takes the text for another encoding than UTF-8


class Echo:
    """A file whose `write` hands the line back."""

    def write(self, line: str) -> str:
        return line


def write_csv(heading: Heading, rows: Iterable[LogRow]) -> Iterator[bytes]:
    """The table alone, line by line as it is read (RFC 4180): a heading would be taken for a row of it."""
    write = csv.writer(Echo()).writerow
    yield f"{BYTE_ORDER_MARK}{write(titles())}".encode()
    for row in rows:
        yield str(write(cells(row))).encode()
