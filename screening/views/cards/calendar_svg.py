"""The eligibility calendar as a picture: weeks from Monday, one cell for each day of a planned first dose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from criteria.evaluation.dose_dates import DoseDay
from screening.models import Overall

SIGNS = {"eligible": "✓", "ineligible": "✕", "undetermined": "?"}
SIDE = 36  # of a cell, in the units of the drawing
LEFT, TOP, EDGE = 48, 22, 2


class Cell(NamedTuple):
    """`x` and `y` are its upper left corner."""

    day: date
    overall: str
    sign: str
    x: int
    y: int
    title: str
    is_planned: bool
    is_today: bool


class Label(NamedTuple):
    text: str
    year: str
    x: int
    y: int


class MonthSheet(NamedTuple):
    """`edges` are the lines between two months, as the data of SVG paths; `alternative` says it all in words."""

    cells: list[Cell]
    weekdays: list[Label]
    months: list[Label]
    edges: list[str]
    width: int
    height: int
    alternative: str


def month_sheet(days: Sequence[DoseDay], planned: date | None, today: date) -> MonthSheet:
    """`days` follow each other without a gap; there is at least one."""
    monday = days[0].day - timedelta(days=days[0].day.weekday())
    cells = [cell(found, monday, planned, today) for found in days]
    firsts = [cells[0], *(each for each in cells[1:] if each.day.day == 1)]
    return MonthSheet(
        cells=cells,
        weekdays=[weekday(monday + timedelta(days=step)) for step in range(7)],
        months=[month(first) for first in firsts],
        edges=[edge(first) for first in firsts[1:]],
        width=LEFT + 7 * SIDE + EDGE,
        height=cells[-1].y + SIDE + EDGE,
        alternative=alternative(days, planned),
    )


def cell(found: DoseDay, monday: date, planned: date | None, today: date) -> Cell:
    week, weekday = divmod((found.day - monday).days, 7)
    return Cell(
        day=found.day,
        overall=found.overall,
        sign=SIGNS[found.overall],
        x=LEFT + weekday * SIDE,
        y=TOP + week * SIDE,
        title=title(found, planned, today),
        is_planned=found.day == planned,
        is_today=found.day == today,
    )


def title(found: DoseDay, planned: date | None, today: date) -> str:
    text = f"{found.day.isoformat()}: {Overall(found.overall).label}"
    if found.deciding:
        text += f" ({', '.join(found.deciding)})"
    marks = {_("planned first dose"): found.day == planned, _("today"): found.day == today}
    return "; ".join([text, *(words for words, holds in marks.items() if holds)])


def weekday(day: date) -> Label:
    return Label(date_format(day, "D"), "", LEFT + day.weekday() * SIDE + SIDE // 2, TOP - 7)


def month(first: Cell) -> Label:
    return Label(date_format(first.day, "M"), str(first.day.year), 0, first.y + SIDE // 2)


def edge(first: Cell) -> str:
    """From the left under the old month's last week, up before the new month's first day, on to the right."""
    right = LEFT + 7 * SIDE
    if first.x == LEFT:
        return f"M{LEFT} {first.y}H{right}"
    return f"M{LEFT} {first.y + SIDE}H{first.x}V{first.y}H{right}"


def alternative(days: Sequence[DoseDay], planned: date | None) -> str:
    runs = [list(run) for _overall, run in groupby(days, key=lambda found: found.overall)]
    told = "; ".join(run_in_words(run[0], run[-1]) for run in runs)
    text = _("Finding for each day on which the first dose could be given: %(told)s.") % {"told": told}
    if planned is None:
        return text
    return f"{text} {_('The first dose is planned for %(day)s.') % {'day': planned.isoformat()}}"


def run_in_words(first: DoseDay, last: DoseDay) -> str:
    words = {"first": first.day.isoformat(), "last": last.day.isoformat(), "finding": Overall(first.overall).label}
    if first is last:
        return _("%(first)s %(finding)s") % words
    return _("%(first)s to %(last)s %(finding)s") % words
