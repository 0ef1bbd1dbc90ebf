"""Counts of the log by subject: every subject once, excluded by reason, enrolled or open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count

from screening.log.filter import REGISTERED, WITHOUT_PLACE, LogFilter, log_statuses
from screening.models import LogDecision


class ReasonGroup(NamedTuple):
    """A number of subjects with the same reason.

    `reason` is the code of a criterion or of a closure reason; empty where no primary reason was named.
    """

    reason: str
    people: int


@dataclass(frozen=True)
class LogCounts:
    """Numbers of subjects: each subject in the log is enrolled, excluded for a reason, or still open."""

    enrolled: int
    failures: tuple[ReasonGroup, ...]
    not_enrolled: tuple[ReasonGroup, ...]
    to_enrol: int  # confirmed eligible, without a place so far
    undecided: int
    registered: int  # without a visit so far, and so not screened

    @property
    def excluded_count(self) -> int:
        return subject_count(self.failures) + subject_count(self.not_enrolled)

    @property
    def open(self) -> int:
        return self.to_enrol + self.undecided + self.registered

    @property
    def everybody(self) -> int:
        return self.enrolled + self.excluded_count + self.open

    @property
    def screened_count(self) -> int:
        return self.everybody - self.registered


def log_counts(filters: LogFilter) -> LogCounts:
    # Of the trial, not of the key: it stands in the index that all of this is read from.
    groups = {
        "waiting": Count("trial", filter=WITHOUT_PLACE),
        "enrolled": Count("trial", filter=~WITHOUT_PLACE),
        "registered": Count("trial", filter=WITHOUT_PLACE & REGISTERED),
    }
    found = list(log_statuses(filters).values_list("decision", "primary_reason").annotate(**groups))
    registered = sum(row[4] for row in found)
    return LogCounts(
        enrolled=sum(row[3] for row in found),
        failures=reason_groups(found, LogDecision.FAILURE),
        not_enrolled=reason_groups(found, LogDecision.NOT_ENROLLED),
        to_enrol=subject_count(reason_groups(found, LogDecision.ELIGIBLE)),
        undecided=subject_count(reason_groups(found, ""))
        + subject_count(reason_groups(found, LogDecision.RETURNED))
        - registered,
        registered=registered,
    )


def subject_count(groups: Iterable[ReasonGroup]) -> int:
    return sum(group.people for group in groups)


def reason_groups(found: list[tuple[str, str, int, int, int]], wanted: str) -> tuple[ReasonGroup, ...]:
    """Return the groups of a decision among the subjects who are not enrolled, the largest first."""
    groups = [ReasonGroup(reason, waiting) for decision, reason, waiting, *_ in found if decision == wanted and waiting]
    return tuple(sorted(groups, key=lambda group: (-group.people, group.reason)))
