"""The assessments that wait for the investigator's decision, one for each person."""

from __future__ import annotations

from django.db.models import QuerySet

from screening.models import Standing
from screening.shared.pagination import Page, page_of

PAGE_SIZE = 50
EXPIRING, OLDEST = "holds_until", "assessed_at"
SORTS = (EXPIRING, OLDEST)


def review_queue(sort: str = EXPIRING, cursor: str | None = None) -> Page[Standing]:
    """One page, what expires soonest or what was assessed longest ago first."""
    if sort not in SORTS:
        raise ValueError(f"the queue cannot be sorted by {sort}")
    return page_of(awaiting().select_related("trial", "visit", "assessment", "coordinator"), sort, cursor, PAGE_SIZE)


def awaiting() -> QuerySet[Standing]:
    return Standing.objects.filter(awaiting=True)
