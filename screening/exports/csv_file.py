from __future__ import annotations

from collections.abc import Iterable, Iterator

from screening.exports.columns import Heading, log_cells, log_titles
from screening.log.rows import LogRow
from screening.shared.csv import write_table


def write_csv(heading: Heading, rows: Iterable[LogRow]) -> Iterator[bytes]:
    return write_table(log_titles(), ([log_cells(row)] for row in rows))
