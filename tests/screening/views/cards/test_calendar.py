from datetime import date

import pytest

from criteria.versions.versions import protocol_of
from screening.views.cards.calendar import CALENDAR_DAYS, calendar_of
from tests.support.documents import changed, no_first_dose, put

VISITED, PLANNED = date(2026, 3, 9), date(2026, 3, 16)


@pytest.fixture
def calendar(version):
    protocol = protocol_of(version)
    return lambda document, asked=None, today=VISITED: calendar_of(protocol, document, asked, today)


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 3, 12), date(2026, 3, 12)),
        (PLANNED, PLANNED),
        (date(2026, 3, 17), VISITED),  # the planned first dose has passed
        (date(2026, 3, 1), VISITED),  # the visit is still to come
    ],
)
def test_calendar_begins_today_while_the_planned_first_dose_is_to_come(calendar, today, first):
    found = calendar(changed(), today=today)
    assert (found.first, found.drawing.cells[0].day, len(found.drawing.cells)) == (first, first, CALENDAR_DAYS)


def test_calendar_begins_today_when_no_first_dose_is_planned(calendar):
    found = calendar(changed(no_first_dose()), today=date(2026, 11, 23))
    assert found.first == date(2026, 11, 23)
    assert not any(cell.is_planned for cell in found.drawing.cells)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("2026-04-01", date(2026, 4, 1)),
        ("2026-01-01", VISITED),  # no first dose before the visit
        ("9999-12-31", date(2036, 3, 9)),
        ("soon", VISITED),
        ("2026-02-30", VISITED),
        ("", VISITED),
    ],
)
def test_calendar_begins_on_the_day_that_is_asked_for_within_reason(calendar, asked, first):
    assert calendar(changed(), asked).first == first


def test_calendar_leads_to_the_days_before_and_after(calendar):
    first = calendar(changed())
    assert (first.earlier, first.later) == (None, date(2026, 5, 8))
    second = calendar(changed(), "2026-04-01")
    assert (second.earlier, second.later) == (VISITED, date(2026, 5, 31))
    assert calendar(changed(), "9999-12-31").later is None


def test_calendar_ends_where_the_dates_end(calendar):
    document = changed(put(visit__date="2199-12-01", visit__planned_first_dose_date="2199-12-03"))
    found = calendar(document, "2199-12-30")
    assert (found.last, found.later) == (date(2199, 12, 31), date(2199, 12, 31))


def test_spans_say_which_criterion_decides_and_why(calendar):
    document = changed(put(visit__planned_first_dose_date="2026-03-12"))
    document["procedures"] = [{"kind": "major_surgery", "date": "2026-02-20"}]
    found = calendar(document)
    (before, after, *_later) = found.spans
    assert (before.span.first, before.span.last, before.span.overall) == (VISITED, date(2026, 3, 22), "ineligible")
    assert [reason.code for reason in before.span.deciding] == ["E24"]
    assert after.span.overall == "eligible"


def test_spans_give_codes_alone_when_many_criteria_decide(calendar):
    (span, *_rest) = calendar({"visit": {"date": "2026-03-09"}}).spans
    assert span.codes.startswith("I01, I02")


def test_there_is_no_calendar_when_the_trial_plans_no_first_dose(other_trial):
    protocol = protocol_of(other_trial.versions.get())
    assert calendar_of(protocol, {"visit": {"date": "2026-03-09"}}, None, VISITED) is None
