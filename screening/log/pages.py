"""Pages of the log: the rows that pass a filter, cut into pages or one after another."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from criteria.models import long_fields
from screening.log.filter import LOG_SORTS, LogFilter, log_statuses
from screening.models import SubjectStatus
from screening.shared.pagination import Page, page_of

LOG_PAGE_SIZE = 50
LOG_QUERY_CHUNK = 1000


def log_page(filters: LogFilter, cursor: str | None = None) -> Page[SubjectStatus]:
    """Return one page of the log.

    The first query selects only the key and the sort field of the rows: a database that joins before it limits
    would join every row that passes the filter.
    """
    name = order_field(filters)
    page = page_of(log_statuses(filters).only(name.removeprefix("-")), name, cursor, LOG_PAGE_SIZE)
    whole = with_signatures(SubjectStatus.objects.all()).in_bulk([row.pk for row in page.rows])
    return page._replace(rows=[whole[row.pk] for row in page.rows])


def log_rows(filters: LogFilter) -> Iterator[SubjectStatus]:
    """Yield every row that passes the filter, in the order of the pages, without loading all at once."""
    name = order_field(filters)
    key = "-pk" if name.startswith("-") else "pk"
    return with_signatures(log_statuses(filters)).order_by(name, key).iterator(LOG_QUERY_CHUNK)


def order_field(filters: LogFilter) -> str:
    sort = filters.sort.removeprefix("-")
    if sort not in LOG_SORTS:
        raise ValueError(f"the log cannot be sorted by {filters.sort}")
    return ("-" if filters.sort.startswith("-") else "") + LOG_SORTS[sort]


def with_signatures(rows: QuerySet[SubjectStatus]) -> QuerySet[SubjectStatus]:
    """Return the rows with everything that a row displays.

    This includes the assessment, from which the row derives whether data were saved since, and the record
    sealed with a signature: the fingerprint of an assessment, the document of a closed case.
    """
    rows = rows.select_related(
        "trial",
        "version",
        "coordinator",
        "assessment",
        "signature__assessment__revision__visit__subject__trial",
        "closure__revision__visit__subject__trial",
    )
    return rows.defer(*long_fields("version__"), "signature__assessment__revision__document")
