"""Labels of the log: outcomes, decisions, reasons, and a filter in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from screening.log.filter import ENROLLED, NOT_ASSESSED, OPEN, LogFilter
from screening.models import ClosureReason, LogDecision, Overall


def log_filter_text(filters: LogFilter) -> str:
    """Return the filter as text for the reader of an export."""
    parts = (
        (_("trial %s"), filters.trial),
        (_("screened from %s"), filters.screened_from and filters.screened_from.isoformat()),
        (_("screened to %s"), filters.screened_to and filters.screened_to.isoformat()),
        (_("failed criterion %s"), filters.criterion),
        (_("outcome %s"), filters.outcome and outcome_label(filters.outcome)),
        (_("decision %s"), filters.decision and decision_label(filters.decision)),
        (_("coordinator %s"), filters.coordinator),
        (_("protocol version %s"), filters.version),
    )
    return "; ".join(text % value for text, value in parts if value) or _("everybody")


def outcome_label(outcome: str) -> str:
    labels = dict(Overall.choices) | {NOT_ASSESSED: _("not assessed")}
    return str(labels.get(outcome, outcome))


def decision_label(decision: str) -> str:
    labels = dict(LogDecision.choices) | {ENROLLED: _("enrolled"), OPEN: _("open")}
    return str(labels.get(decision, decision))


def reason_label(reason: str) -> str:
    """Return the code of a criterion unchanged, another reason as its label."""
    return str(dict(ClosureReason.choices).get(reason, reason))
