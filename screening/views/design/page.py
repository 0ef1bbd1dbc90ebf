"""Every component of the pages in every state, as docs/design-system.md describes them. It holds no data."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import cycle, islice
from typing import get_args

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from criteria.evaluation.dose_dates import DoseDay
from criteria.evaluation.protocol import Overall as Finding
from screening.models import Overall
from screening.views.cards.calendar_svg import CalendarDrawing, calendar_drawing
from screening.views.design.forms import QuestionsForm, RowsForm
from screening.views.shared.columns import SortColumn

COLOURS = (
    *("ink", "quiet", "line", "line-strong", "paper", "ground", "raised", "accent", "accent-ground", "found-ground"),
    *("fail", "fail-ground", "unknown", "unknown-ground", "pass", "pass-ground", "none", "none-ground"),
)
TEXT_SIZES = ("xs", "s", "m", "base", "l", "xl")
FIRST = date(2026, 11, 30)  # a Monday: two months begin in its week


@require_safe
def design_system(request: HttpRequest) -> HttpResponse:
    wrong = RowsForm({"wrong-day": "14.03.2026", "wrong-sex": "male", "wrong-name": "City"}, prefix="wrong")
    questions = QuestionsForm({"weight": "x"})
    questions.add_error("weight", _("This is not a number."))
    context = {
        "colours": COLOURS,
        "sizes": TEXT_SIZES,
        "overalls": [*Overall, ""],
        "columns": [
            SortColumn(_("Subject"), "#tables", "ascending"),
            SortColumn(_("Status")),
            SortColumn(_("Last saved"), "#tables"),
        ],
        "forms": [(_("Empty"), RowsForm(prefix="empty")), (_("Refused"), wrong)],
        "questions": questions,
        "drawing": sample_calendar(),
    }
    return render(request, "screening/design/page.html", context)


def sample_calendar() -> CalendarDrawing:
    findings = islice(cycle(get_args(Finding)), 40)
    days = [DoseDay(FIRST + timedelta(step), found, ()) for step, found in enumerate(findings)]
    return calendar_drawing(days, FIRST + timedelta(2), FIRST)
