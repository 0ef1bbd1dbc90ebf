"""Labels of the log: statuses, decisions, reasons, and a filter in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from criteria.versions.numbers import known_forms
from screening.log.counts import LogCounts
from screening.log.filter import ENROLLED, LATEST, NOT_ASSESSED, OPEN, LogFilter
from screening.log.search import searched_numbers
from screening.models import ClosureReason, LogDecision, Overall


def log_filter_text(filters: LogFilter) -> str:
    """Return the filter as text for the reader of an export."""
    parts = (
        ("%s", filters.search and search_text(filters.search)),
        (_("trial %s"), filters.trial),
        (_("screened from %s"), filters.screened_from and filters.screened_from.isoformat()),
        (_("screened to %s"), filters.screened_to and filters.screened_to.isoformat()),
        (_("criterion not met or present: %s"), filters.criterion),
        (_("status %s"), filters.outcome and status_label(filters.outcome)),
        (_("decision %s"), filters.decision and decision_label(filters.decision)),
        (_("coordinator %s"), filters.coordinator),
        (_("protocol version %s"), filters.version),
        ("%s", filters.attempt and attempt_label(filters.attempt)),
    )
    return "; ".join(text % value for text, value in parts if value) or _("all subjects")


def search_text(search: str) -> str:
    """Return what was searched for; another text than a number may be a site's reference, which no export holds."""
    numbers = searched_numbers(search, known_forms())
    if numbers is None:
        return _("found by a text that is not exported")
    return _("number %s") % _(" or ").join(filter(None, (*numbers.screening, numbers.enrolment)))


def log_counts_text(counted: LogCounts, visits_in_error: int) -> str:
    """Return the numbers of people, of attempts and of what was entered in error, for the reader of an export."""
    parts = (
        (_("subjects screened: %d"), counted.screened_count),
        (_("attempts: %d"), counted.attempts),
        (_("registered without a visit: %d"), counted.registered),
        (_("screening numbers entered in error: %d"), counted.numbers_in_error),
        (_("visits entered in error: %d"), visits_in_error),
    )
    return "; ".join(text % number for text, number in parts)


def status_label(outcome: str) -> str:
    labels = dict(Overall.choices) | {NOT_ASSESSED: _("not assessed")}
    return str(labels.get(outcome, outcome))


def decision_label(decision: str) -> str:
    labels = dict(LogDecision.choices) | {ENROLLED: _("enrolled"), OPEN: _("open")}
    return str(labels.get(decision, decision))


def attempt_label(attempt: str) -> str:
    return _("latest attempts only") if attempt == LATEST else _("earlier attempts only")


def reason_label(reason: str) -> str:
    """Return the code of a criterion unchanged, another reason as its label."""
    return str(dict(ClosureReason.choices).get(reason, reason))
