from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from criteria.evaluation.dose_dates import DoseDay
from screening.views.cards.calendar_svg import LEFT, SIDE, TOP, calendar_drawing

TODAY = date(2026, 3, 10)


def days(first: date, *findings: str) -> list[DoseDay]:
    codes = {"ineligible": ("E03",), "undetermined": ("I09", "E10"), "eligible": ()}
    return [DoseDay(first + timedelta(step), found, codes[found]) for step, found in enumerate(findings)]


def test_day_stands_in_the_column_of_its_weekday():
    sheet = calendar_drawing(days(date(2026, 3, 12), *["eligible"] * 5), None, TODAY)  # a Thursday
    assert [(cell.day.day, (cell.x - LEFT) // SIDE, (cell.y - TOP) // SIDE) for cell in sheet.cells] == [
        (12, 3, 0),
        (13, 4, 0),
        (14, 5, 0),
        (15, 6, 0),
        (16, 0, 1),
    ]
    assert [label.text for label in sheet.weekdays] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(1, 90))
def test_every_day_has_a_cell_of_its_own_inside_the_picture(first, count):
    sheet = calendar_drawing(days(first, *["eligible"] * count), first, first)
    assert len({(cell.x, cell.y) for cell in sheet.cells}) == count
    assert all(cell.x + SIDE <= sheet.width and cell.y + SIDE <= sheet.height for cell in sheet.cells)
    assert all((cell.x - LEFT) // SIDE == cell.day.weekday() for cell in sheet.cells)


@pytest.mark.parametrize(
    ("first", "labels", "edges"),
    [
        (date(2026, 3, 12), ["Mar", "Apr"], 1),
        (date(2026, 12, 28), ["Dec", "Jan"], 1),
        (date(2026, 3, 1), ["Mar"], 0),
    ],
)
def test_month_is_named_where_it_begins_and_set_off_from_the_one_before(first, labels, edges):
    sheet = calendar_drawing(days(first, *["eligible"] * 30), None, TODAY)
    assert [label.text for label in sheet.months] == labels
    assert len(sheet.edges) == edges


@pytest.mark.parametrize("first", [date(2026, 11, 30), date(2026, 3, 28), date(2026, 12, 31)])
def test_month_stands_below_the_one_before_when_both_begin_in_one_week(first):
    sheet = calendar_drawing(days(first, *["eligible"] * 60), None, TODAY)
    rows = [label.y for label in sheet.months]
    assert min(later - earlier for earlier, later in pairwise(rows)) >= SIDE


def test_line_between_months_is_straight_when_a_month_begins_on_a_monday():
    straight = calendar_drawing(days(date(2026, 5, 25), *["eligible"] * 10), None, TODAY).edges
    stepped = calendar_drawing(days(date(2026, 3, 25), *["eligible"] * 10), None, TODAY).edges
    assert [edge.count("V") for edge in (*straight, *stepped)] == [0, 1]


def test_finding_is_told_by_a_sign_and_in_words():
    sheet = calendar_drawing(days(date(2026, 3, 9), "ineligible", "undetermined", "eligible"), date(2026, 3, 11), TODAY)
    assert [cell.sign for cell in sheet.cells] == ["✕", "?", "✓"]
    assert [cell.title for cell in sheet.cells] == [
        "2026-03-09: ineligible (E03)",
        "2026-03-10: undetermined (I09, E10); today",
        "2026-03-11: eligible; planned first dose",
    ]


def test_picture_has_an_alternative_in_words():
    found = days(date(2026, 3, 9), "ineligible", "ineligible", "undetermined", "eligible", "eligible")
    assert calendar_drawing(found, date(2026, 3, 12), TODAY).alternative == (
        "Status for each day on which the first dose could be given: 2026-03-09 to 2026-03-10 ineligible; "
        "2026-03-11 undetermined; 2026-03-12 to 2026-03-13 eligible. The first dose is planned for 2026-03-12."
    )
