"""Counts of the log: every subject once, by the latest attempt, and the earlier attempts beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count

from screening.log.filter import REGISTERED, WITHOUT_PLACE, LogFilter, log_statuses
from screening.models import LATEST_ATTEMPT, LogDecision, VisitInError


class ReasonGroup(NamedTuple):
    """A number of subjects, or of attempts, with the same reason.

    `reason` is the code of a criterion or of a closure reason; empty where no primary reason was named.
    """

    reason: str
    number: int


class CountedGroup(NamedTuple):
    """The rows with the same decision and reason; `waiting` are those of latest attempts without a place."""

    decision: str
    reason: str
    waiting: int
    enrolled: int
    registered: int
    earlier: int
    earlier_enrolled: int


@dataclass(frozen=True)
class LogCounts:
    """Numbers of the rows that pass a filter.

    A row of a latest attempt stands for its subject, who is enrolled, excluded for a reason, or still open. The
    others are earlier attempts, whatever became of the subject. `people` are all subjects who have a row. Screening
    numbers entered in error are counted apart, and nowhere else.
    """

    enrolled: int
    failures: tuple[ReasonGroup, ...]
    not_enrolled: tuple[ReasonGroup, ...]
    to_enrol: int  # confirmed eligible, without a place so far
    undecided: int
    registered: int  # without a visit so far, and so not screened
    earlier_failures: tuple[ReasonGroup, ...]
    earlier_others: int  # closed for another reason, confirmed eligible, enrolled, or undecided
    people: int
    numbers_in_error: int = 0

    @property
    def excluded_count(self) -> int:
        return group_sum(self.failures) + group_sum(self.not_enrolled)

    @property
    def open(self) -> int:
        return self.to_enrol + self.undecided + self.registered

    @property
    def by_latest_attempt(self) -> int:
        return self.enrolled + self.excluded_count + self.open

    @property
    def earlier(self) -> int:
        return group_sum(self.earlier_failures) + self.earlier_others

    @property
    def rows(self) -> int:
        return self.by_latest_attempt + self.earlier + self.numbers_in_error

    @property
    def screened_count(self) -> int:
        return self.people - self.registered

    @property
    def attempts(self) -> int:
        return self.rows - self.registered - self.numbers_in_error


def log_counts(filters: LogFilter) -> LogCounts:
    """Return the counts in one query; in one more where an earlier attempt passes the filter."""
    # Of the trial, not of the key: it stands in the index that all of this is read from.
    groups = {
        "waiting": Count("trial", filter=LATEST_ATTEMPT & WITHOUT_PLACE),
        "enrolled": Count("trial", filter=LATEST_ATTEMPT & ~WITHOUT_PLACE),
        "registered": Count("trial", filter=WITHOUT_PLACE & REGISTERED),
        "earlier": Count("trial", filter=~LATEST_ATTEMPT & WITHOUT_PLACE),
        "earlier_enrolled": Count("trial", filter=~LATEST_ATTEMPT & ~WITHOUT_PLACE),
    }
    rows = log_statuses(filters)
    found = [CountedGroup(*row) for row in rows.values_list("decision", "primary_reason").annotate(**groups)]
    undecided = sum(row.waiting for row in found if row.decision in ("", LogDecision.RETURNED))
    registered = sum(row.registered for row in found)
    earlier_failures = reason_groups((row.reason, row.earlier) for row in found if row.decision == LogDecision.FAILURE)
    earlier = sum(row.earlier + row.earlier_enrolled for row in found)
    latest = sum(row.waiting + row.enrolled for row in found)
    in_error = group_sum(waiting_groups(found, LogDecision.ENTERED_IN_ERROR))
    return LogCounts(
        enrolled=sum(row.enrolled for row in found),
        failures=waiting_groups(found, LogDecision.FAILURE),
        not_enrolled=waiting_groups(found, LogDecision.NOT_ENROLLED),
        to_enrol=group_sum(waiting_groups(found, LogDecision.ELIGIBLE)),
        undecided=undecided - registered,
        registered=registered,
        earlier_failures=earlier_failures,
        earlier_others=earlier - group_sum(earlier_failures),
        people=(rows.aggregate(people=Count("subject", distinct=True))["people"] if earlier else latest) - in_error,
        numbers_in_error=in_error,
    )


def visits_in_error_count(filters: LogFilter) -> int:
    """Return the number of visits entered in error of the subjects in the log; no other count has them."""
    return VisitInError.objects.filter(visit__subject__statuses__in=log_statuses(filters)).distinct().count()


def visits_in_error_by_subject(subjects: Iterable[int]) -> dict[int, int]:
    """Return the number of visits entered in error, by the key of each of these subjects that has any."""
    found = VisitInError.objects.filter(visit__subject__in=subjects).values_list("visit__subject")
    return dict(found.annotate(number=Count("pk")))


def group_sum(groups: Iterable[ReasonGroup]) -> int:
    return sum(group.number for group in groups)


def waiting_groups(found: Iterable[CountedGroup], decision: str) -> tuple[ReasonGroup, ...]:
    """Return the groups of a decision among the subjects who are not enrolled."""
    return reason_groups((row.reason, row.waiting) for row in found if row.decision == decision)


def reason_groups(found: Iterable[tuple[str, int]]) -> tuple[ReasonGroup, ...]:
    """Return the groups that are not empty, the largest first."""
    groups = [ReasonGroup(reason, number) for reason, number in found if number]
    return tuple(sorted(groups, key=lambda group: (-group.number, group.reason)))
