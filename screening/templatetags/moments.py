"""The filters by which every page shows a time: in the site's zone, in one format."""

from __future__ import annotations

from datetime import datetime

from django import template

from criteria.records.moments import clock_text, moment_text

register = template.Library()


@register.filter(expects_localtime=True)
def moment(at: datetime | None) -> str:
    """Return a moment, `2026-11-30 10:06 (UTC+8)`; empty where there is none."""
    return moment_text(at) if at else ""


@register.filter(expects_localtime=True)
def clock(at: datetime | None) -> str:
    """Return a moment without its day, which stands beside it."""
    return clock_text(at) if at else ""
