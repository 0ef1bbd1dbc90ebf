"""Assessments that await the investigator's decision, one for each subject."""

from __future__ import annotations

from django.db.models import QuerySet

from screening.models import SubjectStatus
from screening.shared.pagination import Page, page_of

QUEUE_PAGE_SIZE = 50
EXPIRING, OLDEST = "holds_until", "assessed_at"
QUEUE_SORTS = (EXPIRING, OLDEST)


def review_queue_page(sort: str = EXPIRING, cursor: str | None = None) -> Page[SubjectStatus]:
    """Return one page of the queue, the soonest to expire or the longest assessed first.

    ValueError where `sort` is not one of QUEUE_SORTS.
    """
    if sort not in QUEUE_SORTS:
        raise ValueError(f"the queue cannot be sorted by {sort}")
    return page_of(
        awaiting_statuses().select_related("trial", "visit", "assessment", "coordinator"), sort, cursor, QUEUE_PAGE_SIZE
    )


def awaiting_statuses() -> QuerySet[SubjectStatus]:
    return SubjectStatus.objects.filter(awaiting=True)
