"""Assessments that await the investigator's decision, one for each subject."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Case, Q, QuerySet, Value, When

from screening.models import Overall, SubjectStatus, in_trials
from screening.shared.pagination import Page, page_of

QUEUE_PAGE_SIZE = 50
EXPIRING, OLDEST = "holds_until", "assessed_at"
QUEUE_SORTS = (EXPIRING, OLDEST)
UNDETERMINED = Q(found=Overall.UNDETERMINED)
PART = Case(When(UNDETERMINED, then=Value(1)), default=Value(0))


def review_queue_page(
    sort: str = EXPIRING,
    cursor: str | None = None,
    *,
    undetermined: bool = False,
    trials: Collection[int] | None = None,
) -> Page[SubjectStatus]:
    """Return one page of what can be signed, the soonest to expire or the longest assessed first.

    What is `undetermined` can only be sent back or closed, and has pages of its own.

    ValueError where `sort` is not one of QUEUE_SORTS.
    """
    if sort not in QUEUE_SORTS:
        raise ValueError(f"the queue cannot be sorted by {sort}")
    rows = awaiting_statuses(trials).filter(UNDETERMINED if undetermined else ~UNDETERMINED)
    return page_of(rows.select_related("trial", "visit", "assessment", "coordinator"), sort, cursor, QUEUE_PAGE_SIZE)


def next_awaiting(
    status: SubjectStatus | None, sort: str = EXPIRING, trials: Collection[int] | None = None
) -> SubjectStatus | None:
    """Return what stands next in the queue after `status`, which need not stand there any more.

    After the last comes the first again; None where nothing else waits. What can be signed comes before what is
    undetermined, in each what comes first by `sort`, one of QUEUE_SORTS.
    """
    rows = awaiting_statuses(trials).alias(part=PART).order_by("part", sort, "pk")
    if status is None:
        return rows.first()
    part = int(status.found == Overall.UNDETERMINED)
    at = getattr(status, sort)
    later = Q((f"{sort}__gt", at)) | Q((sort, at), pk__gt=status.pk)
    is_after = Q(part__gt=part) | Q(later, part=part)
    rows = rows.exclude(pk=status.pk).alias(turn=Case(When(is_after, then=Value(0)), default=Value(1)))
    return rows.order_by("turn", "part", sort, "pk").first()


def awaiting_statuses(trials: Collection[int] | None = None) -> QuerySet[SubjectStatus]:
    """Return what waits in the trials with these keys; None: in each."""
    return SubjectStatus.objects.filter(in_trials(trials), awaiting=True)
