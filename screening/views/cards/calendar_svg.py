"""The eligibility calendar as a drawing: weeks from Monday, one cell for each day of a planned first dose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from criteria.evaluation.dose_dates import DoseDay
from screening.models import Overall

CELL_SIGNS = {"eligible": "✓", "ineligible": "✕", "undetermined": "?"}
SIDE = 36  # of a cell, in the units of the drawing
LEFT, TOP, EDGE = 48, 22, 2


class CalendarCell(NamedTuple):
    """A day of the drawing; `x` and `y` are its upper left corner."""

    day: date
    overall: str
    sign: str
    x: int
    y: int
    title: str
    is_planned: bool
    is_today: bool


class CalendarLabel(NamedTuple):
    text: str
    year: str
    x: int
    y: int


class CalendarDrawing(NamedTuple):
    """The elements of the drawing.

    `edges` are the lines between two months, as the data of SVG paths; `alternative` is the complete text
    alternative.
    """

    cells: list[CalendarCell]
    weekdays: list[CalendarLabel]
    months: list[CalendarLabel]
    edges: list[str]
    width: int
    height: int
    alternative: str


def calendar_drawing(days: Sequence[DoseDay], planned: date | None, today: date) -> CalendarDrawing:
    """Return the drawing of days that follow each other without a gap; there is at least one."""
    monday = days[0].day - timedelta(days=days[0].day.weekday())
    cells = [calendar_cell(found, monday, planned, today) for found in days]
    firsts = [cells[0], *(each for each in cells[1:] if each.day.day == 1)]
    return CalendarDrawing(
        cells=cells,
        weekdays=[weekday_label(monday + timedelta(days=step)) for step in range(7)],
        months=month_labels(firsts),
        edges=[month_edge(first) for first in firsts[1:]],
        width=LEFT + 7 * SIDE + EDGE,
        height=cells[-1].y + SIDE + EDGE,
        alternative=alternative_text(days, planned),
    )


def calendar_cell(found: DoseDay, monday: date, planned: date | None, today: date) -> CalendarCell:
    week, weekday = divmod((found.day - monday).days, 7)
    return CalendarCell(
        day=found.day,
        overall=found.overall,
        sign=CELL_SIGNS[found.overall],
        x=LEFT + weekday * SIDE,
        y=TOP + week * SIDE,
        title=cell_title(found, planned, today),
        is_planned=found.day == planned,
        is_today=found.day == today,
    )


def cell_title(found: DoseDay, planned: date | None, today: date) -> str:
    text = f"{found.day.isoformat()}: {Overall(found.overall).label}"
    if found.deciding:
        text += f" ({', '.join(found.deciding)})"
    marks = {_("planned first dose"): found.day == planned, _("today"): found.day == today}
    return "; ".join([text, *(words for words, holds in marks.items() if holds)])


def weekday_label(day: date) -> CalendarLabel:
    return CalendarLabel(date_format(day, "D"), "", LEFT + day.weekday() * SIDE + SIDE // 2, TOP - 7)


def month_labels(firsts: Sequence[CalendarCell]) -> list[CalendarLabel]:
    """Return the name of each month, beside its first week.

    Where two months share the first week, the later one stands beside its first whole week.
    """
    rows = [first.y for first in firsts]
    if rows[1:2] == rows[:1]:
        rows[1] += SIDE
    return [
        CalendarLabel(date_format(first.day, "M"), str(first.day.year), 0, row + SIDE // 2)
        for first, row in zip(firsts, rows, strict=True)
    ]


def month_edge(first: CalendarCell) -> str:
    """Return the line before a month.

    It runs from the left under the old month's last week, up before the new month's first day, and on to the
    right.
    """
    right = LEFT + 7 * SIDE
    if first.x == LEFT:
        return f"M{LEFT} {first.y}H{right}"
    return f"M{LEFT} {first.y + SIDE}H{first.x}V{first.y}H{right}"


def alternative_text(days: Sequence[DoseDay], planned: date | None) -> str:
    runs = [list(run) for _overall, run in groupby(days, key=lambda found: found.overall)]
    told = "; ".join(run_text(run[0], run[-1]) for run in runs)
    text = _("Status for each day on which the first dose could be given: %(told)s.") % {"told": told}
    if planned is None:
        return text
    return f"{text} {_('The first dose is planned for %(day)s.') % {'day': planned.isoformat()}}"


def run_text(first: DoseDay, last: DoseDay) -> str:
    words = {"first": first.day.isoformat(), "last": last.day.isoformat(), "finding": Overall(first.overall).label}
    if first is last:
        return _("%(first)s %(finding)s") % words
    return _("%(first)s to %(last)s %(finding)s") % words
